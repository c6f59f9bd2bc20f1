import { readFileSync } from "node:fs";
import type { Site } from "../implementation/index.ts";
import type { SourceSpan } from "./verdict.ts";

/** A place with the text of its line, or null where the file cannot be read any more. */
export function spanOf(site: Site): SourceSpan | null {
  const text = textOf(site.file, site.line);
  return text === null ? null : { ...site, text };
}

/** A line from its first to its last character. */
export function lineOf(file: string, line: number): SourceSpan | null {
  const text = textOf(file, line);
  if (text === null) return null;
  const column = text.length - text.trimStart().length + 1;
  return { file, line, column, endLine: line, endColumn: text.trimEnd().length + 1, text };
}

function textOf(file: string, line: number): string | null {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/)[line - 1] ?? null;
  } catch {
    return null;
  }
}
