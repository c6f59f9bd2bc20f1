import { unicode } from "../notation/index.ts";
import type { Block, Document, Rich } from "./content.ts";
import { printBlock, printRich, type AlignedRow, type Markup } from "./markup.ts";
import { toText } from "./picture-text.ts";

const markup: Markup = {
  template: "",
  notation: unicode,
  escape: (words) => words,
  inline: (formula) => formula,
  code: (text) => text,
  wordsInFormula: (words) => words,
  boxed: (formula) => formula,
  headings: { 1: "=", 2: "-" },
  picture: (picture) => toText(picture).join("\n"),
  tidyWords: (text) => text,
  frame: {},
  lineWidth: null,
  isPaged: false,
};

export const defaultWidth = 100;
const indent = "    ";
/** From this width on the reason of a step stands beside it. */
const wide = 120;

/** The document for a terminal of the given width, in columns. */
export function renderText({ title, blocks, language }: Document, width: number): string {
  const colon = language === "zh" ? "：" : ": ";
  const body = blocks.map((block) => layOut(block, Math.max(width, 40), colon).join("\n"));
  return `${[`${title}\n${"=".repeat(columnsOf(title))}`, ...body].join("\n\n")}\n`;
}

/** Columns that a text takes on a terminal: Chinese characters take two. */
export const columnsOf = (text: string): number =>
  Array.from(text).reduce(
    (total, c) => total + (/[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(c) ? 2 : 1),
    0,
  );

const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - columnsOf(text)));

/** A table too wide for the terminal: a paragraph for each row, its cells named by the head. */
function asList([head, ...rows]: readonly (readonly string[])[], width: number): string[] {
  return rows.flatMap((row) => {
    const [first = "", ...others] = row;
    const named = others.flatMap((cell, i) => (cell === "" ? [] : [`${head?.[i + 1] ?? ""}: ${cell}`]));
    return wrap([first, ...named].join("; "), width, "• ", "  ");
  });
}

const longestWord = (text: string): number => Math.max(0, ...wordsOf(text).map((word) => columnsOf(word.trim())));

/** What a line is made of: words with the punctuation that closes them, single Chinese characters, and spaces. */
const wordsOf = (text: string): readonly string[] =>
  text.match(/[\u2e80-\uffdc][，。；：、！？）」]*|[^ \u2e80-\uffdc]+[，。；：、！？）」]*| +/gu) ?? [];

/** Breaks a text at spaces, and between Chinese characters, where no line may start with closing punctuation. */
export function wrap(text: string, width: number, first = "", rest = first): string[] {
  // Bounds stay on one line.
  const words = wordsOf(text.replace(/ ≤ /g, "\u00a0≤\u00a0"));
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of words) {
    const isSpace = word.trim() === "";
    if (!isEmpty && columnsOf(line + word.trimEnd()) > width && !isSpace) {
      lines.push(line.trimEnd());
      [line, isEmpty] = [rest, true];
    }
    if (isSpace && isEmpty) continue;
    line += isSpace ? " " : word;
    isEmpty = false;
  }
  return (isEmpty && lines.length > 0 ? lines : [...lines, line.trimEnd()]).map((l) => l.replaceAll("\u00a0", " "));
}

function layOut(block: Block, width: number, colon: string): string[] {
  const printed = printBlock(block, markup);
  const text = printed.text as string;
  switch (block.kind) {
    case "heading": {
      const rule = markup.headings[block.level].repeat(Math.min(width, columnsOf(text)));
      return block.level === 1 ? ["", text, rule] : [text, rule];
    }
    case "paragraph":
      return wrap(text, width);
    case "display": {
      const tag = block.tag === null ? "" : `   (${block.tag})`;
      const formula = `${printed.formula as string}${tag}`;
      if (!block.isBoxed) return wrap(formula, width, indent, `${indent}  `);
      return boxed(wrap(formula, width - indent.length - frame.length, "", "  "));
    }
    case "equations":
      return alignedRows(printed.rows as readonly AlignedRow[], width);
    case "steps":
      return steps(block, printed, width, colon);
    case "list":
      return block.items.flatMap((item, i) => {
        const mark = block.isOrdered ? `${i + 1}. ` : "• ";
        return wrap(printRich(item, markup), width, mark, " ".repeat(mark.length));
      });
    case "table":
      return table(block, width);
    case "picture":
      return [
        ...(printed.picture as string).split("\n").map((line) => (indent + line).trimEnd()),
        "",
        ...wrap(printed.caption as string, width),
      ];
    case "code":
      return (printed.lines as readonly string[]).map((line) => indent + line);
  }
}

/** What a box takes of a line. */
const frame = "│  │";

function boxed(lines: readonly string[]): string[] {
  const most = Math.max(...lines.map(columnsOf));
  const rule = "─".repeat(most + 2);
  return [`${indent}┌${rule}┐`, ...lines.map((line) => `${indent}│ ${pad(line, most)} │`), `${indent}└${rule}┘`];
}

function alignedRows(rows: readonly AlignedRow[], width: number): string[] {
  const left = Math.max(...rows.map((row) => columnsOf(row.left)));
  return rows.flatMap((row) =>
    wrap(row.right, width, `${indent}${pad(row.left, left)} `, `${indent}${" ".repeat(left)}   `),
  );
}

function steps(
  block: Extract<Block, { kind: "steps" }>,
  printed: ReturnType<typeof printBlock>,
  width: number,
  colon: string,
): string[] {
  const lines = printed.lines as readonly { number: number; right: string; name: string }[];
  const reason = (i: number): string => printRich((block.lines[i] as { reason: Rich }).reason, markup);
  const left = `${indent}${printed.left as string}`;
  const formulas = lines.map(({ right }) => `= ${right}`);
  const half = Math.max(...formulas.map(columnsOf)) + indent.length + 4;
  if (width < wide || half > width / 2) {
    return [
      left,
      ...lines.flatMap(({ right, name }, i) => [
        ...wrap(`= ${right}`, width, `${indent}  `, `${indent}      `),
        ...wrap(`${name}${colon}${reason(i)}`, width, `${indent}      `, `${indent}          `),
      ]),
    ];
  }
  return [
    left,
    ...lines.flatMap(({ name }, i) =>
      wrap(
        `${name}${colon}${reason(i)}`,
        width,
        `${indent}${pad(`  ${formulas[i] as string}`, half)}`,
        " ".repeat(half + indent.length + 4),
      ),
    ),
  ];
}

/** Columns as wide as they need; where that is too wide, the widest is narrowed and its cells broken. */
function table({ head, rows }: Extract<Block, { kind: "table" }>, width: number): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => printRich(cell, markup)));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => columnsOf(row[i] ?? ""))));
  // A word that cannot be broken sets how narrow its column may become.
  const least = widths.map((_, i) => Math.max(...cells.map((row) => longestWord(row[i] ?? ""))));
  const gap = 2;
  const total = (): number => widths.reduce((a, b) => a + b + gap, -gap);
  const spare = (i: number): number => (widths[i] as number) - (least[i] as number);
  while (total() > width && widths.some((_, i) => spare(i) > 0)) {
    const widest = widths.reduce(
      (best, w, i) => (spare(i) > 0 && (best < 0 || w > (widths[best] as number)) ? i : best),
      -1,
    );
    widths[widest] = (widths[widest] as number) - 1;
  }
  if (total() > width) return asList(cells, width);
  const printRow = (row: readonly string[]): string[] => {
    const broken = row.map((cell, i) => wrap(cell, widths[i] as number));
    const height = Math.max(...broken.map((lines) => lines.length));
    return Array.from({ length: height }, (_, n) =>
      broken
        .map((lines, i) => pad(lines[n] ?? "", (widths[i] as number) + gap))
        .join("")
        .trimEnd(),
    );
  };
  const rule = widths.map((w) => "─".repeat(w)).join(" ".repeat(gap));
  const [first, ...others] = cells as [string[], ...string[][]];
  return [...printRow(first), rule, ...others.flatMap(printRow)];
}
