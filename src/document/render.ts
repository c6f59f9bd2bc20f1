import { fill } from "../templates.ts";
import { latex, typeset, typesetFormula, unicode, type Formula, type Notation } from "../notation/index.ts";
import type { Block, Document, Rich } from "./content.ts";

/** The printed formats. */
export const documentFormats = ["tex", "fragment", "md", "text"] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/** How one format writes words and formulas; the layout of the blocks is its template's. */
interface Markup {
  readonly notation: Notation;
  readonly escape: (words: string) => string;
  /** A formula within words. */
  readonly inline: (formula: string) => string;
  /** Words within a formula, beside a line of a derivation. */
  readonly wordsInFormula: (words: string) => string;
  readonly headings: Readonly<Record<1 | 2, string>>;
}

const texSpecial: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};
const escapeTex = (words: string): string =>
  words
    .replace(/[\\~^]|[&%$#_{}]/g, (c) => texSpecial[c] ?? `\\${c}`)
    .replace(/…/g, "\\dots{}")
    .replace(/δ/g, "$\\delta$")
    .replace(/σ/g, "$\\sigma$")
    .replace(/′/g, "$'$");
const escapeMarkdown = (words: string): string => words.replace(/[\\`*_[\]<>]/g, (c) => `\\${c}`);
const textInFormula = (words: string): string => (words.trim() === "" ? "" : `\\text{${words}}`);

const tex: Markup = {
  notation: latex,
  escape: escapeTex,
  inline: (formula) => `$${formula}$`,
  wordsInFormula: (words) => words.split("δ").map(textInFormula).join("\\delta "),
  headings: { 1: "section*", 2: "subsection*" },
};

const markups: Readonly<Record<DocumentFormat, Markup>> = {
  tex,
  fragment: tex,
  md: {
    notation: latex,
    escape: escapeMarkdown,
    inline: (formula) => ` $${formula}$ `,
    wordsInFormula: tex.wordsInFormula,
    headings: { 1: "##", 2: "###" },
  },
  text: {
    notation: unicode,
    escape: (words) => words,
    inline: (formula) => formula,
    wordsInFormula: (words) => words,
    headings: { 1: "=", 2: "-" },
  },
};

/** Prints a document in one format. */
export function render(document: Document, format: DocumentFormat): string {
  const markup = markups[format];
  const context = {
    title: markup.escape(document.title),
    rule: "=".repeat(document.title.length),
    isChinese: document.language === "zh",
    blocks: document.blocks.map((block) => printBlock(block, markup)),
  };
  return tidy(fill(format, context));
}

/** Blank lines are the templates' business only up to one. */
const tidy = (text: string): string =>
  `${text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;

function printBlock(block: Block, markup: Markup): Readonly<Record<string, unknown>> {
  const text = (rich: Rich): string => printRich(rich, markup);
  const math = (formula: Formula): string => typesetFormula(formula, markup.notation);
  switch (block.kind) {
    case "heading": {
      const words = text(block.text);
      return {
        kind: block.kind,
        command: markup.headings[block.level],
        text: words,
        rule: markup.headings[block.level].repeat(width(words)),
      };
    }
    case "paragraph":
      return { kind: block.kind, text: text(block.text) };
    case "display":
      return { kind: block.kind, formula: math(block.formula), tag: block.tag };
    case "steps":
      return {
        kind: block.kind,
        left: typeset(block.left, markup.notation).text,
        lines: block.lines.map(({ right, name, reason }, i) => ({
          number: i + 1,
          right: typeset(right, markup.notation).text,
          name: printInFormula({ ...name, words: `(${i + 1}) ${name.words}` }, markup),
          reason: text(reason),
        })),
      };
    case "equations":
    case "picture":
    case "code":
      throw new Error(`no template for a block of kind ${block.kind}`);
    case "list":
      return { kind: block.kind, items: block.items.map((item, i) => ({ ordinal: i + 1, text: text(item) })) };
    case "table":
      return { kind: block.kind, head: block.head.map(text), rows: block.rows.map((row) => row.map(text)) };
  }
}

/** Words with each `{slot}` printed as a formula between them. */
function printRich({ words, slots }: Rich, { escape, inline, notation }: Markup): string {
  const pieces = words.split(/\{(\w+)\}/);
  const printed = pieces.map((piece, i) =>
    i % 2 === 0 ? escape(piece) : inline(typesetFormula(slotOf(slots, piece), notation)),
  );
  return printed
    .join("")
    .replace(/ {2,}/g, " ")
    .replace(/\$ ([.,;:])/g, "$$$1")
    .trim();
}

/** The same inside a formula: formulas as they are, the words between them as text. */
function printInFormula({ words, slots }: Rich, { wordsInFormula, notation }: Markup): string {
  const pieces = words.split(/\{(\w+)\}/);
  return pieces
    .map((piece, i) => (i % 2 === 0 ? wordsInFormula(piece) : typesetFormula(slotOf(slots, piece), notation)))
    .join("");
}

function slotOf(slots: Rich["slots"], name: string): Formula {
  const formula = slots[name];
  if (formula === undefined) throw new Error(`no formula for {${name}}`);
  return formula;
}

/** Columns that a text takes on a terminal: Chinese characters take two. */
const width = (text: string): number =>
  Array.from(text).reduce((total, c) => total + (/[\u2e80-\uffdc]/.test(c) ? 2 : 1), 0);
