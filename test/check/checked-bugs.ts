import { basename } from "node:path";
import { format } from "prettier";
import { causeRules, type CheckVerdict, type SourceSpan } from "../../src/check/index.ts";
import { causeIds, type CauseId } from "../../src/mistakes/index.ts";
import { optionsText, parseNetwork } from "../../src/network/index.ts";
import type { CorpusRow, Style } from "../samples/check/corpus/corpus.ts";

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
    `\`deltarule check\` says of each of these ${checked.length} hand-written implementations what this page says. They are in [test/samples/check/corpus](../test/samples/check/corpus); a test makes this page anew from the verdicts and compares. Formulas are printed as the check prints them: what the code computes, and what the derivation has in its place; below them stands the line that the check points at.`,
    "",
    ...legend,
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

const styles = {
  loops: "with loops over nested arrays",
  map: "with array methods",
  matrix: "on functions of matrices",
  typed: "on typed arrays",
  float32: "on typed arrays in single precision",
  class: "a class that keeps the weights",
  closure: "a function that keeps the weights",
  "in-place": "a training step that changes the weights and returns nothing",
  batch: "over several samples at once",
  commonjs: "a CommonJS module",
  "bias-column": "with the bias as a further column of the weights",
  "rows-in": "with a row of weights for each neuron of the layer before",
} satisfies Record<Style, string>;

/** What the formulas and the rows are written in. */
const legend = [
  "- `a^l_j`, `z^l_j`, `b^l_j`: activation, pre-activation and bias of neuron j in layer l; `w^l_{jk}`: the weight that leads from neuron k of the layer before to it; `x` and `y`: input and target; `J`: the loss.",
  "- `δ^l_j` is ∂J/∂z^l_j, the error of layer l. `η` is the learning rate, `N` the number of samples in a batch, where a further index i goes over the samples.",
  "- `[k=j]` is 1 where k = j and 0 elsewhere. `before(…)` is what the quantity was in the call before.",
  "- _Exact_ comparison follows the code operation by operation and calculates in exact arithmetic; one in numbers compares doubles at random points.",
  `- In brackets stands how the code is written: ${Object.entries(styles)
    .map(([style, meaning]) => `_${style}_ ${meaning}`)
    .join("; ")}.`,
];

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
    ...(cause.where === undefined ? [] : [`  - ${placeText(cause.where)}`]),
  ];
}

/** The line, linked to. */
function placeText({ file, line, text }: SourceSpan): string {
  const name = basename(file);
  const code = text.trim();
  // What has a backtick stands between two of them.
  const quoted = code.includes("`") ? `\`\` ${code} \`\`` : `\`${code}\``;
  return `[${name}:${line}](../test/samples/check/corpus/${name}#L${line}): ${quoted}`;
}

const link = (file: string): string => `[${file}](../test/samples/check/corpus/${file})`;
