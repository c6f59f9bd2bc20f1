import { describe, expect, test } from "vitest";
import { networkFunctions, networkModel } from "../../src/equations/index.ts";
import { activationFormula, activations } from "../../src/equations/index.ts";
import {
  applyDefinition,
  centralDifference,
  checkIdentity,
  derivativeForm,
  directionalDerivative,
  double,
  drawPoints,
  drawTensors,
  primeTower,
  randomNetworkPoint,
  seeded,
} from "../../src/exact/index.ts";
import { num, print, rational, read, sizeOf, sym } from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";

describe("the prime tower", () => {
  const field = primeTower(3, seeded(5));

  test("exp turns sums into products, in every field above the lowest", () => {
    const [a, b] = [field.draw(), field.draw()];
    expect(field.apply("exp", field.add(a, b)).slice(1)).toEqual(
      field.multiply(field.apply("exp", a), field.apply("exp", b)).slice(1),
    );
  });

  test("exp nests: exp(exp(a) − exp(a)·1) is 1", () => {
    const e = field.apply("exp", field.draw());
    expect(field.apply("exp", field.subtract(e, field.multiply(e, field.constant(rational(1))))).at(-1)).toBe(1n);
  });

  test("exp(1) is another number in another tower: no identity may rest on its value", () => {
    const e = (seed: number) =>
      primeTower(2, seeded(seed)).apply("exp", primeTower(2, seeded(seed)).constant(rational(1)));
    expect(e(1).at(-1)).not.toBe(e(2).at(-1));
  });

  test("division undoes multiplication", () => {
    const [a, b] = [field.draw(), field.draw()];
    expect(field.divide(field.multiply(a, b), b)).toEqual(a);
  });

  test("an opaque function is a function, and nothing more", () => {
    const [a, b] = [field.draw(), field.draw()];
    expect(field.apply("f", a)).toEqual(field.apply("f", a));
    expect(field.apply("f", field.add(a, b))).not.toEqual(field.add(field.apply("f", a), field.apply("f", b)));
  });
});

describe("derivatives of activations", () => {
  test.each([
    ["sigmoid", "a", "a * (1 - a)"],
    ["tanh", "a", "1 - a ^ 2"],
    ["exp", "a", "a"],
    ["identity", "a", "1"],
    ["softplus", "z", "exp(z) / (1 + exp(z))"],
    ["silu", "z", "(1 + exp(-z) + z * exp(-z)) / (1 + exp(-z)) ^ 2"],
    ["sin", "z", "cos(z)"],
    ["1/(1+exp(-2*z))", "a", "a * (2 - 2 * a)"],
    ["tanh(z/2)", "a", "1 / 2 - 1 / 2 * a ^ 2"],
    ["exp(1)*z", "z", "exp(1)"],
    ["1/(exp(1)+exp(-z))", "z", "exp(-z) / (exp(1) + exp(-z)) ^ 2"],
  ])("of %s in terms of %s: %s", (name, variable, formula) => {
    const form = derivativeForm({ name: "sigma", layer: null, argument: "z", value: activationFormula(name) });
    expect([form.in, print(form.formula)]).toEqual([variable, formula]);
  });

  test.each(Object.keys(activations))("of %s agree with differences of doubles", (name) => {
    const value = activationFormula(name);
    const form = derivativeForm({ name: "sigma", layer: null, argument: "z", value });
    for (const z of [-1.3, 0.2, 0.9]) {
      const at = (x: number): number =>
        applyDefinition({ name: "sigma", layer: null, argument: "z", value }, x, double);
      const slope = (at(z + 1e-6) - at(z - 1e-6)) / 2e-6;
      const argument = form.in === "a" ? at(z) : z;
      expect(
        applyDefinition({ name: "slope", layer: null, argument: form.in, value: form.formula }, argument, double),
      ).toBeCloseTo(slope, 7);
    }
  });
});

test("a formula without a value anywhere is refused, not looked for forever", () => {
  for (const formula of ["z+1/0", "z/(z-z)"]) {
    expect(() =>
      derivativeForm({ name: "sigma", layer: null, argument: "z", value: activationFormula(formula) }),
    ).toThrow(/divides by zero|does not depend/);
  }
});

describe("the check of identities", () => {
  const network = parseNetwork("2-3-1");
  const ranges = [{ index: "j", size: sizeOf(sym("l")) }];
  const check = (left: string, right: string) =>
    checkIdentity(
      read(left),
      read(right),
      ranges,
      drawPoints(3, 1, (random) => randomNetworkPoint(network, random, [])),
    );

  test("accepts BP2", () => {
    expect(
      check("delta[l][j]", "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j]) * sigma_prime(z[l][j])").holds,
    ).toBe(true);
  });

  test.each([
    [
      "the transposed weight",
      "delta[l][j]",
      "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][1, j]) * sigma_prime(z[l][j])",
    ],
    ["a missing σ′", "delta[l][j]", "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j])"],
    [
      "σ′ at a instead of z",
      "delta[l][j]",
      "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j]) * sigma_prime(a[l][j])",
    ],
    ["the article's a_j for a_k", "z[l][j]", "sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][1]) + b[l][j]"],
    ["a wrong sign", "partial(J, b[l][j])", "-delta[l][j]"],
    ["a factor of two", "partial(J, b[l][j])", "2 * delta[l][j]"],
    ["σ′ = a(1 − a) of an opaque σ", "sigma_prime(z[l][j])", "a[l][j] * (1 - a[l][j])"],
  ])("refuses %s", (_, left, right) => {
    expect(check(left, right).holds).toBe(false);
  });
});

describe("derivatives by two methods that share no rule", () => {
  test.each(["2-3-1", "3-4-2", "4-8"])("of %s agree", (sizes) => {
    const network = parseNetwork(sizes, { activation: "tanh" });
    const computable = { model: networkModel(network), functions: networkFunctions(network) };
    const random = seeded(3);
    const tensors = drawTensors(computable.model, () => random.real(-1, 1));
    const direction = new Map([...tensors].map(([key, entries]) => [key, entries.map(() => random.real(-1, 1))]));
    const byDual = directionalDerivative(computable, tensors, direction, double).derivative;
    expect(centralDifference(computable, tensors, direction).toNumber()).toBeCloseTo(byDual, 14);
  });
});

test("numbers are exact", () => {
  expect(print(num(rational(1, 3)))).toBe("1 / 3");
  expect(print(num(0.044715))).toBe("0.044715");
});
