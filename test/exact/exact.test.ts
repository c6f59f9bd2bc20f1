import { describe, expect, test } from "vitest";
import { networkFunctions, networkModel } from "../../src/equations/index.ts";
import { activationFormula, activations, isOfLayer } from "../../src/equations/index.ts";
import { stepPoints } from "../../src/derivation/points.ts";
import {
  applyDefinition,
  centralDifference,
  checkIdentity,
  checkMatrixForm,
  derivativeForm,
  directionalDerivative,
  double,
  drawTensors,
  primeTower,
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
    ["silu", "z", "1 / (1 + exp(-z)) + z * exp(-z) / (1 + exp(-z)) ^ 2"],
    ["sin", "z", "cos(z)"],
    ["1/(1+exp(-2*z))", "a", "a * (2 - 2 * a)"],
    ["tanh(z/2)", "a", "1 / 2 - 1 / 2 * a ^ 2"],
    ["exp(1)*z", "z", "exp(1)"],
    ["1/(exp(1)+exp(-z))", "z", "exp(-z) / (exp(1) + exp(-z)) ^ 2"],
  ])("of %s in terms of %s: %s", (name, variable, formula) => {
    const form = derivativeForm({ name: "sigma", layer: null, argument: "z", value: activationFormula(name) });
    expect([form.in, print(form.formula)]).toEqual([variable, formula]);
  });

  const ofOneNeuron = Object.keys(activations).filter((name) => !isOfLayer(activationFormula(name)));
  test.each(ofOneNeuron)("of %s agree with differences of doubles", (name) => {
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
      stepPoints(network, [])({ condition: "hidden", activation: null }).opaque,
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

  test.each([
    ["an index too many", "b[l][j]", "b[l][j, 1]", /b\d takes 1 index, not 2/],
    ["an index too few", "b[l][j]", "W[l][j]", /W\d takes 2 indices, not 1/],
    ["a tensor for its first entry", "x[1]", "x", /x takes 1 index, not 0/],
    ["an index of a scalar", "J", "J[1]", /J takes 0 indices, not 1/],
    ["an index of δ too many", "0", "delta[l][j, 1]", /delta\d takes 1 index, not 2/],
    ["δ without an index", "0", "delta2", /delta2 takes 1 index, not 0/],
    ["an index of ∂b too many", "0", "partial(J, b[l][j, 1])", /b\d takes 1 index, not 2/],
    ["an index of ∂W too few", "0", "partial(J, W[l][j])", /W\d takes 2 indices, not 1/],
    ["half an index", "0", "delta[l][0.5]", /not a whole number: 0.5/],
    ["an entry that is none", "0", "b[l][6]", /index 6 of b\d is outside 1\.\.[2-5]/],
    ["a δ that is none", "0", "delta[l][6]", /index 6 of delta\d is outside 1\.\.[2-5]/],
    ["a δ before the first", "0", "delta[l][0]", /index 0 of delta\d is outside 1\.\.[2-5]/],
    [
      "a sum over more δ than there are",
      "sum(k, 1:size(l), delta[l][k])",
      "sum(k, 1:6, delta[l][k])",
      /of delta\d is outside/,
    ],
    ["∂J by an entry that is none", "0", "partial(J, b[l][6])", /index 6 of b\d is outside 1\.\.[2-5]/],
    [
      "∂J by an entry beside its row, which is not the next row's",
      "partial(J, W[l][2, 1])",
      "partial(J, W[l][1, 6])",
      /index 6 of W\d is outside 1\.\.[2-5]/,
    ],
    ["∂J by an unknown variable", "0", "partial(J, foo[l][j])", /foo\d is neither a tensor nor defined/],
    ["∂J by δ", "0", "partial(J, delta[l][j])", /delta\d is neither a tensor nor defined/],
    ["∂J by an unknown letter", "0", "partial(J, c)", /c is neither a tensor nor defined/],
    ["a derivative by an index", "1", "partial(j, j)", /cannot differentiate by j/],
    ["an argument too many", "sigma(z[l][j], 3)", "sigma(z[l][j], 4)", /sigma takes 1 argument, not 2/],
    ["an argument of exp too many", "exp(z[l][j])", "exp(z[l][j], 4)", /exp takes 1 argument, not 2/],
    ["no argument", "a[l][j]", "sigma()", /sigma takes 1 argument, not 0/],
    ["a sum over nothing", "sum(z[l][j])", "sum(z[l][j])", /written sum\(k, 1:n, body\)/],
    ["a mean over nothing", "mean(z[l][j])", "mean(z[l][j])", /written as a sum\(k, 1:n, body\) over n/],
    ["a shape as a number", "shape(1, 2)", "shape(1, 3)", /a shape has no value/],
    ["a transpose of one entry", "transpose(b[l][j])", "transpose(b[l][j])", /no value entry by entry/],
    ["a letter as a number", "k", "k", /the index or variable k has no value here/],
    ["a letter out of its sum", "z[l][j]", "sum(k, 1:2, k) * k", /the index or variable k has no value here/],
    ["an unknown variable", "foo[l][j]", "foo[l][j]", /the variable foo\d has no value here/],
    ["the size of no layer", "0", "sum(k, 1:size(9), b[l][k])", /there is no layer 9/],
    ["1/0", "z[l][j]", "1 / (j - j)", /division by zero/],
  ])("finds no value for %s, and says in which expression", (_, left, right, why) => {
    expect(() => check(left, right)).toThrow(why);
    expect(() => check(left, right)).toThrow(new RegExp(`${why.source}[^]*\n  in .`));
  });

  test("one column of a matrix is not the matrix", () => {
    const points = stepPoints(network, [])({ condition: "hidden", activation: null }).opaque;
    const matrixCheck = (matrix: string) => () => checkMatrixForm(read(matrix), read("b[l][j]"), ranges, points);
    expect(matrixCheck("b[l][:]")().holds).toBe(true);
    expect(matrixCheck("b[l][:, :]")).toThrow(/b\d takes 1 index, not 2\n {2}in b\[l\]\[:, :\]/);
    expect(matrixCheck("W[l][:]")).toThrow(/W\d takes 2 indices, not 1/);
    expect(matrixCheck("transpose(b[l][:], 2)")).toThrow("a matrix form has no value entry by entry");
    expect(matrixCheck("sigma_prime(b[l][:], 2)")).toThrow("sigma_prime takes 1 argument, not 2");
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

test("the source of random numbers is SplitMix64", () => {
  const { bits } = seeded(1234567);
  expect([bits(), bits(), bits()]).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n]);
});
