import { format } from "prettier";
import { causeRules, type CheckVerdict } from "../../src/check/index.ts";
import { causeIds, type CauseId } from "../../src/mistakes/index.ts";
import { optionsText, parseNetwork } from "../../src/network/index.ts";
import type { CorpusRow } from "../samples/check/corpus/corpus.ts";

/** A row of the corpus with the verdict on it. */
export interface Checked {
  readonly row: CorpusRow;
  readonly verdict: CheckVerdict;
}

/** The text of docs/checked-bugs.md: what the check says of every implementation in the corpus. */
export function checkedBugs(checked: readonly Checked[]): Promise<string> {
  const of = (expected: CorpusRow["expected"]): readonly Checked[] =>
    checked.filter(({ row }) => row.expected === expected);
  const wrong = causeIds.flatMap((id) => [...describeCause(id), ...of(id).flatMap(formulaLines)]);
  const lines = [
    "# Mistakes that a check names",
    "",
    `\`deltarule check\` says of each of these ${checked.length} hand-written implementations what this page says. They are in [test/samples/check/corpus](../test/samples/check/corpus); a test makes this page anew from the verdicts and compares. Formulas are printed as the check prints them: what the code computes, and what the derivation has in its place.`,
    "",
    "| Mistake | What it is | The code, for instance | The derivation | Implementations | Verdict |",
    "| --- | --- | --- | --- | --- | --- |",
    ...causeIds.map((id) => summary(`[\`${id}\`](#${id})`, causeRules[id].title, of(id))),
    summary("none", "[right implementations](#right-implementations)", of("equal")),
    ...wrong,
    "",
    "## Right implementations",
    "",
    ...of("equal").flatMap(formulaLines),
    "",
  ];
  return format(lines.join("\n"), { parser: "markdown", printWidth: 120 });
}

const verdictOf = (checked: readonly Checked[]): string =>
  [
    ...new Set(checked.map(({ verdict }) => (verdict.warnings.length > 0 ? "equal, with a warning" : verdict.verdict))),
  ].join(", ");

function summary(name: string, title: string, checked: readonly Checked[]): string {
  const formula = checked.find(({ verdict }) => verdict.cause !== null)?.verdict.cause?.formula;
  const code = (text: string | undefined): string => (text === undefined ? "" : `\`${text.replaceAll("|", "\\|")}\``);
  const cells = [name, title, code(formula?.found), code(formula?.right), checked.length, verdictOf(checked)];
  return `| ${cells.join(" | ")} |`;
}

const describeCause = (id: CauseId): string[] => ["", `## ${id}`, "", causeRules[id].help, ""];

function formulaLines({ row, verdict }: Checked): string[] {
  const { cause, warnings } = verdict;
  const network = `\`${row.network}${optionsText(parseNetwork(row.network, row.options))}\``;
  const reached = row.adapter === undefined ? `\`${row.export ?? ""}\`` : link(row.adapter);
  const head = `- ${link(row.file)} (${row.style}, by ${reached}), ${network}: ${verdict.verdict}, by ${verdict.method} comparison`;
  if (cause === null) return [[head, ...warnings].join("; ")];
  return [
    `${head}; ${cause.message}`,
    `  - the code: \`${cause.formula.found}\``,
    `  - the derivation: \`${cause.formula.right}\``,
  ];
}

const link = (file: string): string => `[${file}](../test/samples/check/corpus/${file})`;
