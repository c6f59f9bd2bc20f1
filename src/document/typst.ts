import { latex, measure, typeset, typst as notation, unicode } from "../notation/index.ts";
import { fill } from "../templates.ts";
import type { Block, Document } from "./content.ts";
import { printBlock, type Markup, type Printed } from "./markup.ts";
import { tidy } from "./page.ts";
import { toSvg } from "./picture-svg.ts";
import type { Picture } from "./picture.ts";
import { textInFormula } from "./tex.ts";
import { typstRows } from "./typst-rows.ts";

/** In em of the text: the page without its margins. */
const lineWidth = 43;
/** On the page, of one gap between neurons. */
const gap = "1.2cm";

/** What means something wherever it stands, what makes a dash, a minus sign or dots, and what starts a list. */
const special = /[\\#$*_`<>@~[\]"'/]|(?<![\p{L}\d])-(?=\d)|-(?=[-?])|\.(?=\.)|^[=+-]|(?<=^\d+)\./gu;
/** Letters and signs that look in words as they do in formulas. */
const mathematical: Readonly<Record<string, string>> = { δ: "$delta$", σ: "$sigma$", "≈": "$approx$" };
export const escapeTypst = (words: string): string =>
  words.replace(special, "\\$&").replace(/[δσ≈]/g, (sign) => mathematical[sign] as string);

const markup: Markup = {
  template: "typst",
  notation,
  escape: escapeTypst,
  inline: (formula) => `$${formula}$`,
  code: (text) => (text.includes("`") ? `#raw(${JSON.stringify(text)});` : `\`${text}\``),
  wordsInFormula: quoted,
  boxed: (formula) => `#boxed($${formula}$)`,
  headings: { 1: "=", 2: "==" },
  picture: drawing,
  tidyWords: (text) => text,
  frame: {},
  lineWidth: null,
  isPaged: false,
};

/** A Typst file that needs nothing else. */
export function renderTypst({ title, language, blocks }: Document): string {
  const frame = { isChinese: language === "zh" };
  return tidy(
    fill(markup.template, {
      ...frame,
      title: escapeTypst(title),
      blocks: blocks.map((block, i) => ({ ...frame, ...printed(block), isAnnouncing: isShown(blocks[i + 1]) })),
    }),
  );
}

/** Does words' sense depend on what comes next? */
const isShown = (next: Block | undefined): boolean =>
  next !== undefined && next.kind !== "heading" && next.kind !== "paragraph";

/** A block as its template needs it: as for every format, but for lines, which Typst does not break in a formula. */
function printed(block: Block): Printed {
  const usual = printBlock(block, markup);
  switch (block.kind) {
    case "equations":
      return { ...usual, rows: typstRows(block.rows, lineWidth) };
    case "steps":
      return { ...usual, lines: besideNames(block, usual.lines as readonly Printed[]) };
    case "table":
      return { ...usual, width: block.columns.length, columns: block.columns.map(alignmentOf) };
    case "picture":
      // Words that stand for a picture are read aloud: no marks of a language for printing.
      return { ...usual, picture: printBlock(block, { ...markup, notation: unicode }).picture };
    default:
      return usual;
  }
}

/** Names beside the lines where there is room; the sentences below name the rules, too. */
function besideNames({ lines, start }: Extract<Block, { kind: "steps" }>, usual: readonly Printed[]): Printed[] {
  const widest = Math.max(...lines.map(({ right }) => measure(typeset(right, latex).text)));
  const names = Math.max(...lines.map(({ name }) => measure(textInFormula(name.words))));
  const isBeside = widest + names + 6 <= lineWidth;
  return usual.map((line, i) => (isBeside ? line : { ...line, name: quoted(`(${start + i})`) }));
}

/** Cells of words are narrower where the others leave no room: Typst shares the width by itself. */
const alignmentOf = (column: "words" | "number" | "short"): "left" | "right" =>
  column === "number" ? "right" : "left";

/** Words within a formula; the Greek letters among them are mathematics. The spaces around them count. */
function quoted(words: string): string {
  return words
    .replace(/[^δ]+/g, (part) => {
      const [, before = "", text = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(part) ?? [];
      return text === "" ? part : `${before}${JSON.stringify(text)}${after}`;
    })
    .replaceAll("δ", notation.letter("delta"));
}

/** As SVG within the file, in the colour of the text. */
function drawing(picture: Picture, caption: string): string {
  const svg = toSvg(picture, caption).replaceAll("currentColor", "black");
  return [
    "#image(",
    `  bytes(\`\`\`${svg}\`\`\`.text),`,
    `  format: "svg",`,
    `  width: ${picture.width} * ${gap},`,
    `  alt: ${JSON.stringify(caption)},`,
    ")",
  ].join("\n");
}
