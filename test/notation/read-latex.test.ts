import { describe, expect, test } from "vitest";
import { atom, num, sym } from "../../src/expression/index.ts";
import { latex, readLatex, typesetFormula, type Formula, type Vocabulary } from "../../src/notation/index.ts";
import { describeFormula, expression, network, reread, scalars } from "./round-trip.ts";

describe("LaTeX and the tree that it shows", () => {
  test.each([
    ["w_{jk}^{l}", "W[l][j, k]"],
    ["w_{12}^{3}", "W3[1, 2]"],
    ["w_{j,12}^{3}", "W3[j, 12]"],
    ["x_{784}", "x[784]"],
    ["x_{k}", "x[k]"],
    ["z_{1}^{2}", "z2[1]"],
    ["\\delta_{j}^{l+1}", "delta[l + 1][j]"],
    ["a_{k}^{L-1}", "a[L - 1][k]"],
    ["W^{l}", "W[l][:, :]"],
    ["W^{2}", "W2[:, :]"],
    ["b^{l}", "b[l][:]"],
    ["x", "x[:]"],
    ["J", "J"],
    ["\\eta", "eta"],
    ["\\sigma", "sigma"],
    ["z", "z"],
    ["n_{l-1}", "size(l - 1)"],
    ["0.044715", "0.044715"],
    ["1 \\times 10^{-7}", "1e-7"],
    ["1.5 \\times 10^{21}", "1.5e+21"],
    ["10^{2}", "10 ^ 2"],
    ["2 \\cdot 3", "2 * 3"],
    ["2 \\cdot \\frac{1}{3} J", "2 * (1 / 3) * J"],
    ["J + z - a + 1", "J + z - a + 1"],
    ["J - (z + a)", "J - (z + a)"],
    ["-J z", "-(J * z)"],
    ["(-J) z", "-J * z"],
    ["-(-J)", "-(-J)"],
    ["\\frac{a + 1}{z}", "(a + 1) / z"],
    ["\\frac{\\partial J}{\\partial z_{j}^{l}}", "partial(J, z[l][j])"],
    ["\\frac{\\partial}{\\partial z_{k}^{l}} \\sigma(z_{j}^{l}) J", "partial(sigma(z[l][j]), z[l][k]) * J"],
    ["\\frac{\\partial}{\\partial x_{k}} (x J)", "partial(x[:] * J, x[k])"],
    ["\\frac{\\partial}{\\partial x_{k}} (x)^{\\top} y", "partial(transpose(x[:]), x[k]) * y[:]"],
    ["\\frac{d}{d z} \\left(\\frac{1}{z}\\right) a", "partial(1 / z, z) * a"],
    ["\\frac{d}{d z} \\sigma(z)", "partial(sigma(z), z)"],
    ["\\frac{d z}{d z}", "partial(z, z)"],
    ["\\nabla_{W^{l}} J", "partial(J, W[l][:, :])"],
    ["\\nabla_{a^{L}} J \\odot \\sigma^{\\prime}(z^{L})", "partial(J, a[L][:]) .* sigma_prime(z[L][:])"],
    ["\\frac{1}{n_{L}} (x - y) \\odot y", "1 / size(L) * ((x[:] - y[:]) .* y[:])"],
    ["10 \\odot (J + 1) \\frac{2}{J}", "10 .* (J + 1) * (2 / J)"],
    ["x \\odot (J y)", "x[:] .* (J * y[:])"],
    ["\\sum_{k=1}^{n_{l}} w_{jk}^{l} x_{k} + 1", "sum(k, 1:size(l), W[l][j, k] * x[k]) + 1"],
    ["\\left(\\sum_{k=1}^{3} x_{k}\\right) J", "sum(k, 1:3, x[k]) * J"],
    ["J \\sum_{k=1}^{3} x_{k} \\sum_{j=1}^{2} y_{j} z", "J * sum(k, 1:3, x[k] * sum(j, 1:2, y[j] * z))"],
    ["\\sum_{k=1}^{3} (x_{k} - 1)", "sum(k, 1:3, x[k] - 1)"],
    ["(W^{l+1})^{\\top} \\delta^{l+1}", "transpose(W[l + 1][:, :]) * delta[l + 1][:]"],
    ["(x_{j})^{2}", "x[j] ^ 2"],
    ["\\eta^{-2}", "eta ^ (-2)"],
    ["e^{-z}", "exp(-z)"],
    ["(e^{z})^{2}", "exp(z) ^ 2"],
    ["\\sqrt{z + 1}", "sqrt(z + 1)"],
    ["\\ln(z)", "log(z)"],
    ["\\operatorname{sech}(z)", "sech(z)"],
    ["\\arctan(z) \\tanh(z)", "atan(z) * tanh(z)"],
    ["\\sigma^{\\prime}(z_{j}^{l})", "sigma_prime(z[l][j])"],
    ["\\sigma_{2}^{\\prime}(z)", "sigma_prime[2](z)"],
    ["\\sigma_{l}\\left(\\frac{z}{2}\\right)", "sigma[l](z / 2)"],
    ["f(z) (z + 1)", "f(z) * (z + 1)"],
    ["J (z + 1)", "J * (z + 1)"],
    ["\\lbrack k=j\\rbrack", "kronecker(k, j)"],
    ["\\begin{pmatrix} 1 & J \\cr z - 1 & \\frac{1}{2} \\end{pmatrix}", "[[1, J], [z - 1, 1 / 2]]"],
    ["\\begin{pmatrix} x_{1} \\cr x_{2} \\cr \\vdots \\cr x_{9} \\end{pmatrix}", "[[x[1]], [x[2]], [dots], [x[9]]]"],
    ["x_{1} + x_{2} + \\cdots + x_{9}", "x[1] + x[2] + dots + x[9]"],
    ["(3 \\times 2) (2 \\times 1)", "shape(3, 2) * shape(2, 1)"],
    ["(n_{l} \\times 1)", "shape(size(l), 1)"],
  ])("%s is %s", (text, tree) => {
    const formula = readLatex(text, network);
    expect(describeFormula(formula)).toBe(tree);
    expect(typesetFormula(formula, latex)).toBe(text);
  });

  test.each([
    ["1 - a^{2}", "1 - a ^ 2"],
    ["z^{3} (z + 1)", "z ^ 3 * (z + 1)"],
  ])("without layers %s is %s", (text, tree) => expect(describeFormula(readLatex(text, scalars))).toBe(tree));

  test.each([
    ["J = z + a", "J == z + a"],
    ["a_{j}^{l} = z, \\quad 1 \\le j \\le n_{l}, \\quad l = 2", "a[l][j] == z; 1 <= j <= size(l); 2 <= l <= 2"],
    ["J = z, \\quad l = L", "J == z; L <= l <= L"],
    ["J = z, \\quad a = \\sigma(z), \\quad 2 \\le l \\le L-1", "J == z; with a == sigma(z); 2 <= l <= L - 1"],
    ["J = z \\approx 0.5", "chain J = z ≈ 0.5"],
    ["J \\approx 0.5", "chain J ≈ 0.5"],
    ["3 \\times 2", "shape 3,2"],
    ["n_{l} \\times 1", "shape size(l),1"],
    ["2 \\le l \\le L", "2 <= l <= L"],
    ["l = L - 1, \\dots, 2", "l from L - 1 down to 2"],
    ["J \\leftarrow J - 1 = 0 \\approx z", "chain J ← J - 1 = 0 ≈ z"],
    ["w_{jk}^{l} \\leftarrow w_{jk}^{l} - \\eta", "W[l][j, k] <- W[l][j, k] - eta"],
  ])("%s is %s", (text, described) => {
    const formula = readLatex(text, network);
    expect(describeFormula(formula)).toBe(described);
    expect(typesetFormula(formula, latex)).toBe(text);
  });
});

describe("formulas that look alike are read as the simpler one", () => {
  test.each<[string, Formula, string]>([
    ["bounds of one value", { kind: "bounds", bounds: { least: num(2), index: sym("l"), most: num(2) } }, "l == 2"],
    ["a countdown of one", { kind: "countdown", index: sym("l"), from: num(2), to: num(2) }, "l == 2"],
    ["a chain of one equality", { kind: "chain", first: sym("J"), links: [{ relation: "=", expr: num(1) }] }, "J == 1"],
    ["a shape with one size", { kind: "shape", sizes: [num(3)] }, "3"],
    ["a numbered layer of a family", expression(atom({ family: "a", layer: num(1) }, [sym("j")])), "a1[j]"],
  ])("%s", (_, formula, described) => expect(reread(formula)).toBe(described));
});

describe("what is not in the notation is refused", () => {
  test.each([
    ["", /position 0: expected an expression, found the end/],
    ["J +", /position 3: expected an expression/],
    ["J J)", /position 3: expected the end of the formula, found \)/],
    ["\\alpha", /position 0: \\alpha is no part of the notation/],
    ["J * z", /position 2: \* z is no part of the notation/],
    ["[k=j]", /position 0/],
    ["\\operatorname{sigma}(z)", /sigma has a glyph of its own/],
    ["2 3", /position 2: expected \\cdot before a number/],
    ["J 3", /position 2: expected \\cdot before a number/],
    ["2 \\frac{1}{3}", /position 2: expected \\cdot before a number/],
    ["W_{jk}^{l}", /position 0: expected the letter of an indexed variable, found W/],
    ["w_{j}^{l}", /position 3: expected 2 indices/],
    ["w_{jkp}^{l}", /position 3: expected 2 indices/],
    ["w_{j,k}^{l}", /position 3: expected indices of one character without commas/],
    ["x_{jk}", /position 4: expected }/],
    ["x_{j+1}", /position 4: expected }/],
    ["x_{k}^{2}", /expected no superscript: x has no layers/],
    ["z_{j}^{\\frac{1}{2}}", /expected a layer such as l\+1/],
    ["q_{j}", /position 0: expected the letter of an indexed variable/],
    ["J_{j}", /position 0: expected the letter of an indexed variable/],
    ["z_j", /position 2: expected {/],
    ["(J + z", /position 6: expected \)/],
    ["\\left(J)", /position 7: expected \\right\)/],
    ["d", /position 0: expected something other than the d of a derivative/],
    ["\\frac{\\partial J}{z}", /expected \\partial, found z/],
    ["\\frac{\\partial J}{d z}", /expected \\partial, found d/],
    ["\\frac{d J}{d z_{j}^{l}}", /expected a variable/],
    ["\\frac{\\partial (J z)}{\\partial z}", /expected a variable or a call/],
    ["\\frac{\\partial}{\\partial z} J", /expected a call or parentheses after a derivative, found J/],
    ["\\frac{d}{d z} (z)^{2}", /expected \\top, found 2/],
    ["\\nabla_{z} J", /expected a whole tensor/],
    ["J \\odot \\sum_{k=1}^{3} x_{k}", /expected an expression, found \\sum/],
    ["\\sum_{k=2}^{3} x_{k}", /expected 1, found 2/],
    ["W^{\\top}", /expected an expression, found \\top/],
    ["J^{2}^{2}", /expected the end of the formula, found \^/],
    ["3 \\times 10^{-7}^{2}", /expected one exponent/],
    ["\\sigma_{2}", /expected the argument of a function/],
    ["\\sigma^{\\prime}", /expected the argument of a function/],
    ["J^{\\prime}", /expected an expression, found \\prime/],
    ["\\cdots + J", /expected an expression, found \\cdots/],
    ["J + \\cdots", /expected the last term after the dots/],
    ["\\begin{pmatrix} 1 & 2 \\cr 3 \\end{pmatrix}", /expected rows of one length/],
    ["\\begin{pmatrix} x_{1} \\cr \\cdots \\cr x_{9} \\end{pmatrix}", /expected dots that fit their place/],
    ["\\begin{pmatrix} 1 & \\cdots \\cr 3 & 4 \\end{pmatrix}", /expected dots that fit their place/],
    ["(J z \\times 2)", /expected a shape made of/],
    ["J = z, \\quad 1 \\le 3 \\le 4", /expected an index between its bounds/],
    ["J = z, \\quad l = 2, \\quad a = \\sigma(z)", /expected bounds of an index/],
    ["J = z, l = 2", /expected the end of the formula/],
    ["J \\approx z, \\quad l = 2", /expected the end of the formula/],
  ])("%s", (text, message) => expect(() => readLatex(text, network)).toThrow(message));

  test.each<[string, Partial<Vocabulary>]>([
    ["an index on the letter of sizes", { ranks: new Map([["n", 1]]) }],
    [
      "two families with one small letter",
      {
        ranks: new Map([
          ["W", 2],
          ["w", 1],
        ]),
      },
    ],
    ["a function that is a variable", { ranks: new Map([["f", 1]]) }],
    ["a layered scalar", { layered: new Set(["J"]) }],
  ])("a vocabulary with %s", (_, part) => expect(() => readLatex("1", { ...scalars, ...part })).toThrow(Error));
});
