import {
  breakLine,
  measure,
  typeset,
  typesetFormula,
  relationSign,
  type Formula,
  type Notation,
} from "../notation/index.ts";
import type { Block, Inline, Rich } from "./content.ts";
import type { Picture } from "./picture.ts";

/** How one format writes words and formulas; the layout of the blocks is its template's. */
export interface Markup {
  readonly template: string;
  readonly notation: Notation;
  readonly escape: (words: string) => string;
  /** A formula within words. */
  readonly inline: (formula: string) => string;
  readonly code: (text: string) => string;
  /** Words within a formula, beside a line of a derivation. */
  readonly wordsInFormula: (words: string) => string;
  readonly boxed: (formula: string) => string;
  readonly headings: Readonly<Record<1 | 2, string>>;
  readonly picture: (picture: Picture, caption: string) => string;
  /** Set before words are joined to formulas: where spaces may go. */
  readonly tidyWords: (text: string) => string;
  /** What the template needs besides the blocks. */
  readonly frame: Readonly<Record<string, unknown>>;
  /** Wider than this, in em, a formula goes on in the next line; null where it may be as long as it is. */
  readonly lineWidth: number | null;
  /** Do pages have margins that nothing may cross? What cannot be broken is set smaller there. */
  readonly isPaged: boolean;
}

export type Printed = Readonly<Record<string, unknown>>;

/** A row of aligned formulas: `left` ends where the first relation stands. */
export interface AlignedRow {
  readonly left: string;
  readonly right: string;
}

/** A block as its template needs it: strings, and lists of strings. */
export function printBlock(block: Block, markup: Markup): Printed {
  const text = (rich: Rich): string => printRich(rich, markup);
  const { notation } = markup;
  switch (block.kind) {
    case "heading":
      return { ...block, command: markup.headings[block.level], text: text(block.text) };
    case "paragraph":
      return { kind: block.kind, text: text(block.text) };
    case "display":
      return {
        ...block,
        formula: typesetFormula(block.formula, notation, block.isBoxed ? markup.boxed : undefined),
      };
    case "equations":
      return {
        kind: block.kind,
        rows: rowsOf(block, markup),
      };
    case "steps":
      return {
        kind: block.kind,
        start: block.start,
        left: typeset(block.left, notation).text,
        lines: block.lines.map(({ right, name }, i) => ({
          number: block.start + i,
          right: typeset(right, notation).text,
          name: printInFormula({ ...name, words: `(${block.start + i}) ${name.words}` }, markup),
        })),
        reasons: reasonsOf(block, markup),
      };
    case "list":
      return {
        ...block,
        before: block.start - 1,
        items: block.items.map((item, i) => ({ ordinal: block.start + i, text: text(item) })),
      };
    case "table":
      return {
        ...block,
        head: block.head.map(text),
        rows: block.rows.map((row) => row.map(text)),
      };
    case "picture":
      return {
        kind: block.kind,
        picture: markup.picture(block.picture, plainWords(block.caption, notation)),
        caption: text(block.caption),
      };
    case "code":
      return { kind: block.kind, lines: numberedLines(block.lines) };
  }
}

/** Steps in a row that have the same reason share its sentence. */
function reasonsOf({ lines, start }: Extract<Block, { kind: "steps" }>, markup: Markup): Printed[] {
  const grouped: { first: number; last: number; name: string; reason: string }[] = [];
  for (const [i, line] of lines.entries()) {
    const [name, reason] = [printRich(line.name, markup), printRich(line.reason, markup)];
    const before = grouped.at(-1);
    if (before?.reason === reason) before.last = start + i;
    else grouped.push({ first: start + i, last: start + i, name, reason });
  }
  return grouped.map(({ first, last, ...said }) => ({
    ...said,
    numbers: first === last ? `(${first})` : `(${first}${last === first + 1 ? ", " : "–"}${last})`,
  }));
}

const leftOut = (notation: Notation): AlignedRow => ({ left: "", right: notation.dots.column });

/** Formulas aligned at their first relation; where a chain is too long for a line, all chains go on in the next. */
function rowsOf({ rows }: Extract<Block, { kind: "equations" }>, { notation, lineWidth }: Markup): AlignedRow[] {
  const chains = rows.map((row) => (row === null ? null : chainOf(row, notation)));
  const width = ({ left, links }: PrintedChain): number => measure(left) + measure(links.join(" "));
  const isBroken = lineWidth !== null && chains.some((c) => c !== null && c.links.length > 2 && width(c) > lineWidth);
  return chains.flatMap((printed) => {
    if (printed === null) return [leftOut(notation)];
    const { left, links } = printed;
    const [first = "", ...others] = links;
    const parts = !isBroken || others.length === 0 ? [links.join(" ")] : [first, others.join(" ")];
    const room =
      lineWidth === null ? Infinity : lineWidth - Math.max(...chains.map((c) => (c === null ? 0 : measure(c.left))));
    const lines = parts.flatMap((part) =>
      breakLine(part, room - 1).map((line, i) => (i === 0 ? line : `\\quad ${line}`)),
    );
    return lines.map((right, i) => ({ left: i === 0 ? left : "", right }));
  });
}

interface PrintedChain {
  readonly left: string;
  /** Each with its relation before it. */
  readonly links: readonly string[];
}

function chainOf(formula: Formula, notation: Notation): PrintedChain {
  if (formula.kind === "equality") {
    const left = typeset(formula.left, notation).text;
    return { left, links: [typesetFormula(formula, notation).slice(left.length).trimStart()] };
  }
  if (formula.kind !== "chain") throw new Error(`no relation to align at in a formula of kind ${formula.kind}`);
  const links = formula.links.map(
    ({ relation, expr }) => `${relationSign(relation, notation)} ${typeset(expr, notation).text}`,
  );
  return { left: typeset(formula.first, notation).text, links };
}

/** Line numbers in a column of their own. */
function numberedLines(lines: Extract<Block, { kind: "code" }>["lines"]): string[] {
  const width = Math.max(...lines.map(({ number }) => String(number ?? "").length));
  return lines.map(({ number, text }) =>
    number === null ? `${" ".repeat(width)}  ...` : `${String(number).padStart(width)}  ${text}`,
  );
}

/** Words with each `{slot}` printed between them. */
export function printRich(rich: Rich, markup: Markup): string {
  const { escape, inline, code, notation } = markup;
  const printed = pieces(rich).map((piece) => {
    if (typeof piece === "string") return escape(piece);
    return piece.kind === "code" ? code(piece.text) : inline(typesetFormula(piece, notation));
  });
  return markup.tidyWords(printed.join("")).trim();
}

/** The same inside a formula: formulas as they are, the words between them as text. */
function printInFormula(rich: Rich, { wordsInFormula, notation }: Markup): string {
  return pieces(rich)
    .map((piece) => {
      if (typeof piece === "string") return wordsInFormula(piece);
      if (piece.kind === "code") throw new Error("no code within a formula");
      return typesetFormula(piece, notation);
    })
    .join("");
}

/** The same without any mark: for the text that stands for a picture. */
const plainWords = (rich: Rich, notation: Notation): string =>
  pieces(rich)
    .map((piece) =>
      typeof piece === "string" ? piece : piece.kind === "code" ? piece.text : typesetFormula(piece, notation),
    )
    .join("");

function pieces({ words, slots }: Rich): (string | Inline)[] {
  return words.split(/\{(\w+)\}/).map((piece, i) => {
    if (i % 2 === 0) return piece;
    const slot = slots[piece];
    if (slot === undefined) throw new Error(`nothing to put in the place of {${piece}}`);
    return slot;
  });
}
