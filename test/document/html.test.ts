import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Element, ElementContent, Root, RootContent } from "hast";
import { fromHtml } from "hast-util-from-html";
import katex from "katex";
import opentype from "opentype.js";
import { describe, expect, test } from "vitest";
import { derive } from "../../src/derivation/index.ts";
import { arrange, render } from "../../src/document/index.ts";
import { joinPunctuation, typesetter } from "../../src/document/html-formula.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { latex, typeset } from "../../src/notation/index.ts";
import { randomTree } from "../notation/random-tree.ts";

const cases = (
  [
    ["2-3-1", "en", {}],
    ["2-3-1", "zh", {}],
    ["3-4-2", "zh", {}],
    ["784-30-10", "en", {}],
    ["3-5-2", "en", { activation: "tanh,softplus", loss: "half-squared" }],
    ["2-2-2", "zh", { activation: "z/sqrt(1+z*z)" }],
  ] as const
).map(([sizes, language, options]) => {
  const document = arrange(derive(parseNetwork(sizes, options)), language);
  return { name: `${sizes} ${Object.values(options).join(" ")}`.trim(), language, document };
});

type Node = Root | RootContent | ElementContent;
const childrenOf = (node: Node): readonly Node[] => ("children" in node ? node.children : []);
const isElement = (node: Node): node is Element => node.type === "element";
const all = (node: Node): Element[] => [...(isElement(node) ? [node] : []), ...childrenOf(node).flatMap(all)];
const textOf = (node: Node): string => (node.type === "text" ? node.value : childrenOf(node).map(textOf).join(""));
const hasClass = (node: Element, name: string): boolean =>
  Array.isArray(node.properties.className) && node.properties.className.includes(name);

/** What is seen of a formula, without the punctuation after it. */
const seen = (node: Node): string =>
  isElement(node) && (node.tagName === "math" || hasClass(node, "p"))
    ? ""
    : node.type === "text"
      ? node.value
      : childrenOf(node).map(seen).join("");

describe.each(cases)("$name in $language", ({ document, language }) => {
  const html = render(document, "html");
  const rest = html.replace(/url\(data:font\/woff2;base64,[\w+/=]+\)/g, "");
  const complaints: string[] = [];
  const tree = fromHtml(html, { onerror: (error) => void complaints.push(String(error)) });
  const elements = all(tree);
  const formulas = elements.filter((element) => hasClass(element, "k"));

  test("is well-formed and has nothing left to fill in", () => {
    expect(complaints).toEqual([]);
    expect(rest).not.toMatch(/undefined|\[object|NaN|\{\{|katex-error|\ue000/);
    const root = elements.find(({ tagName }) => tagName === "html");
    expect(root?.properties.lang).toBe(language === "zh" ? "zh-CN" : "en");
    for (const landmark of ["header", "nav", "main", "h1"])
      expect(elements.filter(({ tagName }) => tagName === landmark)).toHaveLength(1);
  });

  test("is at most 400 kB", () => {
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(400_000);
  });

  test("needs no other file and no script", () => {
    expect(rest.replace(/ xmlns="[^"]*"/g, "")).not.toMatch(/https?:|url\(|@import|<script|<link|\ssrc=| on\w+=/);
  });

  test("every formula is there for eyes and for ears", () => {
    expect(formulas.length).toBeGreaterThan(100);
    for (const formula of formulas) {
      const inside = all(formula);
      const maths = inside.filter(({ tagName }) => tagName === "math");
      expect(maths).toHaveLength(1);
      expect(textOf(maths[0] as Element)).not.toBe("");
      expect(seen(formula)).not.toBe("");
      const hidden = inside.filter(({ properties }) => properties.ariaHidden !== undefined);
      expect(hidden.map(seen).join("")).toBe(seen(formula));
    }
  });

  test("every step of the document has an item with its formula, its name and its reason", () => {
    const steps = document.blocks.flatMap((block) => (block.kind === "steps" ? block.lines : []));
    const items = elements
      .filter((element) => hasClass(element, "steps"))
      .flatMap(all)
      .filter(({ tagName }) => tagName === "li");
    expect(items).toHaveLength(steps.length);
    for (const item of items) expect(seen(item)).toMatch(/^=[\s\S]+\(\d+\) [\s\S]+[.：]/);
  });

  test("the contents link to every heading, in order", () => {
    const headings = elements.filter(({ tagName }) => /^h[23]$/.test(tagName)).map(({ properties }) => properties.id);
    const nav = elements.find(({ tagName }) => tagName === "nav") as Element;
    const links = all(nav).flatMap(({ properties: { href } }) => (typeof href === "string" ? [href] : []));
    expect(links).toEqual(headings.map((id) => `#${String(id)}`));
    const ids = elements.flatMap(({ properties: { id } }) => (id === undefined ? [] : [id]));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { properties } of elements) {
      const href = properties.href;
      if (typeof href === "string") expect(ids).toContain(href.slice(1));
    }
  });

  test("tables have headers, the picture has words", () => {
    for (const cell of elements.filter(({ tagName }) => tagName === "th"))
      expect(["col", "row"]).toContain(cell.properties.scope);
    const picture = elements.find(({ properties }) => properties.role === "img") as Element;
    const words = picture.properties.ariaLabel ?? textOf(all(picture).find((e) => e.tagName === "title") as Element);
    expect(words).toMatch(language === "zh" ? /神经元/ : /neuron/);
    expect(words).not.toMatch(/\\|</);
  });

  test("every character is in the embedded font that it is set in", () => {
    const families = new Map(
      [...html.matchAll(/\.(_\w+)\{[^}]*font-family:(\w+)/g)].map(([, name = "", family = ""]) => [name, family]),
    );
    const embedded = new Set([...html.matchAll(/@font-face\{font-family:(\w+)/g)].map((match) => match[1]));
    for (const [family, character] of formulas.flatMap((formula) => lettersOf(formula, families, null))) {
      expect(embedded).toContain(family);
      expect(fontOf(family).charToGlyphIndex(character), `${character} in ${family}`).toBeGreaterThan(0);
    }
  });
});

/** Each letter with its font: that of the class around it, else italic for letters and upright for the rest. */
function lettersOf(node: Node, families: ReadonlyMap<string, string>, family: string | null): [string, string][] {
  if (node.type === "text")
    return Array.from(node.value, (character) => [
      family ?? (/[A-Za-zα-ω]/.test(character) ? "KaTeX_Math" : "KaTeX_Main"),
      character,
    ]);
  if (isElement(node) && (node.tagName === "math" || hasClass(node, "p"))) return [];
  const names = isElement(node) && Array.isArray(node.properties.className) ? node.properties.className : [];
  const own = names.map((name) => families.get(name)).find((found) => found !== undefined);
  return childrenOf(node).flatMap((child) => lettersOf(child, families, own ?? family));
}

const fonts = new Map<string, opentype.Font>();
function fontOf(family: string): opentype.Font {
  const file = `KaTeX_${family.slice(6)}-${family === "KaTeX_Math" ? "Italic" : "Regular"}.ttf`;
  const font =
    fonts.get(family) ??
    opentype.parse(
      Uint8Array.from(
        readFileSync(new URL(`fonts/${file}`, `file://${createRequire(import.meta.url).resolve("katex")}`)),
      ).buffer,
    );
  fonts.set(family, font);
  return font;
}

describe("formulas", () => {
  const markdown = cases.map(({ document }) => render(document, "md")).join("\n");
  const formulas = new Set(
    [...markdown.matchAll(/\$([^$\n]+)\$|^\$\$\n([\s\S]*?)\n\$\$$/gm)].map((match) => match[1] ?? match[2] ?? ""),
  );

  const macros = { "\\arraystretch": "1.25" };

  test("have the letters that KaTeX gives them, in the same order", () => {
    expect(formulas.size).toBeGreaterThan(200);
    for (const formula of [...formulas].filter((text) => !/\\tag|\\boxed|\\text/.test(text))) {
      const theirs = textOf(fromHtml(katex.renderToString(formula, { output: "html", macros }), { fragment: true }));
      const { inline, display } = typesetter();
      const ours = seen(fromHtml(joinPunctuation(inline(formula)), { fragment: true }));
      expect(ours, formula).toBe(theirs.replaceAll("\u200b", ""));
      if (formula.includes("\\begin")) continue;
      expect(seen(fromHtml(display(formula), { fragment: true })).length, formula).toBe(ours.length);
    }
  });

  test("of every kind have the letters that KaTeX gives them, in the same order", () => {
    for (let seed = 0; seed < 300; seed++) {
      const formula = typeset(randomTree(seed), latex).text;
      const theirs = textOf(fromHtml(katex.renderToString(formula, { output: "html", macros }), { fragment: true }));
      const { inline, display, styleSheet } = typesetter();
      const set = fromHtml(joinPunctuation(inline(formula)), { fragment: true });
      expect(seen(set), formula).toBe(theirs.replaceAll("\u200b", ""));
      display(formula);
      const families = new Map(
        [...styleSheet().matchAll(/\.(_\w+)\{[^}]*font-family:(\w+)/g)].map(([, name = "", family = ""]) => [
          name,
          family,
        ]),
      );
      for (const [family, character] of lettersOf(set, families, null))
        expect(fontOf(family).charToGlyphIndex(character), `${character} in ${family}`).toBeGreaterThan(0);
    }
  });

  test("a comparison is no mark of HTML", () => {
    const set = typesetter().inline("\\begin{cases} 1 & z < 2 \\cr 0 & z \\ge 2 \\end{cases}");
    expect(set).not.toMatch(/<(?![/\w])/);
    expect(set.match(/&lt;/g)).toHaveLength(2);
  });

  test("punctuation after a formula stays with its last part", () => {
    const set = (words: string): string => joinPunctuation(words.replace("{}", typesetter().inline("x = y")));
    expect(set("{}, so")).toMatch(/<span class=p>,<\/span><\/span><\/span> so$/);
    expect(set("{}。")).toMatch(
      /<span class=n><u aria-hidden=true[^>]*>y<\/u><span class=p>。<\/span><\/span><\/span>$/,
    );
    expect(set("{} so")).not.toMatch(/class=n|\ue000/);
  });

  test("a class of KaTeX's that has no layout here is refused, not dropped", () => {
    expect(() => typesetter().inline("\\mathbf{x}")).toThrow(/no layout for KaTeX's class/);
    expect(() => typesetter().inline("\\unknown")).toThrow(/KaTeX parse error/);
  });

  test("each class and each outline is written once", () => {
    const { inline, styleSheet } = typesetter();
    const once = inline("x_{j}");
    expect(inline("x_{j}")).toBe(once);
    const rules = styleSheet()
      .split("\n")
      .filter((line) => line.startsWith("._"));
    expect(new Set(rules).size).toBe(rules.length);
    const tall = `\\begin{pmatrix} a \\cr b \\cr c \\cr d \\end{pmatrix}`;
    const outlines = [...`${inline(tall)}${inline(tall)}`.matchAll(/<path id="([^"]+)"/g)].map((match) => match[1]);
    expect(outlines).toHaveLength(2);
    expect(new Set(outlines).size).toBe(2);
  });
});
