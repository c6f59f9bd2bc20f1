import { fill } from "../templates.ts";
import type { Document } from "./content.ts";
import { renderHtml } from "./html.ts";
import { markdown, type Target } from "./markdown.ts";
import { printBlock, type Markup, type Printed } from "./markup.ts";
import { fitDisplay, fitRows, fitSteps, fitTable, tex } from "./tex.ts";
import { defaultWidth, renderText } from "./text.ts";

/** The printed formats. */
export const documentFormats = ["tex", "fragment", "md", "html", "text"] as const;
export type DocumentFormat = (typeof documentFormats)[number];

export interface RenderOptions {
  /** Where Markdown is going to be read. */
  readonly target?: Target | undefined;
  /** Columns of the terminal, for text. */
  readonly width?: number | undefined;
}

/** Prints a document in one format. */
export function render(
  document: Document,
  format: DocumentFormat,
  { target = "portable", width = defaultWidth }: RenderOptions = {},
): string {
  switch (format) {
    case "text":
      return renderText(document, width);
    case "html":
      return renderHtml(document);
    case "md":
      return fromTemplate(document, markdown(target), (block) => block);
    case "tex":
      return fromTemplate(document, tex, fitOnPage);
    case "fragment":
      return fromTemplate(document, { ...tex, template: "fragment", frame: { isFragment: true } }, fitOnPage);
  }
}

function fitOnPage(block: Printed): Printed {
  if (block.kind === "steps") return fitSteps(block);
  if (block.kind === "equations") return fitRows(block);
  if (block.kind === "table") return fitTable(block);
  return block.kind === "display" ? fitDisplay(block) : block;
}

function fromTemplate(document: Document, markup: Markup, fit: (block: Printed) => Printed): string {
  const frame = { ...markup.frame, isChinese: document.language === "zh" };
  const text = fill(markup.template, {
    ...frame,
    title: markup.escape(document.title),
    blocks: document.blocks.map((block) => ({ ...frame, ...fit(printBlock(block, markup)) })),
  });
  return tidy(text);
}

/** Blank lines are the templates' business only up to one; in TeX one before a display would start a paragraph. */
const tidy = (text: string): string =>
  `${text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{2,}(\\begin\{(?:equation|align)\*\})/g, "\n$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
