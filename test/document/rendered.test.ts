import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { render, targets, type Block, type Document, type Target } from "../../src/document/index.ts";
import { testWith } from "../optional.ts";
import { cases } from "./documents.ts";
import { alignedRows, renderKatex, renderMarkdownIt, renderMathJax, renderRemark } from "./latex-engines.ts";
import { formulasOf, rowsOf, withoutCode } from "./printed.ts";

type Of<K extends Block["kind"]> = Extract<Block, { kind: K }>;
const blocksOf = <K extends Block["kind"]>({ blocks }: Document, kind: K): Of<K>[] =>
  blocks.filter((block): block is Of<K> => block.kind === kind);

/** How many rows each displayed block has; a chain too long for one line takes more than one. */
const leastRows = ({ blocks }: Document): number[] =>
  blocks.flatMap((block) => {
    if (block.kind === "display") return [1];
    return block.kind === "equations" ? [block.rows.length] : block.kind === "steps" ? [block.lines.length] : [];
  });

const renderers = {
  "markdown-it": (markdown: string) => Promise.resolve(markdown).then(renderMarkdownIt),
  remark: renderRemark,
};

test("every formula that a document shows is set by KaTeX and by MathJax, each at its strictest", async () => {
  const displays = new Set<string>();
  const inline = new Set<string>();
  // Chinese is in the names of steps alone, which are the same for every network.
  for (const { document, language, sizes } of cases) {
    if (language === "zh" && sizes !== "2-3-1") continue;
    const shown = formulasOf(render(await document(), "md"));
    shown.displays.forEach((latex) => displays.add(latex));
    shown.inline.forEach((latex) => inline.add(latex));
  }
  const formulas = [
    ...[...displays].map((latex) => ({ latex, display: true })),
    ...[...inline].map((latex) => ({ latex, display: false })),
  ];
  expect(displays.size).toBeGreaterThan(200);
  expect(inline.size).toBeGreaterThan(150);
  expect(renderKatex(formulas)).toHaveLength(formulas.length);
  expect(await renderMathJax(formulas)).toHaveLength(formulas.length);
});

describe.each(cases)("portable Markdown, $title", ({ document: arrange }) => {
  let document: Document;
  let markdown: string;
  beforeAll(async () => {
    document = await arrange();
    markdown = render(document, "md");
  });

  test("has nothing that a renderer would take for its own before the mathematics is read", () => {
    const { displays, inline } = formulasOf(markdown);
    expect(displays).toHaveLength(leastRows(document).length);
    for (const formula of displays) {
      expect(formula).not.toMatch(/^\s*([+\-#>]|\d+[.)])/m);
      expect((formula.match(/\}_\{/g) ?? []).length, formula).toBeLessThanOrEqual(1);
    }
    for (const formula of [...displays, ...inline]) {
      // A comparison stands between spaces, where neither can begin a tag.
      expect(formula.replace(/ [<>] /g, "  ")).not.toMatch(/\\\\|\n\s*\n|[*'<>|`]/);
    }
    for (const formula of inline) expect(formula).toMatch(/^\S(.*\S)?$/);
  });

  test("has blank lines around what is displayed, and spaces around what is not", () => {
    const lines = markdown.split("\n");
    const fences = lines.flatMap((line, i) => (line === "$$" ? [i] : []));
    for (const [nth, at] of fences.entries()) expect(lines[nth % 2 === 0 ? at - 1 : at + 1]).toBe("");
    const words = withoutCode(markdown).replace(/^\$\$\n[\s\S]*?\n\$\$$/gm, "");
    expect(words).not.toContain("$$");
    for (const { 0: formula, index } of words.matchAll(/\$[^$\n]+\$/g)) {
      const [before, after] = [words[index - 1], words[index + formula.length]];
      expect(before, formula).toMatch(/^[\s(]?$/);
      // Western punctuation ends a formula everywhere, Chinese does not.
      expect(after, formula).toMatch(/^[\s.,;:)]?$/);
    }
  });

  test.each(Object.keys(renderers) as (keyof typeof renderers)[])("keeps its shape through %s", async (name) => {
    const html = await renderers[name](markdown);
    const rows = alignedRows(html);
    expect(rows).toEqual(formulasOf(markdown).displays.map((display) => rowsOf(display).length));
    const least = leastRows(document);
    expect(rows.filter((count, i) => count < (least[i] as number))).toEqual([]);

    expect(leftover(html)).toEqual([]);
    expect(tablesOf(html)).toEqual(
      blocksOf(document, "table").map(({ head, rows }) => [head, ...rows].map((row) => row.length)),
    );
    expect([...html.matchAll(/<h(\d)>([\s\S]*?)<\/h\1>/g)].map(([, level, text]) => [Number(level), text])).toEqual([
      [1, document.title],
      ...blocksOf(document, "heading").map(({ level, text }) => [level + 1, text.words]),
    ]);
    const drawings = html.match(/<svg\b[^>]*role="img"[\s\S]*?<\/svg>/g) ?? [];
    expect(drawings).toHaveLength(1);
    expect(drawings.map((svg) => svg.replace(/<[^>]*>/g, "").trim())).toEqual([""]);
    const elements = (svg: string): string[] => (svg.match(/<\w+/g) ?? []).sort();
    const [written = ""] = /<svg[\s\S]*<\/svg>/.exec(markdown) ?? [];
    expect(elements(drawings.join())).toEqual(elements(written));
  });
});

/** Marks of mathematics that a reader would see: in what is neither code nor the source beside a formula. */
function leftover(html: string): string[] {
  const text = html.replace(/<(pre|code|annotation|svg)\b[\s\S]*?<\/\1>/g, "").replace(/<[^>]*>/g, "\n");
  return text.match(/.*(\$|\\[a-zA-Z]|\\\\|&amp;=).*/g) ?? [];
}

/** How many cells each row of each table of words has. */
const tablesOf = (html: string): number[][] =>
  (html.match(/<table>[\s\S]*?<\/table>/g) ?? []).map((table) =>
    (table.match(/<tr>[\s\S]*?<\/tr>/g) ?? []).map((row) => (row.match(/<t[hd][ >]/g) ?? []).length),
  );

/** How each place that Markdown is written for marks its formulas. */
const marks: Readonly<Record<Target, { readonly display: RegExp; readonly inline: RegExp }>> = (() => {
  const dollars = /^\$\$\n([\s\S]*?)\n\$\$$/gm;
  const single = { display: dollars, inline: /\$([^$\n]+)\$/g };
  const double = { display: dollars, inline: /\$\$([^$\n]+)\$\$/g };
  const github = { display: /^```math\n([\s\S]*?)\n```$/gm, inline: /\$`([^`$\n]+)`\$/g };
  return { portable: single, obsidian: single, hugo: single, jekyll: double, zhihu: double, github };
})();

describe.each(targets)("Markdown for %s", (target) => {
  const { display, inline } = marks[target];
  const rows = cases.filter(({ sizes }) => sizes === "2-3-1" || sizes === "3-4-2" || sizes === "784-30-10");

  test.each(rows)("$title has the formulas of the portable one, and nothing else marked as one", async (row) => {
    const document = await row.document();
    const portable = formulasOf(render(document, "md"));
    const text = withoutCode(render(document, "md", { target }));
    const words = text.replace(display, "");
    const oneLine = (formula: string | undefined): string => (formula ?? "").replace(/\s+/g, " ");
    const displays = [...text.matchAll(display)].map(([, formula]) => formula);
    expect(displays.map(oneLine)).toEqual(portable.displays.map(oneLine));
    const between = [...words.matchAll(inline)].map(([, formula]) => formula ?? "");
    expect(between).toEqual(portable.inline);
    expect(words.replace(inline, "")).not.toMatch(/\$|\\[a-z]|```/);

    if (target === "github" || target === "zhihu") expect(text).not.toMatch(/<\/?[a-z]/i);
    if (target === "zhihu") expect(displays.filter((formula) => formula?.includes("\n"))).toEqual([]);
    // Between doubled braces both of them look for commands of their own.
    if (target === "jekyll" || target === "hugo") expect(text).not.toMatch(/\{\{|\{%/);
  });

  test("has the front matter of its place, which is YAML, in the place of a title; or a title", async () => {
    for (const { document: arrange } of rows) {
      const document = await arrange();
      const text = render(document, "md", { target });
      const expected: Partial<Record<Target, object>> = {
        hugo: { title: document.title, math: true },
        jekyll: { title: document.title, layout: "post", math: true },
      };
      const { [target]: keys = null } = expected;
      expect(frontMatterOf(text)).toEqual(keys);
      expect(text.match(/^# .*$/gm) ?? []).toEqual(keys === null ? [`# ${document.title}`] : []);
      expect(text.startsWith(keys === null ? "# " : "---\n")).toBe(true);
    }
  });
});

/** Keys with plain words or quoted strings: what of YAML needs no parser. */
function frontMatterOf(markdown: string): Readonly<Record<string, unknown>> | null {
  const lines = /^---\n([\s\S]*?)\n---\n\n/.exec(markdown)?.[1]?.split("\n");
  if (lines === undefined) return null;
  const pairs = lines.map((line) => {
    const [, key, value] = /^([a-z]+): (true|false|[a-z]+|"(?:[^"\\]|\\.)*")$/.exec(line) ?? [];
    if (key === undefined || value === undefined) throw new Error(`not a key and its value: ${line}`);
    return [key, /^("|true$|false$)/.test(value) ? (JSON.parse(value) as unknown) : value] as const;
  });
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error("a key occurs twice");
  return Object.fromEntries(pairs);
}

describe("pdflatex", () => {
  const folder = mkdtempSync(join(tmpdir(), "deltarule-tex-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Everything that is wrong with a document by its log: errors, lines beyond the margin, glyphs that no font has. */
  function complaintsOf(name: string, source: string): string[] {
    writeFileSync(join(folder, `${name}.tex`), source);
    const { status } = spawnSync("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", `${name}.tex`], {
      cwd: folder,
      env: { ...process.env, max_print_line: "1000" },
    });
    const log = readFileSync(join(folder, `${name}.log`), "latin1");
    const lines = log.split("\n").filter((line) => /^!|^Overfull|^Missing character/.test(line));
    // Fonts of dots, made for one resolution, have names that end in pk.
    const bitmaps = log.match(/<[^<>]*pk>/g) ?? [];
    return [...(status === 0 ? [] : [`status ${status}`]), ...lines, ...bitmaps];
  }

  testWith("pdflatex").each(cases)("sets $title without a complaint", async ({ title, document }) => {
    expect(complaintsOf(title.replaceAll(" ", "-"), render(await document(), "tex")).join("\n")).toBe("");
  });

  testWith("pdflatex").each(cases.filter(({ sizes }) => ["2-3-1", "784-30-10"].includes(sizes)))(
    "sets the slides of $title without a complaint",
    async ({ title, document }) => {
      expect(complaintsOf(`${title.replaceAll(" ", "-")}-slides`, render(await document(), "beamer")).join("\n")).toBe(
        "",
      );
    },
  );

  testWith("pdflatex").each(cases.filter(({ sizes }) => sizes === "2-3-1"))(
    "sets $title as part of an article with the packages that it names",
    async ({ title, language, document }) => {
      const fragment = render(await document(), "fragment");
      const name = title.replaceAll(" ", "-");
      writeFileSync(join(folder, `${name}-part.tex`), fragment);
      const packages = /^% Needs the packages (.*)\.$/m.exec(fragment)?.[1]?.split(/, | and /) ?? [];
      expect(packages.length).toBeGreaterThan(3);
      const input = `\\input{${name}-part}`;
      const article = [
        "\\documentclass{article}",
        "\\usepackage[a4paper,margin=2cm]{geometry}",
        `\\usepackage{${[...packages, ...(language === "zh" ? ["CJKutf8"] : [])].join(",")}}`,
        "\\begin{document}",
        language === "zh" ? `\\begin{CJK}{UTF8}{gbsn}\n${input}\n\\end{CJK}` : input,
        "\\end{document}",
      ];
      const complaints = complaintsOf(`${name}-article`, article.join("\n"));
      // Margins and the font of bullets are the business of the article.
      expect(complaints.filter((line) => !/^Overfull|pk>$/.test(line)).join("\n")).toBe("");
    },
  );
});
