import { readFileSync } from "node:fs";
import type { Site } from "../implementation/index.ts";
import type { SourceSpan } from "./verdict.ts";

/** A place with the text of its line, or null where the file cannot be read any more. */
export function spanOf(site: Site): SourceSpan | null {
  try {
    const text = readFileSync(site.file, "utf8").split(/\r?\n/)[site.line - 1];
    return text === undefined ? null : { ...site, text };
  } catch {
    return null;
  }
}
