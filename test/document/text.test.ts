import { beforeAll, describe, expect, test } from "vitest";
import { render, type Block, type Document, type Rich } from "../../src/document/index.ts";
import { toText } from "../../src/document/picture-text.ts";
import { columnsOf, wrap } from "../../src/document/text.ts";
import { typesetFormula, unicode } from "../../src/notation/index.ts";
import { cases } from "./documents.ts";

const widths = [60, 80, 100, 140] as const;

test.each([
  ["δ^l_j ⊙ σ′", 10],
  ["误差 δ", 6],
  ["（一）。", 8],
  ["n₁ ≤ Σ", 6],
])("%s takes %i columns", (text, columns) => {
  expect(columnsOf(text)).toBe(columns);
});

describe("a text is broken into lines", () => {
  test.each([
    ["at spaces", "one two three four", 9, ["one two", "three", "four"]],
    ["between Chinese characters", "反向传播算法", 8, ["反向传播", "算法"]],
    ["not before Chinese punctuation", "反向传播。算法", 8, ["反向传", "播。算法"]],
    ["not within a word that is longer than a line", "a unbreakable b", 6, ["a", "unbreakable", "b"]],
    ["and nothing is one empty line", "", 6, [""]],
  ])("%s", (_, text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  test("that go on further in than the first", () => {
    expect(wrap("one two three", 9, "• ", "  ")).toEqual(["• one two", "  three"]);
  });
});

describe.each(cases)("text of $title", ({ document: arrange }) => {
  let document: Document;
  beforeAll(async () => {
    document = await arrange();
  });

  test.each(widths)("no line is wider than %i columns, unless it is code, one word or in the drawing", (width) => {
    const lines = document.blocks.flatMap((block) => {
      if (block.kind === "picture") return toText(block.picture);
      return block.kind === "code" ? block.lines.map(({ text }) => text) : [];
    });
    const asTheyAre = new Set(lines.map((line) => line.trim()));
    const isAsItIs = (line: string): boolean => asTheyAre.has(line.trim().replace(/^\d+\s+/, ""));
    const isOneWord = (line: string): boolean => !/\S\s+\S/.test(line.replace(/^\s*(=|│|•|\d+\.)\s/, ""));
    const wide = render(document, "text", { width })
      .split("\n")
      .filter((line) => columnsOf(line) > width && !isAsItIs(line) && !isOneWord(line));
    expect(wide.join("\n")).toBe("");
  });

  test.each(widths)("at %i columns nothing of what is said is lost, and nothing is in LaTeX", (width) => {
    const text = render(document, "text", { width });
    expect(text).not.toMatch(/\\[a-zA-Z]|\$/);
    const letters = withoutSpace(text);
    let at = 0;
    for (const said of document.blocks.flatMap(wordsOf).map(withoutSpace)) {
      const found = letters.indexOf(said, at);
      expect(found, `${said} after ${letters.slice(at - 60, at)}`).toBeGreaterThanOrEqual(0);
      at = found;
    }
  });

  test("cells of one table stand under each other, each apart from its neighbour", () => {
    for (const width of widths) {
      const lines = render(document, "text", { width }).split("\n");
      for (const [i, rule] of lines.entries()) {
        if (!/^─+( {2}─+)+$/.test(rule)) continue;
        const gaps = [...rule.matchAll(/ {2}/g)].map(({ index }) => index);
        const end = lines.indexOf("", i);
        for (const row of [lines[i - 1] as string, ...lines.slice(i + 1, end)])
          for (const gap of gaps) expect(columnsFrom(row, gap).slice(0, 2).trim(), row).toBe("");
      }
    }
  });
});

const withoutSpace = (text: string): string => text.replace(/[\s│]+/g, "");

/** What stands in a text from some column on. */
function columnsFrom(text: string, column: number): string {
  const letters = Array.from(text);
  let at = 0;
  while (letters.length > 0 && at < column) at += columnsOf(letters.shift() as string);
  return letters.join("");
}

/** The words of a block as they follow each other: those of tables stand in columns, which are broken each by itself. */
function wordsOf(block: Block): string[] {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return [written(block.text)];
    case "list":
      return block.items.map(written);
    case "display":
      return [typesetFormula(block.formula, unicode)];
    case "equations":
      return block.rows.flatMap((row) => (row === null ? [] : [typesetFormula(row, unicode)]));
    case "steps":
      return block.lines.flatMap(({ name, reason }) => [written(name), written(reason)]);
    case "picture":
      return [written(block.caption)];
    default:
      return [];
  }
}

const written = ({ words, slots }: Rich): string =>
  words.replace(/\{(\w+)\}/g, (_, name: string) => {
    const slot = slots[name];
    if (slot === undefined) throw new Error(`nothing in the place of ${name}`);
    return slot.kind === "code" ? slot.text : typesetFormula(slot, unicode);
  });
