import { textReport } from "./report-text.ts";
import { causesOf, causeText, checkedText, deviationText, outcomeText, worstFirst } from "./report-words.ts";
import type { ReportContext } from "./report.ts";
import type { Cause, CheckVerdict } from "./verdict.ts";

/** GitHub shows ten annotations of a step and drops the rest. */
const mostAnnotations = 10;

interface Annotation {
  readonly level: "error" | "warning";
  readonly properties: Readonly<Record<string, string | number>>;
  readonly message: string;
}

/** The text report, and workflow commands that annotate the files: first the causes, then the tensors, worst first. */
export function githubReport(verdicts: readonly CheckVerdict[], context: ReportContext): string {
  const place = ({ file }: CheckVerdict): { file: string; line: number } => ({ file: context.fromRoot(file), line: 1 });
  const all = [
    ...verdicts.flatMap((verdict) => causesOf(verdict).map((cause) => causeAnnotation(cause, verdict, context))),
    ...verdicts.filter(isUnexplained).map((verdict) => ({
      level: "error" as const,
      properties: { ...place(verdict), title: `${verdict.verdict}: ${checkedText(verdict)}` },
      message: outcomeText(verdict),
    })),
    ...verdicts.flatMap((verdict) =>
      worstFirst(verdict.tensors).map((tensor) => ({
        level: "error" as const,
        properties: { ...place(verdict), title: `${tensor.name} differs: ${checkedText(verdict)}` },
        message: deviationText(tensor),
      })),
    ),
    ...verdicts.flatMap((verdict) =>
      verdict.warnings.map((message) => ({
        level: "warning" as const,
        properties: { ...place(verdict), title: checkedText(verdict) },
        message,
      })),
    ),
  ];
  return `${harmless(textReport(verdicts))}${all.slice(0, mostAnnotations).map(command).join("")}`;
}

/** Is there nothing in causes and tensors that says why this is no success? */
const isUnexplained = ({ verdict, cause, tensors }: CheckVerdict): boolean =>
  verdict !== "equal" && (verdict !== "different" || (cause === null && tensors.every(({ equal }) => equal)));

function causeAnnotation(cause: Cause, verdict: CheckVerdict, context: ReportContext): Annotation {
  const { where } = cause;
  const properties =
    where === undefined
      ? { file: context.fromRoot(verdict.file), line: 1 }
      : {
          file: context.fromRoot(where.file),
          line: where.line,
          ...(where.endLine === undefined ? {} : { endLine: where.endLine }),
          // Columns are of one line.
          ...((where.endLine ?? where.line) === where.line ? columns(where) : {}),
        };
  const level = verdict.verdict === "equal" ? "warning" : "error";
  return {
    level,
    properties: { ...properties, title: `${cause.id}: ${checkedText(verdict)}` },
    message: causeText(cause),
  };
}

/** GitHub's last column belongs to the span. */
const columns = ({ column, endColumn }: { column: number; endColumn?: number }): Record<string, number> => ({
  col: column,
  ...(endColumn === undefined ? {} : { endColumn: Math.max(column, endColumn - 1) }),
});

function command({ level, properties, message }: Annotation): string {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${level} ${listed.join(",")}::${escapeData(message)}\n`;
}

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** A text of the checked code is no command of ours. */
const harmless = (text: string): string => text.replace(/^(\s*)::/gm, "$1: :").replaceAll("##[", "## [");
