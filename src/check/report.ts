import { githubReport } from "./report-github.ts";
import { junitReport } from "./report-junit.ts";
import { sarifReport } from "./report-sarif.ts";
import { textReport } from "./report-text.ts";
import { spelledOut } from "./report-words.ts";
import type { CheckVerdict } from "./verdict.ts";

export const reporters = ["text", "json", "junit", "sarif", "github"] as const;
export type Reporter = (typeof reporters)[number];

export interface ReportOptions {
  readonly useColor?: boolean;
  /** The path of a file from the root of its repository, with slashes; left out, paths stay as they are. */
  readonly fromRoot?: (path: string) => string;
}

export interface ReportContext extends Required<ReportOptions> {
  /** Of deltarule. */
  readonly version: string;
}

/** Verdicts in the form of a reporter. JSON of a single one is the object of the contract, of several a list of them. */
export function report(
  verdicts: CheckVerdict | readonly CheckVerdict[],
  reporter: Reporter,
  version: string,
  { useColor = false, fromRoot = (path) => path.replaceAll("\\", "/") }: ReportOptions = {},
): string {
  const list = "verdict" in verdicts ? [verdicts] : verdicts;
  if (reporter === "json") return jsonReport(list, version);
  return printers[reporter](spelledOut(list), { version, useColor, fromRoot });
}

const printers = {
  text: (verdicts, { useColor }) => textReport(verdicts, useColor),
  junit: (verdicts) => junitReport(verdicts),
  sarif: sarifReport,
  github: githubReport,
} satisfies Record<Exclude<Reporter, "json">, (verdicts: readonly CheckVerdict[], context: ReportContext) => string>;

function jsonReport(verdicts: readonly CheckVerdict[], version: string): string {
  const objects = verdicts.map((verdict) => ({ deltarule: version, ...verdict }));
  return `${JSON.stringify(objects.length === 1 ? objects[0] : objects, null, 2)}\n`;
}
