import { beforeAll, describe, expect, test } from "vitest";
import { languages, reasons, titles } from "../../src/derivation/index.ts";
import { arrange, render, sections, type Block, type Document, type Section } from "../../src/document/index.ts";
import { words } from "../../src/document/words.ts";
import { children, print, view, type Expr } from "../../src/expression/index.ts";
import { latex, readLatex, typeset, typesetFormula, unicode, type Formula } from "../../src/notation/index.ts";
import { describeFormula } from "../notation/round-trip.ts";
import {
  asSeen,
  cases,
  codeOf,
  derivationOf,
  displayedIn,
  formulasIn,
  traceOf,
  treesOf,
  vocabularyFor,
} from "./documents.ts";
import { formulasOf, seenIn } from "./printed.ts";

const formats = ["tex", "fragment", "md", "text"] as const;

/** Longer than the letters that formulas have in braces. */
const slots = [words, reasons].flatMap((table) => JSON.stringify(table).match(/\{\w{3,}\}/g) ?? []);

const sectionsOf = ({ blocks }: Document): string[] =>
  blocks.flatMap((block) => (block.kind === "heading" && block.level === 1 ? [block.id] : []));

describe.each(cases)("$title", ({ derivation, document, language }) => {
  let arranged: Document;
  beforeAll(async () => {
    arranged = await document();
  });
  const seen = (formula: Formula): string => describeFormula(asSeen(formula));
  const reread = (text: string, formula: Formula): string =>
    describeFormula(readLatex(text, vocabularyFor(formula, derivation())));

  test("every formula reads back from its LaTeX as what was checked", () => {
    const formulas = formulasIn(arranged.blocks);
    expect(formulas.length).toBeGreaterThan(300);
    for (const formula of formulas) {
      const text = typesetFormula(formula, latex);
      expect(reread(text, formula), text).toBe(seen(formula));
    }
  });

  test("the lines that Markdown shows are the formulas of the blocks, aligned, framed and broken as they may be", () => {
    const expected = arranged.blocks.flatMap(displayedIn);
    const shown = formulasOf(render(arranged, "md")).displays.flatMap(seenIn);
    expect(shown).toHaveLength(expected.length);
    for (const [i, formula] of expected.entries()) {
      const text = shown[i] as string | null;
      expect(text === null ? null : formula === null ? text : reread(text, formula)).toBe(
        formula === null ? null : seen(formula),
      );
    }
  });

  test("Markdown and TeX have every formula between words, and Markdown no other", () => {
    const between = arranged.blocks.flatMap((block) => [
      ...slotsOf(block),
      ...(block.kind === "steps" ? block.lines.flatMap(({ name, reason }) => [name, reason]).flatMap(slotsOf) : []),
    ]);
    const expected = new Set(between.map((formula) => typesetFormula(formula, latex)));
    expect(new Set(formulasOf(render(arranged, "md")).inline)).toEqual(expected);
    const tex = render(arranged, "fragment");
    for (const formula of expected) expect(tex).toContain(`$${formula}$`);
  });

  test("nothing is left to fill in", () => {
    for (const format of formats) {
      const text = render(arranged, format).replace(/\\\w+\{\w+\}/g, "");
      const wrong = [
        /undefined|\[object|\bNaN\b|Infinity/.exec(text)?.[0],
        ...slots.filter((slot) => text.includes(slot)),
      ];
      expect(
        wrong.filter((found) => found !== undefined),
        format,
      ).toEqual([]);
      expect(text.includes("推导"), format).toBe(language === "zh");
    }
  });

  test("all steps of the trace are printed, in order, in every format", () => {
    const trees = traceOf(derivation()).map(({ after }) => after);
    const blocks = arranged.blocks.flatMap((block) => (block.kind === "steps" ? block.lines : []));
    expect(blocks.map(({ right }) => print(right))).toEqual(trees.map(print));
    for (const format of formats) {
      const notation = format === "text" ? unicode : latex;
      const text = withoutSpace(render(arranged, format));
      let at = 0;
      for (const tree of trees) {
        const line = withoutSpace(`= ${typeset(tree, notation).text}`);
        at = text.indexOf(line, at) + line.length;
        expect(at, `${format}: ${line}`).toBeGreaterThanOrEqual(line.length);
      }
    }
  });

  test("its twelve sections stand in their order", () => {
    expect(sections).toHaveLength(12);
    expect(sectionsOf(arranged)).toEqual(sections);
  });

  test("a number of neurons is a number or n with a layer, never a letter that counts neurons", () => {
    for (const formula of formulasIn(arranged.blocks)) {
      for (const size of sizesIn(formula)) expect(["number", "size"], print(size)).toContain(view(size).kind);
    }
  });
});

const withoutSpace = (text: string): string => text.replace(/\s+/g, "");

/** The formulas between the words of a block, those of steps aside. */
function slotsOf(value: unknown): Formula[] {
  if (typeof value !== "object" || value === null) return [];
  if ("slots" in value) return formulasIn(value.slots);
  if (Array.isArray(value)) return value.flatMap(slotsOf);
  if (!("kind" in value)) return [];
  const block = value as Block;
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return slotsOf(block.text);
    case "list":
      return slotsOf(block.items);
    case "table":
      return slotsOf([block.head, block.rows]);
    case "picture":
      return slotsOf(block.caption);
    default:
      return [];
  }
}

/** Everything in a formula that says how many. */
function sizesIn(formula: Formula): Expr[] {
  const bounds =
    formula.kind === "equality" ? (formula.where ?? []) : formula.kind === "bounds" ? [formula.bounds] : [];
  const ofNeurons = bounds.filter(({ index }) => print(index) !== "l").map(({ most }) => most);
  return [...(formula.kind === "shape" ? formula.sizes : []), ...ofNeurons, ...treesOf(formula).flatMap(sizesInTree)];
}

function sizesInTree(tree: Expr): Expr[] {
  const v = view(tree);
  const own = v.kind === "sum" ? [v.to] : v.kind === "call" && v.name === "shape" ? v.args : [];
  return [...own, ...children(tree).flatMap(sizesInTree)];
}

describe("a document with some of its sections", () => {
  const derivation = derivationOf("2-3-1");
  let whole: Document;
  let code: Awaited<ReturnType<typeof codeOf>>;
  beforeAll(async () => {
    code = await codeOf("2-3-1");
    whole = arrange(derivation, "en", { code });
  });
  const textOf = (document: Document): string => render({ ...document, title: "" }, "text").replace(/^\n\n/, "");

  test.each(sections)("only %s is as it stands in the whole document", (section) => {
    const alone = arrange(derivation, "en", { code, sections: [section] });
    expect(sectionsOf(alone)).toEqual([section]);
    expect(textOf(whole)).toContain(textOf(alone).trimEnd());
  });

  test.each(sections)("without %s all others are there", (section) => {
    const others = sections.filter((name) => name !== section);
    const document = arrange(derivation, "en", { code, sections: others });
    expect(sectionsOf(document)).toEqual(others);
    const length = (name: Section): number => arrange(derivation, "en", { code, sections: [name] }).blocks.length;
    expect(document.blocks).toHaveLength(whole.blocks.length - length(section));
  });

  test("their order is the document's, whatever the order in which they are asked for", () => {
    expect(sectionsOf(arrange(derivation, "en", { sections: ["cost", "picture"] }))).toEqual(["picture", "cost"]);
  });

  test("without an emitted module there is no section on code", () => {
    expect(sectionsOf(arrange(derivation, "en"))).toEqual(sections.filter((name) => name !== "code"));
  });
});

describe("the tables of words", () => {
  const entries = [
    ...Object.entries(words),
    ...Object.entries(reasons).flatMap(([rule, { name, reason }]) => [
      [`the name of ${rule}`, name] as const,
      [`the reason of ${rule}`, reason] as const,
    ]),
    ...Object.entries(titles).flatMap(([id, { title, meaning }]) => [
      [`the title of ${id}`, title] as const,
      [`the meaning of ${id}`, meaning] as const,
    ]),
  ];

  test.each(entries)("%s is said in both languages, with the same slots", (_, entry) => {
    expect(Object.keys(entry)).toEqual([...languages]);
    expect(entry.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(entry.en).not.toMatch(/[\u3000-\uffdc]/);
    const slots = languages.map((language) => [...entry[language].matchAll(/\{\w+\}/g)].map(String).sort());
    expect(slots[1]).toEqual(slots[0]);
  });
});
