import MarkdownIt from "markdown-it";
import { describe, expect, test } from "vitest";
import { alignedRows, renderKatex, renderMarkdownIt, renderMathJax, renderRemark } from "./latex-engines.ts";

const display = (latex: string): { latex: string; display: boolean } => ({ latex, display: true });
const engines = {
  MathJax: renderMathJax,
  KaTeX: (formulas: Parameters<typeof renderKatex>[0]) => Promise.resolve(formulas).then(renderKatex),
};
const markdownRenderers = {
  "markdown-it": (markdown: string) => Promise.resolve(markdown).then(renderMarkdownIt),
  remark: renderRemark,
};

describe.each(Object.entries(engines))("%s", (_, render) => {
  test.each([
    String.raw`\delta_{j}^{L} = \frac{\partial J}{\partial a_{j}^{L}} \odot \sigma^{\prime}\left(z_{j}^{L}\right)`,
    String.raw`\begin{aligned} a &= b \cr &= \begin{pmatrix} 1 & 2 \cr 3 & 4 \end{pmatrix} \end{aligned} \tag{BP1}`,
    String.raw`\underbrace{\boxed{x}}_{\text{中文}} + \textcolor{red}{\operatorname{diag}} \colorbox{yellow}{$y$}`,
  ])("sets %s", async (latex) => {
    expect(await render([display(latex)])).toHaveLength(1);
  });

  test.each([
    ["an unknown command", String.raw`x + \nope`, /Undefined control sequence/],
    ["an open brace", String.raw`\frac{1}{2`, /brace|'}'/],
    ["a brace too many", String.raw`x}`, /brace|'}'/],
    ["an environment that does not end", String.raw`\begin{aligned} x`, /\\end/],
    ["a stray column mark", "x & y", /&/],
  ])("refuses %s", async (_, latex, message) => {
    await expect(render([display(latex)])).rejects.toThrow(message);
  });
});

test("\\bm is a command of KaTeX alone: MathJax refuses it, and so does LaTeX without the package bm", async () => {
  const bold = [display(String.raw`\bm{x}`)];
  expect(renderKatex(bold)).toHaveLength(1);
  await expect(renderMathJax(bold)).rejects.toThrow(/Undefined control sequence/);
});

/** An aligned block of three lines, between Chinese paragraphs. */
const block = (lineBreak: string): string =>
  `段落\n\n$$\n\\begin{aligned}\na_{j} &= b ${lineBreak}\n&= c ${lineBreak}\n&= d\n\\end{aligned}\n$$\n\n段落\n`;

const lineBreaks = [
  { name: String.raw`\cr`, whereMathPassesRaw: 3, afterCommonMark: 3 },
  { name: String.raw`\\`, whereMathPassesRaw: 3, afterCommonMark: 1 },
  { name: String.raw`\\\\\\`, whereMathPassesRaw: 7, afterCommonMark: 3 },
];

describe.each(Object.entries(markdownRenderers))("%s", (_, render) => {
  test.each(lineBreaks)(
    "three lines ended by $name are $whereMathPassesRaw rows",
    async ({ name, whereMathPassesRaw }) => {
      expect(alignedRows(await render(block(name)))).toEqual([whereMathPassesRaw]);
    },
  );

  test.each([
    ["a formula without lines", "$$\nx = y\n$$", [1]],
    ["a matrix alone", "$$\n\\begin{pmatrix} a \\cr b \\end{pmatrix}\n$$", [1]],
    [
      "a matrix in a line",
      "$$\n\\begin{aligned} x &= \\begin{pmatrix} a \\cr b \\cr c \\end{pmatrix} \\cr &= y \\end{aligned}\n$$",
      [2],
    ],
    ["lines under a tag", "$$\n\\begin{aligned} x &= y \\cr &= z \\end{aligned} \\tag{BP1}\n$$", [2]],
    ["two blocks, one inside HTML", `${block("\\cr")}\n<details>\n\n${block("\\cr")}\n</details>\n`, [3, 3]],
    ["a fence", "```math\n\\begin{aligned} x &= y \\cr &= z \\end{aligned}\n```", [2]],
    ["none but inline ones", "若 $x_{j}$ 则", []],
  ])("counts the rows of %s", async (_, markdown, rows) => {
    expect(alignedRows(await render(markdown))).toEqual(rows);
  });

  test("sets inline formulas next to Chinese words", async () => {
    const html = await render("其中 $x_{j}$ 是输入，误差 $\\delta_{j}^{L}$ 由 $y_{j}$ 得到。");
    expect(html.match(/class="katex"/g)).toHaveLength(3);
    expect(html).not.toContain("$");
  });

  test.each(["$\\nope$", "$$\n\\nope\n$$", "$\\frac{1}{2$", "$$\nx = 中\n$$"])("refuses %j", async (markdown) => {
    await expect(render(markdown)).rejects.toThrow(/KaTeX parse error/);
  });
});

/** Where Markdown is read before the mathematics, a backslash escapes the one after it. */
test.each(lineBreaks)(
  "after CommonMark alone, lines ended by $name are $afterCommonMark rows",
  ({ name, afterCommonMark }) => {
    const html = new MarkdownIt().render(block(name));
    const latex = /\$\$([\s\S]*)\$\$/.exec(html)?.[1] as string;
    expect(alignedRows(renderKatex([display(latex.replaceAll("&amp;", "&"))]).join(""))).toEqual([afterCommonMark]);
  },
);
