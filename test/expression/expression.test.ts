import { describe, expect, test } from "vitest";
import {
  add,
  fold,
  freeSymbols,
  mathjs,
  multiply,
  num,
  print,
  printEquality,
  read,
  readEquality,
  same,
  substitute,
  sum,
  sym,
  clone,
} from "../../src/expression/index.ts";

describe("text", () => {
  test.each([
    "sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][k]) + b[l][j]",
    "partial(J, z[l + 1][k]) * sigma_prime[l](z[l][j])",
    "1 / (2 * size(L)) * sum(j, 1:size(L), (a[L][j] - y[j]) ^ 2)",
    "a - (b - c)",
    "a + (b - c)",
    "a - b + c",
    "a * (b / c) * d",
    "a / b * c",
    "a / (b * c)",
    "(-2) ^ 2 * x",
    "-x ^ 2",
    "-(a * b)",
    "x * -y",
    "0.044715 * z ^ 3",
    "kronecker(j, k) * W3[p, j]",
  ])("%s reads back to the identical tree", (text) => {
    const tree = read(text);
    expect(print(tree)).toBe(text);
    expect(same(read(print(tree)), tree)).toBe(true);
  });

  test("an equality reads back", () => {
    const { left, right } = readEquality(printEquality(read("partial(J, b[l][j])"), read("delta[l][j]")));
    expect([print(left), print(right)]).toEqual(["partial(J, b[l][j])", "delta[l][j]"]);
  });

  test("a sum of ten thousand terms is flat", () => {
    const many = add(...Array.from({ length: 10_000 }, (_, i) => sym(`x${i}`)));
    expect(print(many).length).toBeGreaterThan(10_000);
    expect(print(fold(many)).length).toBe(print(many).length);
  });
});

describe("what would be read as something else is refused", () => {
  const howSumsAreWritten = "a sum is written sum(k, 1:n, body)";

  test.each([
    ["a sum that does not start at 1", "sum(k, 2:3, x[k])", howSumsAreWritten],
    ["a sum that starts at 0", "sum(k, 0:3, x[k])", howSumsAreWritten],
    ["a sum in steps", "sum(k, 1:2:5, x[k])", howSumsAreWritten],
    ["a sum without bounds", "sum(k, :, x[k])", howSumsAreWritten],
    ["a sum to nowhere", "sum(k, 1:end, x[k])", howSumsAreWritten],
    ["a sum without a body", "sum(k, 1:3)", howSumsAreWritten],
    ["a sum of nothing", "sum()", howSumsAreWritten],
    ["a sum with two bodies", "sum(k, 1:3, x[k], y[k])", howSumsAreWritten],
    ["a part of a tensor", "x[1:3]", "a RangeNode has no meaning"],
    ["a tensor from its second entry on", "x[2:end]", "a RangeNode has no meaning"],
    ["every second entry", "x[1:2:end]", "a RangeNode has no meaning"],
    ["a range as a number", "2 * 1:3", "a RangeNode has no meaning"],
    ["a partial by two variables", "partial(J, x[1], x[2])", "partial takes 2 arguments, not 3"],
    ["a partial by nothing", "partial(J)", "partial takes 2 arguments, not 1"],
    ["a kronecker delta of three indices", "kronecker(j, k, p)", "kronecker takes 2 arguments, not 3"],
    ["the size of two layers", "size(1, 2)", "size takes 1 argument, not 2"],
    ["a variable of two layers", "W[1, 2][j, k]", "W belongs to one layer, not to 1, 2"],
    ["a function of two layers", "sigma[1, 2](x[j])", "sigma belongs to one layer, not to 1, 2"],
    ["a matrix with a longer row", "[[x[1]], [x[2], x[3]]]", "the rows of a matrix are of one length"],
    ["a matrix with a shorter row", "[[x[1], x[2]], [x[3]]]", "the rows of a matrix are of one length"],
  ])("%s: %s", (_, text, why) => {
    expect(() => read(text)).toThrow(why);
  });

  test("a tensor is written with or without its bounds", () => {
    expect(print(read("x[1:end]"))).toBe("x[:]");
  });
});

describe("substitution", () => {
  test("a bound index never captures what is put in", () => {
    const sumOverJ = sum("j", num(3), read("w[j] * x[k]"));
    const replaced = substitute(sumOverJ, new Map([["k", sym("j")]]));
    expect(print(replaced)).toBe("sum(p, 1:3, w[p] * x[j])");
    expect(freeSymbols(replaced)).toEqual(new Set(["j"]));
  });

  test("a bound index is not free and not replaced", () => {
    expect(print(substitute(read("sum(k, 1:3, x[k])"), new Map([["k", num(1)]])))).toBe("sum(k, 1:3, x[k])");
  });
});

describe("fold", () => {
  test.each([
    ["2 * (1 - 0) * (a - y) ^ (2 - 1)", "2 * (a - y)"],
    ["1 / (2 * size(L)) * 2 * (a - y)", "1 / size(L) * (a - y)"],
    ["0 * x + 1 * y", "y"],
    ["1e-20 * x", "1e-20 * x"],
    ["x - x", "0"],
    ["-a + 1", "1 - a"],
    ["a * a", "a ^ 2"],
    ["1 / 3 + 1 / 6", "1 / 2"],
    ["x / (2 / 3)", "3 / 2 * x"],
    ["1 / 0", "1 / 0"],
    ["exp(-z) / (1 + exp(-z)) ^ 2", "exp(-z) / (1 + exp(-z)) ^ 2"],
  ])("%s becomes %s", (from, to) => {
    expect(print(fold(read(from)))).toBe(to);
  });
});

test("a clone shares no node: mathjs differentiates x·x to 2x only then", () => {
  const x = sym("x");
  const square = clone(multiply(x, x));
  const slope = mathjs.derivative(square, "x", { simplify: false });
  expect(slope.compile().evaluate({ x: 3 })).toBe(6);
});
