import picocolors from "picocolors";
import { namesText } from "./report-names.ts";
import {
  causesOf,
  count,
  deviationText,
  equalText,
  extentText,
  formulaRows,
  helpText,
  mendingText,
  subjectText,
} from "./report-words.ts";
import type { Cause, CheckVerdict, SourceSpan, TensorVerdict, VerdictKind, VerdictProblem } from "./verdict.ts";

type Colors = ReturnType<typeof picocolors.createColors>;

/** The verdicts for people: what was compared, how each tensor fares, and the mistake with its source line. */
export function textReport(verdicts: readonly CheckVerdict[], useColor = false): string {
  const pc = picocolors.createColors(useColor);
  const blocks = verdicts.map((verdict) => verdictLines(verdict, pc).join("\n"));
  return `${[...blocks, ...(verdicts.length > 1 ? [tally(verdicts)] : [])].join("\n\n")}\n`;
}

/** `3 checks: 1 different, 2 equal`, the worst first. */
export function tally(verdicts: readonly CheckVerdict[]): string {
  const counts = (["failed", "undecided", "different", "equal"] as const)
    .map((kind) => [verdicts.filter(({ verdict }) => verdict === kind).length, kind] as const)
    .filter(([n]) => n > 0);
  return `${count(verdicts.length, "check")}: ${counts.map(([n, kind]) => `${n} ${kind}`).join(", ")}`;
}

const colorOf = { equal: "green", different: "red", undecided: "yellow", failed: "red" } as const satisfies Record<
  VerdictKind,
  keyof Colors
>;

function verdictLines(verdict: CheckVerdict, pc: Colors): string[] {
  const { tensors, forward, problem, notes, warnings } = verdict;
  const head = pc[colorOf[verdict.verdict]](verdict.verdict.toUpperCase());
  return [
    `${head}  ${subjectText(verdict)}`,
    ...(problem === null ? [] : problemLines(problem)),
    ...comparedLines(verdict),
    ...(forward === null ? [] : continued(`${tick(forward.equal, pc)} forward: ${forward.message}`)),
    ...tensors.map((tensor) => tensorLine(tensor, pc)),
    ...causesOf(verdict).flatMap((cause) => causeLines(cause, pc)),
    ...namesLines(verdict, pc),
    ...warnings.flatMap((warning) => continued(`${pc.yellow("warning")}: ${warning}`)),
    ...notes.flatMap((note) => continued(pc.dim(`note: ${note}`))),
  ];
}

/** Lines below the first one of a verdict; those of a longer text further in. */
const continued = (text: string): string[] => `  ${text.replaceAll("\n", "\n      ")}`.split("\n");

const problemLines = ({ message, advice }: VerdictProblem): string[] => [message, advice].flatMap(continued);

function comparedLines(verdict: CheckVerdict): string[] {
  const { points, draws, convention, layout, regions } = verdict;
  if (points === 0 && draws === 0) return [];
  const equal = verdict.verdict === "equal" ? `: ${equalText(verdict)}` : "";
  return [
    `compared ${extentText(verdict)}${equal}`,
    ...(convention === null ? [] : [`called as ${convention}`]),
    ...layout,
    ...regions,
  ].flatMap(continued);
}

const tick = (equal: boolean, pc: Colors): string => (equal ? pc.green("✓") : pc.red("✗"));

const tensorLine = (tensor: TensorVerdict, pc: Colors): string =>
  `  ${tick(tensor.equal, pc)} ${tensor.name}${tensor.equal ? "" : `: ${deviationText(tensor)}`}`;

function causeLines(cause: Cause, pc: Colors): string[] {
  const { id, message, where } = cause;
  const rows = formulaRows(cause);
  const width = Math.max(...rows.map(([who]) => who.length));
  return [
    "",
    ...continued(`${pc.bold(message)} ${pc.dim(`[${id}]`)}`),
    ...rows.map(([who, formula]) => `    ${who.padEnd(width)}  ${formula}`),
    ...(where === undefined ? [] : excerpt(where, pc)),
    `    ${helpText(cause)}`,
    ...mendingText(cause)
      .flatMap((text) => text.replaceAll("\n", "\n  ").split("\n"))
      .map((line) => `    ${pc.green(line)}`),
    "",
  ];
}

/** The names in the lines that mend a network's code, which the code itself may not have, once below all of them. */
function namesLines(verdict: CheckVerdict, pc: Colors): string[] {
  const fixes = causesOf(verdict).flatMap(({ fix }) => fix ?? []);
  const names = verdict.network === null ? null : namesText(fixes.join("\n"));
  return names === null ? [] : continued(pc.dim(`in the derivation's names: ${names}`));
}

/** A source line of more characters is shown around its span only. */
const mostColumns = 100;

/** The place, its source line, and a caret under every character of the span. */
function excerpt(
  { file, line, column, endLine = line, endColumn = column + 1, text }: SourceSpan,
  pc: Colors,
): string[] {
  const from = text.length <= mostColumns ? 0 : Math.max(0, Math.min(column - 1 - 20, text.length - mostColumns));
  const shown = text.slice(from, from + mostColumns);
  const start = Math.min(Math.max(column - 1 - from, 0), shown.length);
  const end = Math.min(endLine > line ? text.trimEnd().length : endColumn - 1, from + shown.length) - from;
  // A tab is as wide below as above.
  const indent = shown.slice(0, start).replace(/[^\t]/g, " ");
  const number = String(line);
  return [
    `    ${file}:${line}:${column}`,
    `    ${pc.dim(`${number} |`)} ${shown}${from + shown.length < text.length ? " …" : ""}`,
    `    ${pc.dim(`${" ".repeat(number.length)} |`)} ${indent}${pc.red("^".repeat(Math.max(1, end - start)))}`,
  ];
}
