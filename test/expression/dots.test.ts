import { describe, expect, test } from "vitest";
import {
  add,
  atom,
  entriesMatrix,
  fillDots,
  fillMatrix,
  multiply,
  num,
  print,
  read,
  shown,
  spellOut,
  tensorEntries,
  view,
  type Expr,
} from "../../src/expression/index.ts";

const termsOf = (text: string): readonly Expr[] => {
  const v = view(read(text));
  return v.kind === "add" ? v.terms : [read(text)];
};
const rowsOf = (text: string): readonly (readonly Expr[])[] => {
  const v = view(read(text));
  if (v.kind !== "matrix") throw new Error(`no matrix: ${text}`);
  return v.rows;
};

test.each([
  [3, 6, [1, 2, 3]],
  [6, 6, [1, 2, 3, 4, 5, 6]],
  [7, 6, [1, 2, null, 7]],
  [4, 1, [1, 2, null, 4]],
  // Dots in the place of nothing, or of one alone that is as short, would hide what there is.
  [3, 1, [1, 2, 3]],
  [0, 6, []],
])("of %i with at most %i are shown %j", (count, most, expected) => {
  expect(shown(count, most)).toEqual(expected);
});

describe("a sum is spelled out", () => {
  test.each([
    ["sum(k, 1:3, w[k] * x[k])", 6, "w[1] * x[1] + w[2] * x[2] + w[3] * x[3]"],
    ["sum(k, 1:9, w[k] * x[k])", 6, "w[1] * x[1] + w[2] * x[2] + dots + w[9] * x[9]"],
    ["sum(k, 1:1, w[k])", 6, "w[1]"],
    ["b[1] + sum(k, 1:2, w[k])", 6, "b[1] + w[1] + w[2]"],
    ["2 * sum(k, 1:2, w[k])", 6, "2 * (w[1] + w[2])"],
    ["sum(j, 1:2, sum(k, 1:2, W[j, k]))", 6, "W[1, 1] + W[1, 2] + W[2, 1] + W[2, 2]"],
    ["exp(sum(k, 1:9, z[k])) / 2", 4, "exp(z[1] + z[2] + dots + z[9]) / 2"],
    ["z[1] ^ 2", 4, "z[1] ^ 2"],
  ])("%s with at most %i terms", (sum, most, spelled) => {
    expect(print(spellOut(read(sum), most))).toBe(spelled);
  });

  test.each(["sum(k, 1:size(l), w[k])", "sum(k, 1:n, w[k])"])("but not %s, of no known number of terms", (sum) => {
    expect(() => spellOut(read(sum), 6)).toThrow(/no number of terms/);
  });
});

describe("a sum with dots is the sum that it stands for", () => {
  test.each([
    "sum(k, 1:9, w[k] * x[k])",
    "sum(k, 1:784, W2[12, k] * x[k])",
    "sum(k, 1:10, delta3[k] * W3[k, 2])",
    "sum(j, 1:10, (a3[j] - y[j]) ^ 2)",
  ])("%s", (sum) => {
    const filled = fillDots(termsOf(print(spellOut(read(sum), 4))));
    expect(filled).toHaveLength(1);
    expect(print(spellOut(filled[0] as Expr, Infinity))).toBe(print(spellOut(read(sum), Infinity)));
  });

  test("what stands beside it stays, and what has no dots is as it is", () => {
    const terms = termsOf("c + w[1] + w[2] + dots + w[5] + b");
    expect(print(spellOut(add(...fillDots(terms)), Infinity))).toBe("c + w[1] + w[2] + w[3] + w[4] + w[5] + b");
    expect(fillDots(termsOf("w[1] + w[4]")).map(print)).toEqual(["w[1]", "w[4]"]);
  });

  test.each([
    ["the last term has another variable", "w[1] * x[1] + w[2] * x[2] + dots + w[9] * x[8]"],
    ["the last term is another", "w[1] + w[2] + dots + v[9]"],
    ["counting starts at two", "w[2] + w[3] + dots + w[9]"],
    ["the second term is no next one", "w[1] + w[3] + dots + w[9]"],
    ["the factors count apart", "w[1] * x[1] + w[2] * x[1] + dots + w[9] * x[9]"],
    ["nothing counts", "w[1] + w[1] + dots + w[1]"],
    ["there is one term before the dots", "w[1] + dots + w[9]"],
    ["there is no term after the dots", "w[1] + w[2] + dots"],
    ["there are dots alone", "dots + w[2]"],
  ])("refused where %s: %s", (_, text) => {
    expect(() => fillDots(termsOf(text))).toThrow(/cannot be told/);
  });
});

describe("a tensor is written by its entries", () => {
  test.each([
    ["W2", [2, 3], 4, "[[W2[1, 1], W2[1, 2], W2[1, 3]], [W2[2, 1], W2[2, 2], W2[2, 3]]]"],
    ["b3", [2], 4, "[[b3[1]], [b3[2]]]"],
    ["b3", [9], 4, "[[b3[1]], [b3[2]], [dots], [b3[9]]]"],
    ["W2", [1, 9], 4, "[[W2[1, 1], W2[1, 2], dots, W2[1, 9]]]"],
    ["W2", [9, 30], 4, "[[W2[1, 1], dots, W2[1, 30]], [dots, dots, dots], [W2[9, 1], dots, W2[9, 30]]]"],
    ["W2", [2, 30], 4, "[[W2[1, 1], dots, W2[1, 30]], [W2[2, 1], dots, W2[2, 30]]]"],
  ])("%s of %j with at most %i lines", (family, sizes, most, written) => {
    expect(print(tensorEntries({ family, layer: null }, sizes, most))).toBe(written);
  });

  test("and so is a matrix of products", () => {
    const vector = (family: string, i: number): Expr => atom({ family, layer: null }, [num(i)]);
    const written = entriesMatrix(3, 9, 4, (i, j) => multiply(vector("d", i), vector("x", j)));
    expect(print(written)).toBe(
      "[[d[1] * x[1], dots, d[1] * x[9]], [d[2] * x[1], dots, d[2] * x[9]], [d[3] * x[1], dots, d[3] * x[9]]]",
    );
  });
});

describe("a matrix with dots goes on as its corners say", () => {
  test.each([
    ["W2", [2, 3]],
    ["W2", [9, 30]],
    ["W2", [1, 30]],
    ["W2", [30, 1]],
    ["W2", [4, 30]],
    ["W2", [784, 784]],
  ])("%s of %j", (family, [rows, columns]) => {
    const variable = { family, layer: null };
    const filled = fillMatrix(rowsOf(print(tensorEntries(variable, [rows as number, columns as number], 4))));
    expect([filled.rows, filled.columns]).toEqual([rows, columns]);
    for (const i of [1, Math.ceil((rows as number) / 2), rows as number])
      for (const j of [1, Math.ceil((columns as number) / 2), columns as number])
        expect(print(filled.entry(i, j))).toBe(print(atom(variable, [num(i), num(j)])));
  });

  test.each([
    ["the last corner is wrong", "[[W[1, 1], dots, W[1, 9]], [dots, dots, dots], [W[8, 1], dots, W[8, 8]]]"],
    [
      "the last corner is of another tensor",
      "[[W[1, 1], dots, W[1, 9]], [dots, dots, dots], [W[8, 1], dots, V[8, 9]]]",
    ],
    [
      "the lower left corner has another column",
      "[[W[1, 1], dots, W[1, 9]], [dots, dots, dots], [W[8, 2], dots, W[8, 9]]]",
    ],
    [
      "rows and columns are exchanged at the end",
      "[[W[1, 1], dots, W[1, 9]], [dots, dots, dots], [W[8, 1], dots, W[9, 8]]]",
    ],
    ["a row before the dots is another", "[[b[1]], [b[3]], [dots], [b[9]]]"],
    ["an entry within is another", "[[W[1, 1], dots, W[1, 9]], [W[2, 1], dots, W[2, 8]]]"],
  ])("refused where %s: %s", (_, text) => {
    expect(() => fillMatrix(rowsOf(text))).toThrow(/cannot be told/);
  });
});
