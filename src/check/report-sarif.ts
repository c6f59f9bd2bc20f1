import { pathToFileURL } from "node:url";
import { causeIds } from "../mistakes/index.ts";
import { causeRules } from "./cause-rules.ts";
import { causesOf, causeText, outcomeText, subjectText } from "./report-words.ts";
import type { ReportContext } from "./report.ts";
import type { Cause, CheckVerdict, SourceSpan } from "./verdict.ts";

type Level = "error" | "warning" | "note";

/** Results that are no mistake with a name. */
const outcomes = [
  {
    id: "gradient-differs",
    title: "the gradient differs from the derived one",
    help: "No mistake of the catalogue explains the difference exactly. Look at the worst entry of the first tensor that differs.",
  },
  {
    id: "check-undecided",
    title: "the gradient could not be compared exactly",
    help: "Mend what keeps the code from being recorded, or accept a comparison in numbers with --method numeric.",
  },
  {
    id: "check-failed",
    title: "the check could not run",
    help: "A check that did not run never passes: mend what it says.",
  },
  { id: "check-warning", title: "the gradient is right, with a reservation", help: "Read the message." },
] as const;
type RuleId = (typeof outcomes)[number]["id"] | Cause["id"];

/** All rules in every report, so that their indices are the same in all. */
const rules = [...causeIds.map((id) => ({ id, ...causeRules[id] })), ...outcomes].map(({ id, title, help }) => ({
  id,
  name: id.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase()),
  shortDescription: { text: title },
  fullDescription: { text: help },
  help: { text: help },
  defaultConfiguration: {
    level: (id === "kink-convention" || id === "check-warning" ? "warning" : "error") satisfies Level,
  },
}));

/** SARIF 2.1.0: a result for every mistake; what is right is told by the invocation. */
export function sarifReport(verdicts: readonly CheckVerdict[], context: ReportContext): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "deltarule", semanticVersion: context.version, rules } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: verdicts.every(({ verdict }) => verdict !== "failed"),
            toolExecutionNotifications: verdicts.map((verdict) => ({
              level: verdict.verdict === "equal" ? "note" : "error",
              message: { text: `${verdict.verdict.toUpperCase()} ${subjectText(verdict)}: ${outcomeText(verdict)}` },
              locations: [fileLocation(verdict.file, context)],
            })),
          },
        ],
        results: verdicts.flatMap((verdict) => resultsOf(verdict, context)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultsOf(verdict: CheckVerdict, context: ReportContext): object[] {
  const result = (id: RuleId, level: Level, text: string, where?: SourceSpan): object => ({
    ruleId: id,
    ruleIndex: rules.findIndex((rule) => rule.id === id),
    level,
    message: { text },
    locations: [where === undefined ? fileLocation(verdict.file, context) : spanLocation(where, context)],
    partialFingerprints: { "deltaruleCause/v1": `${context.fromRoot(verdict.file)}:${verdict.export ?? ""}:${id}` },
  });
  const warnings = verdict.warnings.map((warning) => result("check-warning", "warning", warning));
  const outcome = `${subjectText(verdict)}: ${outcomeText(verdict)}`;
  if (verdict.verdict === "failed") return [result("check-failed", "error", outcome), ...warnings];
  if (verdict.verdict === "undecided") return [result("check-undecided", "error", outcome), ...warnings];
  const level = verdict.verdict === "different" ? "error" : "warning";
  const causes = causesOf(verdict).map((cause) => result(cause.id, level, causeText(cause), cause.where));
  return [
    ...causes,
    ...(verdict.verdict === "different" && causes.length === 0 ? [result("gradient-differs", "error", outcome)] : []),
    ...warnings,
  ];
}

/** GitHub shows a result without a region nowhere. */
const fileLocation = (file: string, context: ReportContext): object => ({
  physicalLocation: { artifactLocation: artifact(file, context), region: { startLine: 1 } },
});

const spanLocation = (
  { file, line, column, endLine, endColumn, text }: SourceSpan,
  context: ReportContext,
): object => ({
  physicalLocation: {
    artifactLocation: artifact(file, context),
    region: {
      startLine: line,
      startColumn: column,
      ...(endLine === undefined ? {} : { endLine }),
      ...(endColumn === undefined ? {} : { endColumn }),
      snippet: { text },
    },
  },
});

function artifact(file: string, { fromRoot }: ReportContext): object {
  const path = fromRoot(file);
  if (path.startsWith("..") || /^([a-z]:|\/)/i.test(path)) return { uri: pathToFileURL(file).href };
  return { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" };
}
