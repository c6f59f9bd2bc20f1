import { latex } from "../notation/index.ts";
import type { Markup } from "./markup.ts";
import { toSvg } from "./picture-svg.ts";
import { toText } from "./picture-text.ts";
import type { Picture } from "./picture.ts";
import { textInFormula } from "./tex.ts";

/** Where Markdown is going to be read. */
export const targets = ["portable", "github", "hugo", "jekyll", "zhihu", "obsidian"] as const;
export type Target = (typeof targets)[number];

/** What a place does differently. */
interface Dialect {
  readonly inline: (formula: string) => string;
  readonly fence: { readonly open: string; readonly close: string };
  /** Between the rows of an aligned formula. */
  readonly newline: "\n" | " ";
  readonly picture: (picture: Picture, caption: string) => string;
  /** Keys of the front matter besides the title; null for none. */
  readonly frontMatter: readonly string[] | null;
}

const dollars = { open: "$$", close: "$$" } as const;
/** In a div of its own, which every Markdown passes through or drops whole. */
const drawing = (picture: Picture, caption: string): string => `<div>\n${toSvg(picture, caption)}\n</div>`;
/** Where HTML is taken out. */
const letters = (picture: Picture): string => ["```text", ...toText(picture), "```"].join("\n");

const dialects: Readonly<Record<Target, Dialect>> = {
  // Spaces around: next to a letter or to Chinese punctuation a dollar sign would not open or close mathematics.
  portable: {
    inline: (formula) => ` $${formula}$ `,
    fence: dollars,
    newline: "\n",
    picture: drawing,
    frontMatter: null,
  },
  github: {
    inline: (formula) => `$\`${formula}\`$`,
    fence: { open: "```math", close: "```" },
    newline: "\n",
    picture: letters,
    frontMatter: null,
  },
  hugo: {
    inline: (formula) => ` $${formula}$ `,
    fence: dollars,
    newline: "\n",
    picture: drawing,
    frontMatter: ["math: true"],
  },
  jekyll: {
    inline: (formula) => `$$${formula}$$`,
    fence: dollars,
    newline: "\n",
    picture: drawing,
    frontMatter: ["layout: post", "math: true"],
  },
  // The editor there takes a formula on one line only, and no HTML.
  zhihu: {
    inline: (formula) => `$$${formula}$$`,
    fence: dollars,
    newline: " ",
    picture: letters,
    frontMatter: null,
  },
  obsidian: {
    inline: (formula) => `$${formula}$`,
    fence: dollars,
    newline: "\n",
    picture: drawing,
    frontMatter: null,
  },
};

/** `_` and `*` between letters mean nothing, but may stand at the edge of a word. */
const escapeMarkdown = (words: string): string => words.replace(/[\\`*_[\]<>|]/g, (c) => `\\${c}`);

export const markdown = (target: Target): Markup => markupOf(dialects[target]);

/** Markdown in a notebook, whose sanitiser takes out drawings. */
export const notebook: Markup = markupOf({ ...dialects.obsidian, picture: letters });

function markupOf({ inline, fence, newline, picture, frontMatter }: Dialect): Markup {
  return {
    template: "md",
    notation: latex,
    escape: escapeMarkdown,
    inline,
    code: (text) => `\`${text}\``,
    wordsInFormula: textInFormula,
    boxed: (formula) => `\\boxed{${formula}}`,
    headings: { 1: "##", 2: "###" },
    picture,
    tidyWords: (text) => text.replace(/ {2,}/g, " ").replace(/([$`]) ([.,;:)])/g, "$1$2"),
    frame: { ...fence, newline, frontMatter },
    lineWidth: 44,
    isPaged: false,
  };
}
