import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import katex from "katex";
import { afterAll, describe, expect, test } from "vitest";
import { derive, languages, reasons } from "../../src/derivation/index.ts";
import { arrange, render, toJson } from "../../src/document/index.ts";
import { print, printEquality, read, readEquality } from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { testWith } from "../optional.ts";

const networks = [
  ["2-3-1", {}],
  ["4-2", { loss: "half-squared" }],
  ["784-128-64-10", {}],
  ["3-4-2", { activation: "tanh,z/(1+exp(-z))", loss: "mean(exp(a-y))*3" }],
  ["2-3-4-5-6-7-8-1", { activation: "softplus" }],
] as const;
const cases = networks.flatMap(([sizes, options]) =>
  languages.map((language) => ({ sizes, language, document: arrange(derive(parseNetwork(sizes, options)), language) })),
);

/** Formulas of a Markdown text: blocks first, then what is left between single dollars. */
function formulasOf(markdown: string): { display: string[]; inline: string[] } {
  const display = [...markdown.matchAll(/^\$\$\n([\s\S]*?)\n\$\$$/gm)].map((m) => m[1] as string);
  const rest = markdown.replace(/^\$\$\n[\s\S]*?\n\$\$$/gm, "");
  return { display, inline: [...rest.matchAll(/\$([^$\n]+)\$/g)].map((m) => m[1] as string) };
}

describe.each(cases)("$sizes in $language", ({ document, language }) => {
  const markdown = render(document, "md");
  const { display, inline } = formulasOf(markdown);

  test("every formula parses in KaTeX, strictly", () => {
    expect(display.length).toBeGreaterThan(20);
    expect(inline.length).toBeGreaterThan(20);
    for (const formula of display)
      katex.renderToString(formula, { displayMode: true, strict: "error", throwOnError: true });
    for (const formula of inline) katex.renderToString(formula, { strict: "error", throwOnError: true });
  });

  test("Markdown survives renderers that read it before the mathematics", () => {
    for (const formula of display) {
      expect(formula).not.toMatch(/^\s*([+\-#]|\d+\.)/m);
      expect((formula.match(/\}_\{/g) ?? []).length, formula).toBeLessThanOrEqual(1);
      expect(formula).not.toMatch(/\\\\|\n\n|\*|'|\\lt|\\bm|\\label|\\intertext/);
    }
    const rows = markdown.split("\n");
    const fences = rows.flatMap((row, i) => (row === "$$" ? [i] : []));
    // An opening fence has a blank line before it, a closing one after it.
    for (const [nth, row] of fences.entries()) expect(rows[nth % 2 === 0 ? row - 1 : row + 1]).toBe("");
    // In Chinese a dollar sign next to a character would not open mathematics.
    expect(markdown).not.toMatch(/[\u3000-\uffdc]\$|\$[\u3000-\uffdc]/);
  });

  test("TeX has no mathematics of another kind than Markdown", () => {
    const tex = render(document, "fragment");
    for (const formula of inline) expect(tex).toContain(`$${formula}$`);
  });

  test("nothing is left to fill in", () => {
    for (const format of ["tex", "fragment", "md", "text"] as const) {
      const text = render(document, format);
      expect(text).not.toMatch(/undefined|\[object|NaN|\{\{|\}\}\}\}/);
      if (format === "text") expect(text).not.toMatch(/\\[a-z]/);
    }
    expect(markdown.includes("推导")).toBe(language === "zh");
  });
});

test("the words of the rules differ between languages", () => {
  for (const { name, reason } of Object.values(reasons)) {
    expect(name.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(reason.zh).toMatch(/[\u4e00-\u9fff]/);
    expect([...reason.en.matchAll(/\{\w+\}/g)].map(String).sort()).toEqual(
      [...reason.zh.matchAll(/\{\w+\}/g)].map(String).sort(),
    );
  }
});

test("all steps of the trace are printed, in order", () => {
  const derivation = derive(parseNetwork("2-3-1"));
  const steps = arrange(derivation, "en").blocks.filter((b) => b.kind === "steps");
  const printed = steps.flatMap((b) => b.lines.map((line) => print(line.right)));
  expect(printed).toEqual(
    derivation.equations.flatMap((e) => [...e.steps, ...e.evaluation].map((s) => print(s.after))),
  );
});

describe("JSON", () => {
  interface Formula {
    readonly math: string;
    readonly latex: string;
  }
  const json = JSON.parse(toJson(derive(parseNetwork("2-3-1")), "0.0.0")) as {
    deltarule: string;
    network: unknown;
    forward: Formula[];
    layers: unknown[];
    gradients: Record<string, Formula>;
    equations: {
      id: string;
      title: Record<string, string>;
      statement: Formula;
      evaluated: Formula;
      steps: {
        rule: string;
        reason: Record<string, string>;
        before: Formula;
        after: Formula;
        check: { draws: number; seed: number };
      }[];
    }[];
  };

  test("has the keys of the contract", () => {
    expect(json.equations.map((e) => e.id)).toEqual(["BP1", "BP2", "BP3", "BP4"]);
    expect(Object.keys(json.gradients)).toEqual(["W3", "b3", "W2", "b2"]);
    expect(json.layers).toHaveLength(2);
    for (const { title, steps } of json.equations) {
      expect(Object.keys(title)).toEqual(["en", "zh"]);
      for (const { reason, check } of steps) {
        expect(reason.en).toBeTruthy();
        expect(reason.zh).toBeTruthy();
        expect(check.draws).toBeGreaterThan(0);
      }
    }
  });

  test("every math reads back to the identical tree, and every latex parses", () => {
    const equalities = [
      ...json.forward,
      ...Object.values(json.gradients),
      ...json.equations.flatMap((e) => [e.statement, e.evaluated]),
    ];
    for (const { math, latex } of equalities) {
      const { left, right } = readEquality(math);
      expect(printEquality(left, right)).toBe(math);
      katex.renderToString(latex, { strict: "error", throwOnError: true });
    }
    for (const { before, after } of json.equations.flatMap((e) => e.steps)) {
      for (const { math } of [before, after]) expect(print(read(math))).toBe(math);
    }
  });
});

describe("pdflatex", () => {
  const folder = mkdtempSync(join(tmpdir(), "deltarule-tex-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  testWith("pdflatex").each(cases.map(({ sizes, language, document }) => [sizes, language, document] as const))(
    "compiles %s in %s",
    (sizes, language, document) => {
      const name = `${sizes}-${language}`;
      writeFileSync(join(folder, `${name}.tex`), render(document, "tex"));
      const { status, stdout } = spawnSync("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", `${name}.tex`], {
        cwd: folder,
        encoding: "utf8",
      });
      expect(stdout.split("\n").filter((line) => /^!|Overfull/.test(line))).toEqual([]);
      expect(status).toBe(0);
      expect(
        readFileSync(join(folder, `${name}.pdf`))
          .subarray(0, 4)
          .toString(),
      ).toBe("%PDF");
    },
  );
});
