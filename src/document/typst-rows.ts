import {
  latex,
  measure,
  relationSign,
  typeset,
  typesetFormula,
  typst,
  type Formula,
  type Notation,
} from "../notation/index.ts";
import type { AlignedRow } from "./markup.ts";

/** What fits on a line, with its width in em. */
interface Measured {
  readonly text: string;
  readonly width: number;
}

/** A formula cut at its relations, and each part that begins with one cut where a line may end. */
interface Chain {
  readonly left: Measured;
  readonly links: readonly (readonly Measured[])[];
}

/**
 * Formulas aligned at their first relation. Typst does not break the lines of a displayed formula: where a chain
 * is too long for a line, all chains go on in the next, and what is still too long ends before a sign.
 */
export function typstRows(rows: readonly (Formula | null)[], lineWidth: number): readonly AlignedRow[] {
  const chains = rows.map((row) => (row === null ? null : chainOf(row)));
  const isBroken = chains.some((c) => c !== null && c.links.length > 2 && widthOf(c) > lineWidth);
  const room = lineWidth - Math.max(...chains.map((chain) => chain?.left.width ?? 0));
  return chains.flatMap((chain): readonly AlignedRow[] => {
    if (chain === null) return [{ left: "", right: ` ${typst.dots.column}` }];
    const [first = [], ...others] = chain.links;
    const parts = isBroken && others.length > 0 ? [first, others.flat()] : [chain.links.flat()];
    return parts
      .flatMap((part) => linesOf(part, room).map((line, i) => (i === 0 ? line : goingOn(line))))
      .map((right, i) => ({ left: i === 0 ? `${chain.left.text} ` : "", right }));
  });
}

/** With nothing before it, a sign would be set as that of a number. */
const goingOn = (line: string): string => (/^[+-]/.test(line) ? ` quad "" ${line}` : ` quad ${line}`);

const widthOf = ({ left, links }: Chain): number => total([left, ...links.flat()]);
const total = (pieces: readonly Measured[]): number => pieces.reduce((sum, { width }) => sum + width, 0);

/** As many pieces on each line as there is room for. */
function linesOf(pieces: readonly Measured[], room: number): readonly string[] {
  const lines: Measured[][] = [[]];
  for (const piece of pieces) {
    const line = lines.at(-1) as Measured[];
    if (line.length > 0 && total(line) + piece.width > room) lines.push([piece]);
    else line.push(piece);
  }
  return lines.map((line) => line.map(({ text }) => text).join(" "));
}

/** Widths are those of the same formula in LaTeX, whose signs stand in the same places. */
function chainOf(formula: Formula): Chain {
  const [printed, measured] = [partsOf(formula, typst), partsOf(formula, latex)];
  const [left, ...links] = printed.map((part, i) => cut(part, measured[i] as string));
  return { left: { text: printed[0] as string, width: total(left ?? []) }, links };
}

/** The left side, then each relation with what stands after it. */
function partsOf(formula: Formula, notation: Notation): readonly string[] {
  if (formula.kind === "equality") {
    const left = typeset(formula.left, notation).text;
    return [left, typesetFormula(formula, notation).slice(left.length).trimStart()];
  }
  if (formula.kind !== "chain") throw new Error(`no relation to align at in a formula of kind ${formula.kind}`);
  const links = formula.links.map(
    ({ relation, expr }) => `${relationSign(relation, notation)} ${typeset(expr, notation).text}`,
  );
  return [typeset(formula.first, notation).text, ...links];
}

function cut(printed: string, measured: string): readonly Measured[] {
  const [texts, widths] = [atSigns(printed), atSigns(measured).map(measure)];
  if (texts.length !== widths.length) return [{ text: printed, width: measure(measured) }];
  return texts.map((text, i) => ({ text, width: widths[i] as number }));
}

/** Cuts before every plus and minus sign that stands in no parentheses of any kind. */
function atSigns(text: string): readonly string[] {
  const pieces = [""];
  let depth = 0;
  for (const token of text.match(/ [+-] |\\(?:begin|end|lbrack|rbrack|lvert|rvert)|./gs) ?? []) {
    if (/^(?:[([{]|\\begin|\\lbrack|\\lvert)$/.test(token)) depth++;
    if (/^(?:[)\]}]|\\end|\\rbrack|\\rvert)$/.test(token)) depth--;
    if (depth === 0 && / [+-] /.test(token)) pieces.push(token.trimStart());
    else pieces.push(`${pieces.pop() ?? ""}${token}`);
  }
  return pieces.map((piece) => piece.trim());
}
