import { latex, typeset, typesetFormula, unicode } from "../notation/index.ts";
import { fill } from "../templates.ts";
import type { Block, Document, Rich } from "./content.ts";
import { joinPunctuation, typesetter, type Typesetter } from "./html-formula.ts";
import { printBlock, printRich, type AlignedRow, type Markup, type Printed } from "./markup.ts";
import { toSvg } from "./picture-svg.ts";

/** The document as one file of HTML that needs no other file, no script and no network. */
export function renderHtml(document: Document): string {
  const set = typesetter();
  const markup = htmlMarkup(set);
  const blocks = document.blocks.map((block) => printHtml(block, markup, set));
  return fill("html", {
    title: markup.escape(document.title),
    language: document.language === "zh" ? "zh-CN" : "en",
    ...words[document.language],
    contents: contentsOf(document, markup),
    blocks: blocks.map((block) => ({ ...words[document.language], ...block })),
    formulaStyle: set.styleSheet(),
  });
}

/** Words that only this format needs: they guide through the page. */
const words = {
  en: { isChinese: false, contentsTitle: "Contents", skip: "Skip to the text" },
  zh: { isChinese: true, contentsTitle: "目录", skip: "跳到正文" },
} as const;

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const htmlMarkup = ({ inline }: Typesetter): Markup => ({
  template: "html",
  notation: latex,
  escape: escapeHtml,
  inline,
  code: (text) => `<code>${escapeHtml(text)}</code>`,
  wordsInFormula: (text) => `\\text{${text}}`,
  boxed: (formula) => formula,
  headings: { 1: "h2", 2: "h3" },
  picture: (picture, caption) => toSvg(picture, caption),
  tidyWords: joinPunctuation,
  frame: {},
  lineWidth: null,
  isPaged: false,
});

/** Words for an attribute or for ears: formulas in letters. */
const asLetters = (rich: Rich, markup: Markup): string =>
  printRich(rich, {
    ...markup,
    notation: unicode,
    escape: (text) => text,
    inline: (text) => text,
    code: (text) => text,
  });

function printHtml(block: Block, markup: Markup, set: Typesetter): Printed {
  switch (block.kind) {
    case "heading":
    case "paragraph":
    case "list":
      return printBlock(block, markup);
    case "display":
      return { ...block, formula: set.display(typesetFormula(block.formula, latex)) };
    case "equations": {
      const { rows } = printBlock(block, markup) as { readonly rows: readonly AlignedRow[] };
      return { kind: block.kind, rows: rows.map(({ left, right }) => set.row(left, right)) };
    }
    case "steps":
      return {
        kind: block.kind,
        left: set.display(typeset(block.left, latex).text),
        lines: block.lines.map(({ right, name, reason }, i) => ({
          number: block.start + i,
          formula: set.display(`= ${typeset(right, latex).text}`),
          name: printRich(name, markup),
          reason: printRich(reason, markup),
        })),
      };
    case "table":
      return {
        kind: block.kind,
        head: block.head.map((cell, i) => ({ type: block.columns[i], text: printRich(cell, markup) })),
        rows: block.rows.map((row) =>
          row.map((cell, i) => ({ isFirst: i === 0, type: block.columns[i], text: printRich(cell, markup) })),
        ),
      };
    case "picture":
      return {
        kind: block.kind,
        picture: toSvg(block.picture, asLetters(block.caption, markup)),
        caption: printRich(block.caption, markup),
      };
    case "code":
      return {
        kind: block.kind,
        lines: block.lines.map(({ number, text }) => ({ number: number ?? "⋮", text: escapeHtml(text) })),
      };
  }
}

/** The headings in two levels. */
function contentsOf({ blocks }: Document, markup: Markup): Printed[] {
  const chapters: { id: string; text: string; parts: { id: string; text: string }[] }[] = [];
  for (const block of blocks) {
    if (block.kind !== "heading") continue;
    const entry = { id: block.id, text: printRich(block.text, markup) };
    const chapter = chapters.at(-1);
    if (block.level === 1 || chapter === undefined) chapters.push({ ...entry, parts: [] });
    else chapter.parts.push(entry);
  }
  return chapters;
}
