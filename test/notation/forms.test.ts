import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { elementary, read } from "../../src/expression/index.ts";
import { breakLine, latex, measure, typeset, typst, unicode } from "../../src/notation/index.ts";
import { renderKatex, renderMathJax } from "../document/latex-engines.ts";
import { testWith } from "../optional.ts";
import { randomTree } from "./random-tree.ts";

/** A tree, and how it is written in Unicode and in Typst; in LaTeX it is among what is read back. */
const forms: readonly (readonly [tree: string, unicode: string, typst: string])[] = [
  ["z > 0 ? z : 0.01 * z", "(z > 0 ? z : 0.01 · z)", "cases(z & quad z gt 0, 0.01 z & quad z lt.eq 0)"],
  ["z <= J ? 1 : 2", "(z ≤ J ? 1 : 2)", "cases(1 & quad z lt.eq J, 2 & quad z gt J)"],
  [
    "z > 1 ? 1 : z >= 0 ? z : 0",
    "(z > 1 ? 1 : (z ≥ 0 ? z : 0))",
    "cases(1 & quad z gt 1, cases(z & quad z gt.eq 0, 0 & quad z lt 0) & quad z lt.eq 1)",
  ],
  ["J * (z > 0 ? 1 : 0)", "J · (z > 0 ? 1 : 0)", "J (cases(1 & quad z gt 0, 0 & quad z lt.eq 0))"],
  ["(z > 0 ? 1 : 2) ^ 2", "(z > 0 ? 1 : 2)^2", "(cases(1 & quad z gt 0, 2 & quad z lt.eq 0))^(2)"],
  ["maximum(k, 1:size(l), x[k])", "max_{k=1..n_l} x_k", "max_(1 lt.eq k lt.eq n_(l)) x_(k)"],
  ["maximum(k, 1:3, x[k] - 1) * J", "(max_{k=1..3} (x_k − 1)) · J", "(max_(1 lt.eq k lt.eq 3) (x_(k) - 1)) J"],
  ["max(z, min(J, 0))", "max(z, min(J, 0))", "max(z, min(J, 0))"],
  ["abs(z) ^ 2", "|z|^2", "abs(z)^(2)"],
  ["abs(abs(z) - 1)", "abs(|z| − 1)", "abs(abs(z) - 1)"],
  ["sign(z) * erf(z)", "sgn(z) · erf(z)", 'op("sgn")(z) op("erf")(z)'],
  ["z * erfc(-z)", "z · erfc(−z)", 'z op("erfc")(-z)'],
  ["pi * z", "π · z", "pi z"],
  ["size(h) / size(h2)", "h/h_2", "frac(h, h_(2))"],
  ["size(hidden)", "hidden", 'op("hidden")'],
  ["R[l][] + R2 ^ 2", "R^l + (R^2)^2", "R^(l) + (R^(2))^(2)"],
  ["partial(J, R2)", "∂J/∂R^2", "frac(partial J, partial R^(2))"],
  ["W[l][1, j] * W[l][12, j]", "w^l_{1j} · w^l_{12,j}", "w_(1 j)^(l) w_(12,j)^(l)"],
  ["T[l][m, i, n]", "t^l_{min}", "t_(m i n)^(l)"],
  ["relu_prime(z)", "relu′(z)", `op("relu")'(z)`],
  ["leaky_relu(z) * f(z, J)", "leaky_relu(z) · f(z, J)", 'op("leaky relu")(z) f(z, J)'],
];

test.each(forms)("%s in Unicode and in Typst", (tree, inUnicode, inTypst) => {
  expect(typeset(read(tree), unicode).text).toBe(inUnicode);
  expect(typeset(read(tree), typst).text).toBe(inTypst);
});

const printed = [
  ...forms.map(([tree]) => typeset(read(tree), latex).text),
  ...Object.entries(elementary).map(
    ([name, count]) => typeset(read(`${name}(${Array(count).fill("z / 2").join(", ")})`), latex).text,
  ),
];
const formulas = [true, false].flatMap((display) => printed.map((text) => ({ latex: text, display })));

test("KaTeX and MathJax set every form at their strictest", async () => {
  expect(renderKatex(formulas)).toHaveLength(formulas.length);
  expect(await renderMathJax(formulas)).toHaveLength(formulas.length);
});

testWith("pdflatex")("pdflatex sets every form with amsmath alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "deltarule-forms-"));
  const body = printed.map((text) => `$${text}$\n\\[${text}\\]`).join("\n");
  const source = `\\documentclass{article}\\usepackage{amsmath}\\begin{document}\n${body}\n\\end{document}\n`;
  writeFileSync(join(folder, "forms.tex"), source);
  const { status, stdout } = spawnSync("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "forms.tex"], {
    cwd: folder,
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  expect(stdout).not.toMatch(/^!|Missing character/m);
  expect(status).toBe(0);
});

describe("widths", () => {
  const width = (tree: string): number => measure(typeset(read(tree), latex).text);

  test("a choice in a choice is wider than either", () => {
    const inner = width("z > 0 ? z * J : 0");
    expect(width("J > 1 ? z : z > 0 ? z * J : 0")).toBeGreaterThan(inner + 1);
    expect(width("z > 0 ? z * J : 0")).toBeLessThan(12);
  });

  test("lines end outside a choice, bars and arguments", () => {
    const tree = "abs(z - J) + (z > 0 ? z + 1 : 0) + max(z + 1, J - 1) + 1";
    expect(breakLine(typeset(read(tree), latex).text, 10)).toEqual([
      "\\left\\lvert z - J\\right\\rvert",
      "+ \\left(\\begin{cases} z + 1 & z > 0 \\cr 0 & z \\le 0 \\end{cases}\\right)",
      "+ \\max(z + 1, J - 1)",
      "+ 1",
    ]);
  });

  test("every random tree has one", () => {
    for (let seed = 0; seed < 500; seed++) expect(measure(typeset(randomTree(seed), latex).text)).toBeGreaterThan(0);
  });
});

test.each(["max(z)", "tanh(z, J)", "max[l](z, J)", "abs[l](z)", "f()"])("%s has no notation", (tree) => {
  expect(() => typeset(read(tree), latex)).toThrow(/^no notation for/);
});
