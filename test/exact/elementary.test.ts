import { describe, expect, test } from "vitest";
import {
  bounded,
  checkIdentity,
  checkMatrixForm,
  digits64,
  double,
  drawPoints,
  dual,
  evaluate,
  NearKink,
  primeTower,
  randomPoint,
  seeded,
  type Digits,
  type Residues,
} from "../../src/exact/index.ts";
import type { Model } from "../../src/equations/index.ts";
import { elementary, num, read, type Elementary } from "../../src/expression/index.ts";

const names = Object.keys(elementary) as Elementary[];
const ofOne = names.filter((name) => elementary[name] === 1);
const zero = digits64.from(0);

/** The double itself; `digits64.from` takes it for the decimal that it is printed as. */
function exactly(x: number): Digits {
  let [mantissa, power] = [x, digits64.from(1)];
  while (!Number.isInteger(mantissa)) [mantissa, power] = [mantissa * 2, power.mul(2)];
  return digits64.divide(digits64.from(mantissa), power);
}

function ulpsBetween(x: number, reference: Digits): number {
  const exponent = Math.floor(Math.log2(Math.abs(reference.toNumber())));
  return reference
    .sub(exactly(x))
    .abs()
    .div(2 ** Math.max(exponent - 52, -1074))
    .toNumber();
}

describe("doubles against 64 digits, in ulp", () => {
  const random = seeded(11);
  const points = [
    0, 1000, -1000, 700, -700, 40, -40, 1e-30, -1e-30, 1e-300, -1e-300, 0.5, -0.5, 1, -1, 6, 12.4, 18.36, 26.5,
  ];
  for (let i = 0; i < 150; i++) points.push(random.real(-6.5, 6.5));

  test.each(ofOne)("%s is within 3", (name) => {
    for (const x of points) {
      const value = double.apply(name, x);
      const reference = digits64.apply(name, exactly(x));
      // exp(1000) is finite at 64 digits, log(-1) is neither there nor here.
      if (!Number.isFinite(value)) expect(reference.isNaN() || reference.abs().gt(1e308) || x === 0).toBe(true);
      else if (!reference.isZero()) expect([x, ulpsBetween(value, reference) < 3]).toEqual([x, true]);
      else expect(value).toBeCloseTo(0, 300);
    }
  });

  test.each([
    ["exp", "1000", "1.970071114017046993888879352243323125316937985323845789952802991e+434"],
    ["expm1", "1e-30", "1.0000000000000000000000000000005000000000000000000000000000001667e-30"],
    ["log1p", "1e-30", "9.999999999999999999999999999995000000000000000000000000000003333e-31"],
    ["logistic", "-1000", "5.075958897549456765291809479574336919305599282892837361832393845e-435"],
    ["softplus", "-1000", "5.075958897549456765291809479574336919305599282892837361832393845e-435"],
    ["erf", "1", "0.8427007929497148693412206350826092592960669979663029084599378978"],
    ["erf", "-1000", "-1"],
    ["erfc", "0.5", "0.4795001221869534623172533461080354712635484242420362999411942743528"],
    ["erfc", "3.9999999", "1.541727059851977001389883962194710463054146822178364603524920126944e-8"],
    ["erfc", "4", "1.541725790028001885215967348688404857214525358919116834290499421304e-8"],
    ["erfc", "26", "5.663192408856142846475727896926092580328777560925807368646253847913e-296"],
    ["erfc", "100", "6.405961424921732039021339148586394148214414399460338057767107650249e-4346"],
    ["erfc", "1000", "1.860037048632323370908471162289984373206233539926488472200712370096e-434298"],
    ["erfc", "-3", "1.999977909503001414558627223870417679620152292912600750342761045157"],
    ["tanh", "1000", "1"],
    ["sinh", "1e-30", "1.000000000000000000000000000000000000000000000000000000000000167e-30"],
  ] as const)("%s(%s) is right to 60 digits", (name, x, expected) => {
    const value = digits64.apply(name, digits64.from(x));
    expect(value.toSignificantDigits(60).toString()).toBe(digits64.from(expected).toSignificantDigits(60).toString());
  });

  test("none is an overflow or an underflow at ±1000", () => {
    expect([1000, -1000].map((x) => digits64.apply("exp", digits64.from(x)).e)).toEqual([434, -435]);
  });
});

describe("derivatives by dual numbers against differences at 64 digits", () => {
  const step = digits64.from("1e-20");
  test.each(names)("of %s", (name) => {
    for (const [x, y] of [
      [0.3, 1.7],
      [1.9, -0.4],
    ] as const) {
      const args = elementary[name] === 1 ? [x] : [x, y];
      const at = (by: Digits): Digits =>
        digits64.apply(
          name,
          ...args.map((value, i) => (i === 0 ? digits64.from(value).add(by) : digits64.from(value))),
        );
      const slope = at(step).sub(at(step.neg())).div(step.mul(2));
      const duals = args.map((value, i) => ({
        value: digits64.from(value),
        derivative: digits64.from(i === 0 ? 1 : 0),
      }));
      const { derivative } = dual(digits64).apply(name, ...duals);
      expect(derivative.sub(slope).abs().toNumber()).toBeLessThan(1e-36);
    }
  });

  test("a tie of max or min has the derivative of the first argument", () => {
    const [a, b] = [
      { value: zero, derivative: digits64.from(2) },
      { value: zero, derivative: digits64.from(3) },
    ] as const;
    expect(dual(digits64).apply("max", a, b).derivative.toNumber()).toBe(2);
    expect(dual(digits64).apply("min", a, b).derivative.toNumber()).toBe(2);
  });
});

/** Points of a model with a vector u of 3 entries, scalars R1, R2, R3, and J = Σ over the layers of R. */
const model: Model = {
  tensors: [
    { variable: { family: "u", layer: null }, role: "input", sizes: [num(3)] },
    { variable: { family: "v", layer: null }, role: "input", sizes: [num(3)] },
    ...[1, 2, 3].map((n) => ({ variable: { family: `R${n}`, layer: null }, role: "input" as const, sizes: [] })),
  ],
  equations: [{ variable: { family: "J", layer: null }, ranges: [], value: read("sum(m, 1:L - 1, R[m + 1][] ^ 2)") }],
  objective: { family: "J", layer: null },
};
const ranges = [{ index: "j", size: num(3) }];
/** One exp within another, so that identities of logarithms of exps hold below the highest field too. */
const points = drawPoints(8, 5, (random) =>
  randomPoint(
    model,
    { l: 2, L: 3 },
    random,
    [],
    [{ name: "f", layer: null, argument: "t", value: read("exp(exp(t))") }],
  ),
);
const holds = (left: string, right: string): boolean => checkIdentity(read(left), read(right), ranges, points).holds;

describe("in the prime tower", () => {
  test.each([
    ["logistic(u[j]) + logistic(-u[j])", "1"],
    ["logistic(u[j])", "exp(u[j]) / (1 + exp(u[j]))"],
    ["partial(softplus(u[j]), u[j])", "logistic(u[j])"],
    ["partial(xlogx(u[j]), u[j])", "log(u[j]) + 1"],
    ["partial(erf(u[j]), u[j])", "2 / sqrt(pi) * exp(-u[j] ^ 2)"],
    ["erf(-u[j])", "-erf(u[j])"],
    ["erf(0) + erfc(0)", "1"],
    ["1 - erf(u[j])", "erfc(u[j])"],
    ["1 + erf(u[j])", "erfc(-u[j])"],
    ["partial(erfc(u[j]), u[j])", "-2 / sqrt(pi) * exp(-u[j] ^ 2)"],
    ["partial(abs(u[j]), u[j])", "sign(u[j])"],
    ["max(u[j], v[j]) + min(u[j], v[j])", "u[j] + v[j]"],
    ["max(u[j], v[j])", "max(v[j], u[j])"],
    ["abs(u[j])", "u[j] * sign(u[j])"],
    ["abs(-u[j])", "abs(u[j])"],
    ["abs(u[j])", "u[j] > 0 ? u[j] : -u[j]"],
    ["u[j] >= v[j] ? 1 : 0", "u[j] < v[j] ? 0 : 1"],
    ["partial(max(u[j], 0), u[j])", "u[j] > 0 ? 1 : 0"],
    ["maximum(k, 1:3, u[k])", "max(u[3], max(u[2], u[1]))"],
    ["log1p(expm1(u[j]))", "u[j]"],
    ["log(exp(u[j]) / exp(v[j]))", "u[j] - v[j]"],
    ["log(exp(u[j]) / sum(k, 1:3, exp(u[k])))", "u[j] - log(sum(k, 1:3, exp(u[k])))"],
    ["exp(u[j] - maximum(k, 1:3, u[k]))", "exp(u[j]) / exp(maximum(k, 1:3, u[k]))"],
    ["max(2, 3)", "3"],
    ["sign(0) + max(1, 1) + xlogx(0) + log(1) + exp(0)", "2"],
    ["J", "R2 ^ 2 + R3 ^ 2"],
    ["sum(m, 1:L - 1, R[m][] * R[m + 1][])", "R1 * R2 + R2 * R3"],
    ["R[l][]", "R2"],
    ["partial(J, R[l][])", "2 * R2"],
    ["partial(J, R1)", "0"],
  ])("%s is %s", (left, right) => {
    expect(holds(left, right)).toBe(true);
  });

  test.each([
    ["max(u[j], v[j])", "u[j]"],
    ["max(u[j], v[j])", "v[j]"],
    ["abs(u[j])", "u[j]"],
    ["abs(u[j])", "-u[j]"],
    ["sign(u[j])", "1"],
    ["u[j] > 0 ? u[j] : 0", "u[j]"],
    ["u[j] > v[j] ? 1 : 0", "u[j] > 0 ? 1 : 0"],
    ["maximum(k, 1:3, u[k])", "u[1]"],
    ["logistic(u[j])", "exp(u[j])"],
    ["softplus(u[j])", "u[j]"],
    ["log(exp(u[j]) + exp(v[j]))", "u[j] + v[j]"],
    ["log(u[j] / v[j])", "log(u[j]) / log(v[j])"],
    ["partial(erf(u[j]), u[j])", "exp(-u[j] ^ 2)"],
    ["erf(-u[j])", "erf(u[j])"],
    ["erfc(-u[j])", "-erfc(u[j])"],
    ["erfc(u[j])", "erf(u[j])"],
    ["2 + erf(u[j])", "erfc(-u[j])"],
    ["pi", "3.141592653589793"],
    ["expm1(u[j])", "exp(u[j])"],
    ["max(2, 3)", "2"],
    ["J", "R1 ^ 2 + R2 ^ 2"],
    ["partial(J, R[l][])", "0"],
  ])("%s is not %s", (left, right) => {
    expect(holds(left, right)).toBe(false);
  });

  test("a comparison depends on the difference alone, and one of d > 0, -d > 0 holds", () => {
    const field = primeTower(2, seeded(3));
    const none = field.constant({ numerator: 0n, denominator: 1n });
    for (let i = 0; i < 50; i++) {
      const [a, b, c] = [field.draw(), field.draw(), field.draw()];
      const isGreater = field.isGreater(a, b);
      expect(field.isGreater(field.add(a, c), field.add(b, c))).toBe(isGreater);
      expect(field.isGreater(b, a)).toBe(!isGreater);
      expect(field.isGreater(field.subtract(none, b), field.subtract(none, a))).toBe(isGreater);
      expect(field.isGreater(a, a)).toBe(false);
    }
  });

  test("functions of matrices take equal entries, and a scalar with each", () => {
    const matrix = (text: string, entries: string): boolean =>
      checkMatrixForm(read(text), read(entries), ranges, points).holds;
    expect(matrix("max(u[:], v[:])", "max(u[j], v[j])")).toBe(true);
    expect(matrix("u[:] > 0 ? u[:] : v[:]", "u[j] > 0 ? u[j] : v[j]")).toBe(true);
    expect(matrix("R[l][]", "R2")).toBe(false);
    expect(matrix("u[:] > 0 ? u[:] : v[:]", "u[j] > 0 ? v[j] : u[j]")).toBe(false);
  });
});

describe("what has no value says why", () => {
  const { valuation } = points.drawn[0] as (typeof points.drawn)[number];
  const valueOf = (text: string, sizes?: ReadonlyMap<string, number>): Residues =>
    evaluate(read(text), sizes === undefined ? valuation : { ...valuation, sizes }, new Map());

  test.each([
    ["max(J)", "max takes 2 arguments, not 1"],
    ["exp(J, J)", "exp takes 1 argument, not 2"],
    ["size(h)", "the size h has no value here"],
    ["maximum(k, 1:0, u[k])", "nothing is the greatest of no terms"],
    ["sum(m, 1:L - 5, R[m][])", "there is no layer -2"],
  ])("%s: %s", (text, why) => {
    expect(() => valueOf(text)).toThrow(why);
  });

  test("a size with a name has the value given", () => {
    expect(valueOf("sum(k, 1:size(h), u[k])", new Map([["h", 3]]))).toEqual(valueOf("u[1] + u[2] + u[3]"));
    expect(valueOf("size(h)", new Map([["h", 3]]))).toEqual(valueOf("3"));
  });
});

describe("doubles with their errors", () => {
  const of = (value: number, error: number) => ({ value, error });

  test.each(ofOne.filter((name) => name !== "sign"))("%s stays within its bound", (name) => {
    for (const x of [1e-3, 0.02, 0.7, 2.6]) {
      const argument = of(x, x * 1e-3);
      const { value, error } = bounded.apply(name, argument);
      const rounding = 1e-15 * Math.abs(value);
      for (const by of [-1, -0.5, 0.3, 1])
        expect(Math.abs(double.apply(name, x + by * argument.error) - value)).toBeLessThanOrEqual(error + rounding);
    }
  });

  test.each([
    ["isGreater", () => bounded.isGreater(of(1, 1e-9), of(1 + 1e-10, 0))],
    ["sign", () => bounded.apply("sign", of(1e-10, 1e-9))],
  ] as const)("%s of what is closer than its error is near a kink", (_, run) => {
    expect(run).toThrow(NearKink);
  });

  test("abs, max and min have values at their kinks, with the error of their arguments", () => {
    expect(bounded.apply("abs", of(-1e-10, 1e-9))).toEqual(of(1e-10, 1e-9));
    expect(bounded.apply("max", of(1, 1e-9), of(1, 2e-9))).toEqual(of(1, 2e-9));
  });

  test("an exact 0 has an exact xlogx, one with an error no logarithm", () => {
    expect(bounded.apply("xlogx", of(0, 0)).error).toBeLessThan(1e-300);
    expect(bounded.apply("log", of(1e-10, 1e-9)).error).toBe(Infinity);
  });
});
