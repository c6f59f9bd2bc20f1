import { describe, expect, test } from "vitest";
import { derive } from "../../src/derivation/index.ts";
import { activations, losses } from "../../src/equations/index.ts";
import { print, read, substitute, num, fold, view, build, transform, type Expr } from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";

describe("every activation with every loss", () => {
  const rows = Object.keys(activations).flatMap((activation) => Object.keys(losses).map((loss) => [activation, loss] as const));
  test.each(rows)("%s with %s: all steps hold", (activation, loss) => {
    for (const sizes of ["2-1", "2-3-2", "2-3-4-3-2"]) {
      const { equations, layers } = derive(parseNetwork(sizes, { activation, loss }));
      expect(equations).toHaveLength(4);
      expect(layers.map((l) => l.layer)).toEqual(sizes.split("-").slice(1).map((_, i) => i + 2).reverse());
    }
  });
});

describe("the numbered layers are instances of the four equations", () => {
  const sizes = [3, 4, 5, 2];
  const { equations, layers } = derive(parseNetwork(sizes.join("-")));
  const instantiate = (expr: Expr, l: number): string => {
    const numbered = substitute(expr, new Map([["l", num(l)], ["L", num(sizes.length)]]));
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
  expect(layers.map((l) => print(l.delta.value))).toEqual(["(a3[j] - y[j]) * a3[j] * (1 - a3[j])", "sum(k, 1:1, delta3[k] * W3[k, j]) * (1 - a2[j] ^ 2)"]);
});

test("a wide network is checked at sizes that are told", () => {
  const { layers } = derive(parseNetwork("784-30-10"));
  expect(layers[0]?.delta.check.sizes).toEqual([5, 5, 5]);
  expect(print(layers[0]?.delta.value as Expr)).toBe(print(read("1 / 10 * (a3[j] - y[j]) * a3[j] * (1 - a3[j])")));
});
