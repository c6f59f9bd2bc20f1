import { tally, textReport } from "./report-text.ts";
import {
  causesOf,
  checkedText,
  deviationText,
  equalText,
  extentText,
  modelText,
  outcomeText,
  spelledOut,
  worstFirst,
} from "./report-words.ts";
import type { CheckVerdict, VerdictKind } from "./verdict.ts";

const marks = { equal: "✅", different: "❌", undecided: "❔", failed: "❌" } satisfies Record<VerdictKind, string>;

/** A Markdown table of the verdicts, with the text report of those that are no success below: a job's summary. */
export function summaryReport(given: readonly CheckVerdict[]): string {
  const verdicts = spelledOut(given);
  const header = ["", "checked", "network", "verdict", "compared", "worst, or why"];
  const rows = verdicts.map((verdict) => [
    marks[verdict.verdict],
    code(checkedText(verdict)),
    code(modelText(verdict) ?? ""),
    verdict.verdict,
    plain([extentText(verdict), ...verdict.regions].join("; ")),
    plain(reason(verdict)),
  ]);
  const lines = [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const details = verdicts
    .filter(({ verdict }) => verdict !== "equal")
    .flatMap((verdict) => ["", fenced(textReport([verdict]))]);
  return `${[`### deltarule check`, "", tally(verdicts), "", ...lines, ...details].join("\n")}\n`;
}

/** The shortest that says why: the rest stands below the table. */
function reason(verdict: CheckVerdict): string {
  if (verdict.verdict === "equal") return [equalText(verdict), ...verdict.warnings].join("; ");
  if (verdict.problem !== null) return verdict.problem.message;
  const causes = causesOf(verdict).map(({ message }) => message);
  if (causes.length > 0) return causes.join("; ");
  const [worst] = worstFirst(verdict.tensors);
  return worst === undefined ? outcomeText(verdict) : deviationText(worst);
}

/** In a cell, nothing of a text is Markdown or HTML. */
const plain = (text: string): string =>
  text
    .replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/[\\|`*_[\]~@#]/g, "\\$&")
    .replace(/\s+/g, " ");

const code = (text: string): string =>
  text === ""
    ? ""
    : `<code>${text.replace(/[&<>|`*_[\]\\~@]/g, (c) => `&#${c.charCodeAt(0)};`).replace(/\s+/g, " ")}</code>`;

function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text.trimEnd()}\n${fence}`;
}
