import { describe, expect, test } from "vitest";
import { derive } from "../../src/derivation/index.ts";
import { lift } from "../../src/derivation/matrix.ts";
import { stepPoints } from "../../src/derivation/points.ts";
import { checkMatrixForm } from "../../src/exact/index.ts";
import {
  print,
  read,
  substitute,
  num,
  fold,
  sizeOf,
  sym,
  view,
  build,
  transform,
  type Expr,
} from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";

test.each([
  ["2-1", [2]],
  ["2-3-2", [3, 2]],
  ["2-3-4-3-2", [5, 4, 3, 2]],
])("%s has four equations, and those of layers %j in this order", (sizes, order) => {
  const { equations, layers } = derive(parseNetwork(sizes));
  expect(equations).toHaveLength(4);
  expect(layers.map(({ layer }) => layer)).toEqual(order);
});

test.each([
  ["hard-tanh", "is 1 or -1 for most of what it is asked first"],
  ["hard-sigmoid", "is 0 or 1"],
  ["relu", "is 0"],
])("%s, which %s, is checked with a loss that has no value there", (activation) => {
  const { equations, layers } = derive(parseNetwork("2-3-2", { activation, loss: "binary-cross-entropy" }));
  const checks = [
    ...equations.flatMap(({ steps, evaluation }) => [...steps, ...evaluation]),
    ...layers.flatMap(({ delta, bias, weight }) => [delta, bias, weight]),
  ].map(({ check }) => check);
  expect(checks.every(({ draws }) => draws > 0)).toBe(true);
});

describe("the numbered layers are instances of the four equations", () => {
  const sizes = [3, 4, 5, 2];
  const { equations, layers } = derive(parseNetwork(sizes.join("-")));
  const instantiate = (expr: Expr, l: number): string => {
    const numbered = substitute(
      expr,
      new Map([
        ["l", num(l)],
        ["L", num(sizes.length)],
      ]),
    );
    return print(
      fold(
        transform(numbered, (node) => {
          const v = view(node);
          if (v.kind === "size") return num(sizes[Number(print(fold(v.layer))) - 1] as number);
          if (v.kind !== "atom" || v.variable.layer === null) return node;
          const layer = Number(print(fold(v.variable.layer)));
          const family = v.variable.family === "a" && layer === 1 ? "x" : `${v.variable.family}${layer}`;
          return build({ ...v, variable: { family, layer: null } });
        }),
      ),
    );
  };
  const [bp1, bp2, bp3, bp4] = equations.map((e) => e.evaluated) as [Expr, Expr, Expr, Expr];

  test.each(layers.map((l) => [l.layer, l] as const))("layer %i", (number, layer) => {
    expect(print(layer.delta.value)).toBe(instantiate(number === sizes.length ? bp1 : bp2, number));
    expect(print(layer.bias.value)).toBe(instantiate(bp3, number));
    expect(print(layer.weight.value)).toBe(instantiate(bp4, number));
  });
});

test("layers with activations of their own keep σ′ in the general equations and have it worked out in theirs", () => {
  const { equations, layers } = derive(parseNetwork("2-3-1", { activation: "tanh,sigmoid" }));
  expect(print(equations[1]?.evaluated as Expr)).toContain("sigma_prime[l](z[l][j])");
  expect(layers.map((l) => print(l.delta.value))).toEqual([
    "(a3[j] - y[j]) * a3[j] * (1 - a3[j])",
    "sum(k, 1:1, delta3[k] * W3[k, j]) * (1 - a2[j] ^ 2)",
  ]);
});

test("a wide network is checked at sizes that are told", () => {
  const { layers } = derive(parseNetwork("784-30-10"));
  expect(layers[0]?.delta.check.sizes).toEqual([5, 5, 5]);
  expect(print(layers[0]?.delta.value as Expr)).toBe(print(read("1 / 10 * (a3[j] - y[j]) * a3[j] * (1 - a3[j])")));
});

describe("the matrix form is lifted from the indices", () => {
  const { equations } = derive(parseNetwork("2-3-1"));
  test.each([
    ["BP1", "delta[L][:]", "partial(J, a[L][:]) .* sigma_prime(z[L][:])", "size(L),1"],
    ["BP2", "delta[l][:]", "(transpose(W[l + 1][:, :]) * delta[l + 1][:]) .* sigma_prime(z[l][:])", "size(l),1"],
    ["BP3", "partial(J, b[l][:])", "delta[l][:]", "size(l),1"],
    ["BP4", "partial(J, W[l][:, :])", "delta[l][:] * transpose(a[l - 1][:])", "size(l),size(l - 1)"],
  ])("%s: %s = %s", (id, left, right, shape) => {
    const matrix = equations.find((e) => e.id === id)?.matrix;
    expect(print(matrix?.goal as Expr)).toBe(left);
    expect(print(matrix?.statement as Expr)).toBe(right);
    expect(print(read(right))).toBe(right);
    expect(matrix?.shape.map(print).join()).toBe(shape);
    expect(matrix?.check.draws).toBe(3);
  });

  test.each([
    ["sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][k]) + b[l][j]", "j", "W[l][:, :] * a[l - 1][:] + b[l][:]"],
    [
      "1 / size(L) * (a[L][j] - y[j]) * a[L][j] * (1 - a[L][j])",
      "j",
      "1 / size(L) * ((a[L][:] - y[:]) .* a[L][:] .* (1 - a[L][:]))",
    ],
    ["sum(k, 1:3, W[l][j, k] * W[l][j, k])", "j", null],
    ["W[l][j, j]", "j", null],
    ["a[l][j] * b[l][k] * W[l][j, k]", "j k", null],
  ])("%s along %s: %s", (index, axes, matrix) => {
    const lifted = lift(read(index), axes.split(" "));
    expect(lifted === null ? null : print(lifted)).toBe(matrix);
  });

  test("a form with the transpose left out is refused", () => {
    const points = stepPoints(parseNetwork("2-3-1"), [])({ condition: "hidden", activation: null }).opaque;
    const ranges = [{ index: "j", size: sizeOf(sym("l")) }];
    const index = read("sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j])");
    expect(checkMatrixForm(read("transpose(W[l + 1][:, :]) * delta[l + 1][:]"), index, ranges, points).holds).toBe(
      true,
    );
    expect(checkMatrixForm(read("delta[l][:]"), index, ranges, points).holds).toBe(false);
    expect(() => checkMatrixForm(read("delta[l + 1][:] * transpose(W[l + 1][:, :])"), index, ranges, points)).toThrow(
      /no product/,
    );
  });
});
