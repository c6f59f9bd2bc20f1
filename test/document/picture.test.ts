import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { boxOf, setLine, type Label } from "../../src/document/picture-formula.ts";
import type { Box } from "../../src/document/picture-geometry.ts";
import { linesOf, threeDots } from "../../src/document/picture-lines.ts";
import { toSvg } from "../../src/document/picture-svg.ts";
import { toText } from "../../src/document/picture-text.ts";
import { toTikz } from "../../src/document/picture-tikz.ts";
import { drawNetwork, type Edge } from "../../src/document/picture.ts";
import { divide, num } from "../../src/expression/index.ts";
import { typesetFormula, unicode, type Formula } from "../../src/notation/index.ts";
import { testWith } from "../optional.ts";

const print = (formula: Formula): string => typesetFormula(formula, unicode);

/** What is shown of a network: neurons, connections, the name of the marked connection and where it leads. */
const rows = [
  { network: "1-1", neurons: 2, edges: 1, dots: 0, marked: "w^2_{11}: x_1 → a^2_1" },
  { network: "2-3-1", neurons: 6, edges: 9, dots: 0, marked: "w^2_{12}: x_2 → a^2_1" },
  { network: "1-2-1", neurons: 4, edges: 4, dots: 0, marked: "w^2_{21}: x_1 → a^2_2" },
  { network: "4-2", neurons: 6, edges: 8, dots: 0, marked: "w^2_{12}: x_2 → a^2_1" },
  { network: "5-4-3-2", neurons: 14, edges: 38, dots: 0, marked: "w^2_{12}: x_2 → a^2_1" },
  { network: "784-30-10", neurons: 9, edges: 18, dots: 3, marked: "w^2_{12}: x_2 → a^2_1" },
  { network: "3-1-7-20-5", neurons: 15, edges: 30, dots: 2, marked: "w^2_{12}: x_2 → a^2_1" },
  { network: "6-6-6-6-6-6", neurons: 36, edges: 180, dots: 0, marked: "w^2_{12}: x_2 → a^2_1" },
  { network: "9-8-7-6-5-4-3-2-3-4-5-100000", neurons: 17, edges: 33, dots: 5, marked: "w^2_{12}: x_2 → a^2_1" },
].map((row) => ({ ...row, picture: drawNetwork(row.network.split("-").map(Number)) }));

const around = (x: number, y: number, radius: number): Box => ({
  left: x - radius,
  right: x + radius,
  top: y - radius,
  bottom: y + radius,
});
const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe.each(rows)("the picture of $network", ({ picture, ...expected }) => {
  const { width, height, radius, em, neurons, edges, dots, labels } = picture;
  const marked = edges.filter(({ label }) => label !== null) as (Edge & { readonly label: Label })[];

  test("shows as many neurons, connections and dots as it should", () => {
    expect([neurons.length, edges.length, dots.length]).toEqual([expected.neurons, expected.edges, expected.dots]);
  });

  test("connects its own neurons, from left to right, each two once", () => {
    for (const { from, to } of edges) {
      expect(neurons).toContain(from);
      expect(neurons).toContain(to);
      expect(from.x).toBeLessThan(to.x);
    }
    expect(new Set(edges.map(({ from, to }) => `${print(from.formula)} ${print(to.formula)}`)).size).toBe(edges.length);
  });

  test("marks one connection and names it by the neuron at its end, then the one at its start", () => {
    const names = marked.map(({ from, to, label }) => [label, from, to].map(({ formula }) => print(formula)));
    expect(names.map(([name, from, to]) => `${name}: ${from} → ${to}`)).toEqual([expected.marked]);
    const [[name = "", from = "", to = ""] = []] = names;
    expect(/\{(.*)\}/.exec(name)?.[1]).toBe(to.slice(-1) + from.slice(-1));
  });

  test("names the marked connection on its line, which is seen on both sides of the name", () => {
    const [{ from, to, label }] = marked as [Edge & { label: Label }];
    const slope = (to.y - from.y) / (to.x - from.x);
    expect(label.y).toBeCloseTo(from.y + slope * (label.x - from.x));
    const parts = linesOf(picture).thick;
    expect(parts).toHaveLength(2);
    for (const part of parts) expect(Math.hypot(part.to.x - part.from.x, part.to.y - part.from.y)).toBeGreaterThan(0.2);
  });

  test("keeps neurons, dots and formulas apart, and within its bounds", () => {
    const boxes = [
      ...neurons.map(({ x, y }) => around(x, y, radius)),
      ...[...labels, ...marked.map(({ label }) => label)].map((label) => boxOf(label, em, 0.01)),
      ...dots.flatMap(threeDots).map(({ x, y }) => around(x, y, 0.03)),
    ];
    for (const [i, a] of boxes.entries()) {
      expect(Math.min(a.left, a.top, width - a.right, height - a.bottom)).toBeGreaterThan(0);
      for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false);
    }
  });

  test("keeps the name of a neuron in its circle", () => {
    for (const neuron of neurons) {
      const box = boxOf(neuron, em, 0);
      expect(box.right - box.left).toBeLessThanOrEqual(1.5 * radius);
      expect(box.bottom - box.top).toBeLessThan(2 * radius);
    }
  });

  test("is one small, well-formed piece of SVG that survives Markdown", () => {
    const svg = toSvg(picture, 'a < b & "c"\n\nd');
    const lines = svg.split("\n");
    expect(lines[0]).toMatch(/^<svg [^<>]*>$/);
    expect(lines.at(-1)).toBe("</svg>");
    expect(lines.filter((line) => line.trim() === "" || line.startsWith("    "))).toEqual([]);
    expect(svg).toContain('aria-label="a &lt; b &amp; &quot;c&quot; d"');
    expect(svg).not.toMatch(/<text|NaN|undefined|Infinity|\.\d{3}/);
    expect(svg.length).toBeLessThan(25 * 1024);
    expectWellFormed(svg);
    const ids = new Set([...svg.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]));
    const used = new Set([...svg.matchAll(/ href="#([^"]+)"/g)].map((m) => m[1]));
    expect(used).toEqual(ids);
  });

  test("fits a page as TikZ", () => {
    const tikz = toTikz(picture);
    const unit = Number(/x=([\d.]+)cm/.exec(tikz)?.[1]);
    expect(unit * width).toBeLessThanOrEqual(15);
    expect(unit * height).toBeLessThanOrEqual(9);
    expect(tikz).not.toMatch(/NaN|undefined|e-\d|\n\n/);
  });

  test("fits a terminal as text", () => {
    const lines = toText(picture);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(72);
    expect(lines.join("\n").match(/\([^()]+\)/g)).toHaveLength(neurons.length);
    expect(lines.at(-1)).toBe(expected.marked);
  });
});

/** Tags nest, attributes are quoted, no sign stands for itself that would mean something else. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, close, name = "", attributes = "", empty, rest = ""] of xml.matchAll(
    /<(\/?)([a-z]+)((?: [a-z:-]+="(?:[^"<&]|&(?:lt|gt|amp|quot);)*")*)(\/?)>([^<]*)/gi,
  )) {
    if (close === "/") expect(open.pop()).toBe(name);
    else if (empty === "") open.push(name);
    expect(attributes === "" || close === "").toBe(true);
    expect(rest.replace(/&(lt|gt|amp|quot);/g, "")).not.toMatch(/[&>]/);
  }
  expect(open).toEqual([]);
  expect(xml.replace(/<(\/?)([a-z]+)((?: [a-z:-]+="(?:[^"<&]|&(?:lt|gt|amp|quot);)*")*)(\/?)>/gi, "")).not.toContain(
    "<",
  );
}

test("text shows a small network as one draws it by hand", () => {
  expect(toText(drawNetwork([2, 3, 1]))).toEqual([
    "                (a^2_1)",
    " (x_1)",
    "        ──────→ (a^2_2) ──────→ (a^3_1)",
    " (x_2)",
    "                (a^2_3)",
    "",
    "   x              a^2             a^3",
    "n_1 = 2         n_2 = 3         n_3 = 1",
    "",
    "w^2_{12}: x_2 → a^2_1",
  ]);
});

test("layers that a terminal has no room for go on below", () => {
  const lines = toText(drawNetwork([9999, 99999, 99999, 99999, 99999, 99999]));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(72);
  expect(lines.filter((line) => line.includes("→")).map((line) => (line.match(/→/g) ?? []).length)).toEqual([3, 2, 1]);
});

test("two pictures on a page share no names", () => {
  const prefixes = rows.map(({ picture }) => / id="(\w+)-/.exec(toSvg(picture, ""))?.[1]);
  expect(new Set(prefixes).size).toBe(rows.length);
});

test("a formula that a picture cannot draw is refused", () => {
  expect(() => setLine({ kind: "expression", expr: divide(num(1), num(3)) })).toThrow("no outline");
});

testWith("pdflatex")("pdflatex sets every picture, none wider than the page", () => {
  const folder = mkdtempSync(join(tmpdir(), "deltarule-picture-"));
  try {
    const document = [
      "\\documentclass[11pt]{article}",
      "\\usepackage[a4paper,margin=2cm]{geometry}",
      "\\usepackage{amsmath,tikz}",
      "\\setlength{\\parindent}{0pt}",
      "\\begin{document}",
      rows.map(({ picture }) => toTikz(picture)).join("\n\n"),
      "\\end{document}",
    ].join("\n");
    writeFileSync(join(folder, "pictures.tex"), document);
    const run = spawnSync("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "pictures.tex"], { cwd: folder });
    const log = readFileSync(join(folder, "pictures.log"), "latin1");
    expect(run.status, log.slice(-2000)).toBe(0);
    expect(log).not.toMatch(/Overfull|undefined/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
