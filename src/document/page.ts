import { fill } from "../templates.ts";
import type { Block, Document } from "./content.ts";
import { printBlock, type Markup, type Printed } from "./markup.ts";
import { fitOnPage } from "./tex.ts";

/** A document laid out by the template of its markup. */
export function fromTemplate({ title, language, blocks }: Document, markup: Markup): string {
  const frame = frameOf(language, markup);
  return tidy(
    fill(markup.template, { ...frame, title: markup.escape(title), blocks: printBlocks(blocks, language, markup) }),
  );
}

const frameOf = (language: Document["language"], markup: Markup): Printed => ({
  ...markup.frame,
  isChinese: language === "zh",
});

/** Blocks ready for a template, each with what its part of the template needs of the whole. */
export function printBlocks(
  blocks: readonly Block[],
  language: Document["language"],
  markup: Markup,
): readonly Printed[] {
  const { lineWidth, isPaged } = markup;
  return blocks.map((block) => {
    const printed = printBlock(block, markup);
    return {
      ...frameOf(language, markup),
      ...(isPaged && lineWidth !== null ? fitOnPage(printed, lineWidth) : printed),
    };
  });
}

/** Blank lines are the templates' business only up to one; in TeX one before a display would start a paragraph. */
export const tidy = (text: string): string =>
  `${text
    .replace(/[ \t]+$/gm, "")
    // Next to Chinese punctuation a dollar sign would not open mathematics.
    .replace(/：(?=\$)/g, "： ")
    .replace(/\n{2,}(\\begin\{(?:equation|align)\*\})/g, "\n$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
