import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";
import { describe, expect, test } from "vitest";
import { derive } from "../../src/derivation/index.ts";
import { arrange, render } from "../../src/document/index.ts";
import { escapeTypst } from "../../src/document/typst.ts";
import { typstRows } from "../../src/document/typst-rows.ts";
import { read } from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { typeset, typst, type Formula } from "../../src/notation/index.ts";
import { randomTree } from "../notation/random-tree.ts";

const compiler = NodeCompiler.create();

/** A compiled text: what the compiler has to say, how many pages there are, and an outline of each character. */
function compile(source: string): { complaints: string[]; pages: number; svg: string } {
  const compiled = compiler.compile({ mainFileContent: source });
  const complaints = [compiled.takeDiagnostics(), compiled.takeWarnings()]
    .flatMap((said) => (said?.shortDiagnostics ?? []) as { message: string }[])
    .map(({ message }) => message);
  const { result } = compiled;
  return { complaints, pages: result?.numOfPages ?? 0, svg: result === null ? "" : compiler.svg(result) };
}

/** Which of the Chinese fonts there are is the reader's business: the first that there is will do. */
const ofTheText = (complaints: readonly string[]): readonly string[] =>
  complaints.filter(
    (message) => !/^unknown font family: (noto serif cjk sc|source han serif sc|simsun)$/.test(message),
  );

/** The words of an SVG, which stand beside their outlines. */
const wordsOf = (svg: string): string =>
  svg
    .replace(/<style[\s\S]*?<\/style>|<[^>]*>|\s+/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

const activations = { activation: "tanh,z/(1+exp(-z))", loss: "mean(exp(a-y))*3" };

describe.each([
  { sizes: "2-3-1", language: "en", title: "Backpropagation for a 2-3-1 network", pages: [10, 18] },
  { sizes: "2-3-1", language: "zh", title: "2-3-1 网络的反向传播", pages: [10, 18] },
  { sizes: "784-30-10", language: "en", title: "Backpropagation for a 784-30-10 network", pages: [10, 18] },
  {
    sizes: "3-4-2",
    options: activations,
    language: "en",
    title: "Backpropagation for a 3-4-2 network",
    pages: [12, 20],
  },
  { sizes: "3-4-2", options: activations, language: "zh", title: "3-4-2 网络的反向传播", pages: [12, 20] },
  {
    sizes: "2-3-4-5-6-7-8-1",
    options: { activation: "softplus" },
    language: "en",
    title: "Backpropagation for a 2-3-4-5-6-7-8-1 network",
    pages: [18, 30],
  },
  { sizes: "1-1", language: "en", title: "Backpropagation for a 1-1 network", pages: [8, 14] },
] as const)("$sizes in $language", ({ sizes, language, title, pages: [fewest, most], ...rest }) => {
  const document = arrange(derive(parseNetwork(sizes, "options" in rest ? rest.options : {})), language);
  const source = render(document, "typst");
  const { complaints, pages, svg } = compile(source);

  test("compiles without an error or a warning", () => {
    expect(ofTheText(complaints)).toEqual([]);
  });

  test("has its title on one of a sensible number of pages", () => {
    expect(pages).toBeGreaterThanOrEqual(fewest);
    expect(pages).toBeLessThanOrEqual(most);
    expect(wordsOf(svg)).toContain(title.replaceAll(" ", ""));
  });

  test("has its picture in the file, in a colour", () => {
    expect(source).toContain("<svg ");
    expect(source).not.toContain("currentColor");
    expect(source).not.toMatch(/^#(?:import|include)\b/m);
  });
});

test("what does not compile is reported", () => {
  expect(compile("$ w_(jk) $").complaints).toEqual([expect.stringContaining("unknown variable: jk")]);
  expect(compile("$ diff x $ #nope").complaints).toContainEqual("unknown variable: nope");
  expect(compile("a ** b").complaints).toContainEqual(expect.stringContaining("no text within stars"));
});

describe("a tree in Typst's mathematics", () => {
  test.each([
    ["W[l][j, k]", "w_(j k)^(l)"],
    ["W3[1, 2]", "w_(12)^(3)"],
    ["W3[j, 2]", "w_(j 2)^(3)"],
    ["W3[j, 12]", "w_(j,12)^(3)"],
    ["delta[l + 1][j]", "delta_(j)^(l+1)"],
    ["W[l][:, :]", "W^(l)"],
    ["size(l - 1)", "n_(l-1)"],
    ["W2[j, k] * x[k]", "w_(j k)^(2) x_(k)"],
    ["2 * (1 / 3) * J", "2 dot frac(1, 3) J"],
    ["J / 2 * (1 / 3)", "frac(J, 2) dot frac(1, 3)"],
    ["sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][k])", "sum_(k=1)^(n_(l-1)) w_(j k)^(l) a_(k)^(l-1)"],
    ["(J + 1) / z", "frac(J + 1, z)"],
    ["z * (J + 1)", "z (J + 1)"],
    ["partial(J, z[l][j])", "frac(partial J, partial z_(j)^(l))"],
    ["partial(z ^ 2, z)", "frac(d, d z) (z^(2))"],
    ["partial(J, W[l][:, :])", "nabla_(W^(l)) J"],
    ["sigma_prime(z[l][j])", "sigma'(z_(j)^(l))"],
    ["tanh(z) * log(z)", "tanh(z) ln(z)"],
    ["sech(z) ^ 2", "(sech(z))^(2)"],
    ["atan(z)", "arctan(z)"],
    ["relu(z)", 'op("relu")(z)'],
    ["exp(-z)", "e^(-z)"],
    ["sqrt(z)", "sqrt(z)"],
    ["kronecker(k, j)", "[k=j]"],
    ["1e-7", "1 times 10^(-7)"],
    ["[1, 2; 3, 4]", "mat(1, 2; 3, 4)"],
    ["transpose(W[l][:, :])", "(W^(l))^(top)"],
  ])("%s is %s", (tree, expected) => {
    const printed = typeset(read(tree), typst).text;
    expect(printed).toBe(expected);
    expect(compile(`$ ${printed} $`).complaints).toEqual([]);
  });

  test("random trees compile", () => {
    const printed = Array.from({ length: 1000 }, (_, seed) => typeset(randomTree(seed), typst).text);
    expect(compile(printed.map((text) => `$ ${text} $`).join("\n\n")).complaints).toEqual([]);
  });

  test("a prime stands before the layer, which would take it in otherwise", () => {
    expect(typst.scripts("sigma", "l", typst.prime)).toBe("sigma'_(l)");
  });
});

describe("words", () => {
  test.each([
    "a #b $c$ *d* _e_ `f` <g> @h ~ [i] \\ \"j\" 'k'",
    "= a",
    "- a",
    "+ a",
    "/ a: b",
    "1. a",
    "12. a",
    "a // b /* c */ https://d.e",
    "-1 -- 2 --- 3... -? 2-3-1 a-1",
    "x_1 * y_2 (z), 100% & more; {a}^b | c",
    "为什么？“引号”，_x_。",
  ])("%s stay as they are", (words) => {
    const escaped = escapeTypst(words);
    const { complaints, svg } = compile(`#set text(font: "New Computer Modern")\n${escaped}`);
    expect(complaints).toEqual([]);
    expect(wordsOf(svg)).toBe(words.replaceAll(" ", ""));
  });

  test("letters of formulas among them are set as in formulas", () => {
    expect(escapeTypst("the error δ ≈ 0")).toBe("the error $delta$ $approx$ 0");
  });
});

describe("lines", () => {
  const equality = (left: string, right: string): Formula => ({
    kind: "equality",
    left: read(left),
    right: read(right),
  });
  const chain = (first: string, ...others: string[]): Formula => ({
    kind: "chain",
    first: read(first),
    links: others.map((expr) => ({ relation: "=", expr: read(expr) })),
  });

  test("a formula that fits is one, and rows left out are dots", () => {
    expect(typstRows([equality("z", "J + 1"), null], 20)).toEqual([
      { left: "z ", right: "= J + 1" },
      { left: "", right: " dots.v" },
    ]);
  });

  test("a formula that does not fit ends before a sign, outside parentheses", () => {
    expect(typstRows([equality("z", "x * (J + 1) + y - 2")], 7)).toEqual([
      { left: "z ", right: "= x (J + 1)" },
      { left: "", right: ' quad "" + y - 2' },
    ]);
  });

  test("where one chain does not fit, all go on in the next line", () => {
    expect(typstRows([chain("z", "J + 1", "x + y", "2"), chain("x", "1", "2", "3")], 8)).toEqual([
      { left: "z ", right: "= J + 1" },
      { left: "", right: "= x + y = 2" },
      { left: "x ", right: "= 1" },
      { left: "", right: "= 2 = 3" },
    ]);
  });
});
