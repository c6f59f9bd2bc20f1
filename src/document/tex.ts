import { latex, measure } from "../notation/index.ts";
import type { AlignedRow, Markup, Printed } from "./markup.ts";
import { toTikz } from "./picture-tikz.ts";

const special: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "…": "\\dots{}",
  δ: "$\\delta$",
  σ: "$\\sigma$",
  "≈": "$\\approx$",
  "′": "$'$",
  "–": "--",
  "’": "'",
  "“": "``",
  "”": "''",
};
const escapeTex = (words: string): string => words.replace(/[\\~^…δσ≈′–’“”]|[&%$#_{}]/g, (c) => special[c] ?? `\\${c}`);

/** Words within a formula; the Greek letters among them are mathematics. */
export const textInFormula = (words: string): string =>
  words
    .split("δ")
    .map((part) => (part.trim() === "" ? "" : `\\text{${part}}`))
    .join("\\delta ");

/** In em, of a line of 43. */
const longestInline = 27;

export const tex: Markup = {
  template: "tex",
  notation: latex,
  escape: escapeTex,
  // No line is broken within growing parentheses: what is too long for one is set smaller.
  inline: (formula) =>
    measure(formula) > longestInline ? `\\resizebox{0.78\\linewidth}{!}{$${formula}$}` : `$${formula}$`,
  code: (text) => `\\texttt{${escapeTex(text).replace(/--/g, "-{}-")}}`,
  wordsInFormula: textInFormula,
  boxed: (formula) => `\\boxed{${formula}}`,
  headings: { 1: "section", 2: "subsection" },
  picture: (picture) => toTikz(picture),
  tidyWords: (text) => text,
  frame: { tableSize: "\\small" },
  lineWidth: 43,
  isPaged: true,
};

/** Slides of 16 cm × 9 cm, whose words are set a size smaller. */
export const beamer: Markup = {
  ...tex,
  template: "beamer",
  headings: { 1: "section", 2: "subsection" },
  frame: { tableSize: "\\scriptsize" },
  lineWidth: 37,
};

interface TexLine {
  readonly right: string;
  readonly name: string;
}

/** Makes a printed block fit between the margins. */
export function fitOnPage(block: Printed, lineWidth: number): Printed {
  switch (block.kind) {
    case "steps":
      return fitSteps(block, lineWidth);
    case "equations":
      return fitRows(block, lineWidth);
    case "table":
      return fitTable(block);
    case "display":
      return fitDisplay(block, lineWidth);
    default:
      return block;
  }
}

/**
 * Lines of a derivation that fit on the page: where a line is too long for the name of its rule beside it, no
 * line has one (the sentences below name the rules), and where it is too long by itself, all are set smaller.
 */
function fitSteps(block: Printed, lineWidth: number): Printed {
  const [left, lines] = [block.left as string, block.lines as readonly TexLine[]];
  const widest = Math.max(...lines.map(({ right }) => measure(right)));
  const names = Math.max(...lines.map(({ name }) => measure(name)));
  const isBeside = widest + names + 5 <= lineWidth;
  const first = block.start as number;
  // A derivation that goes on begins with a whole right side, which stands above the others.
  const isContinued = first > 1;
  const isWide = Math.max(widest, isContinued ? measure(left) : 0) + 4 > lineWidth;
  return {
    ...block,
    left: isContinued ? `& \\phantom{{}={}} ${left} \\\\*` : left,
    isWide,
    lines: lines.map((line, i) => ({
      ...line,
      name: isBeside ? line.name : `\\text{(${first + i})}`,
      end: lineEnd(i, lines.length),
    })),
  };
}

/** No page ends after the first line of a derivation or before its last. */
function lineEnd(nth: number, count: number): string {
  if (nth === count - 1) return "";
  return nth === 0 || nth === count - 2 ? " \\\\*" : " \\\\";
}

const mostRowsInOne = 24;

/** Aligned rows; those too long for the page are set smaller. */
function fitRows(block: Printed, lineWidth: number): Printed {
  const rows = block.rows as readonly AlignedRow[];
  const [left, right] = [
    Math.max(...rows.map((row) => measure(row.left))),
    Math.max(...rows.map((row) => measure(row.right))),
  ];
  // What is set smaller stays on one page: more rows than that are left as they are.
  return { ...block, isWide: left + right > lineWidth && rows.length <= mostRowsInOne };
}

const fitDisplay = (block: Printed, lineWidth: number): Printed => ({
  ...block,
  isWide: measure(block.formula as string) + (block.tag === null ? 0 : 6) > lineWidth,
});

/** Words take what short columns leave. */
function fitTable(block: Printed): Printed {
  const columns = block.columns as readonly ("words" | "number" | "short")[];
  const words = `>{\\raggedright\\arraybackslash}p{${columns.length > 3 ? 0.3 : 0.5}\\linewidth}`;
  const types = { words, number: "r", short: "l" } as const;
  return { ...block, columns: `@{}${columns.map((type) => types[type]).join("")}@{}` };
}
