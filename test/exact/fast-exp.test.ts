import { describe, expect, test } from "vitest";
import {
  digits64,
  double,
  doubleWithFastExp,
  fastExp,
  fastExpError,
  fastExpParts,
  seeded,
} from "../../src/exact/index.ts";

/** Points of each range. The whole sweep, of some minutes: FAST_EXP_POINTS=20000000 npx vitest run test/exact/fast-exp.test.ts */
const count = Number(process.env["FAST_EXP_POINTS"] ?? 60_000);

const { least, greatest } = fastExpParts.near;
const ranges = [
  ["near 0", least, greatest, fastExpError.near],
  ["near 0 by less than a thousandth", -1e-3, 1e-3, fastExpError.near],
  ["far below", -708.4, least, fastExpError.everywhere],
  ["far above", greatest, 709.782712893384, fastExpError.everywhere],
  ["where the results are subnormal", -745.13, -708.39, fastExpError.everywhere],
] as const;

describe("fastExp is within its bound", () => {
  test.each(ranges)(
    "%s",
    (_, from, to, { ulp }) => {
      const random = seeded(17);
      let worst: { readonly error: number; readonly x: number } = { error: 0, x: from };
      for (let i = 0; i < count; i++) {
        const x = random.real(from, to);
        const error = ulpError(x, fastExp(x));
        if (error > worst.error) worst = { error, x };
      }
      expect(worst.error, `exp(${worst.x})`).toBeLessThanOrEqual(ulp);
      expect(worst.error).toBeGreaterThan(0.5);
    },
    3_600_000,
  );

  test.each(Object.values(fastExpError))("and at the worst point, $at, exactly $ulp of an ulp", ({ ulp, at }) => {
    expect(Math.ceil(1000 * ulpError(at, fastExp(at))) / 1000).toBe(ulp);
  });

  test("at both ends of every interval of its table", () => {
    const half = 1 / 128;
    let worst = 0;
    for (let n = -745 * 64; n < 709.75 * 64; n += count < 1_000_000 ? 3 : 1)
      for (const x of [n / 64 - half, n / 64, n / 64 + half]) worst = Math.max(worst, ulpError(x, fastExp(x)));
    expect(worst).toBeLessThanOrEqual(fastExpError.everywhere.ulp);
  }, 60_000);
});

describe("fastExp is to the bit", () => {
  test.each([
    [0, 1],
    [-0, 1],
    [5e-324, 1],
    [-5e-324, 1],
    [Infinity, Infinity],
    [-Infinity, 0],
    [NaN, NaN],
    [709.7827128933841, Infinity],
    [709.785, Infinity],
    [709.79, Infinity],
    [710, Infinity],
    [1e300, Infinity],
    [-745.14, 0],
    [-746, 0],
    [-750, 0],
    [-1e300, 0],
    [-745.13, 5e-324],
    [-744, 1e-323],
  ])("exp(%d) = %d", (x, expected) => {
    expect(fastExp(x)).toBe(expected);
  });

  test("finite for the greatest number whose exp is", () => {
    expect(fastExp(709.782712893384)).toBeLessThan(Infinity);
    expect(fastExp(709.782712893384)).toBeGreaterThan(1.79769313486e308);
  });
});

describe("doubleWithFastExp", () => {
  test.each(["exp", "logistic", "softplus"])("%s is within 3 ulp, and not everywhere that of Math.exp", (name) => {
    const random = seeded(3);
    let others = 0;
    for (let i = 0; i < 400; i++) {
      const x = random.real(-40, 20);
      const value = doubleWithFastExp.apply(name, x);
      const reference = digits64.apply(name, exactly(x));
      expect(exactly(value).sub(reference).abs().div(reference.abs()).toNumber()).toBeLessThan(3 * Number.EPSILON);
      if (value !== double.apply(name, x)) others++;
    }
    expect(others).toBeGreaterThan(0);
  });

  test.each(["erf", "erfc", "tanh", "expm1", "log"])("%s is that of double", (name) => {
    for (const x of [0.1, 0.7, 1.3, 2.9, 6.5]) expect(doubleWithFastExp.apply(name, x)).toBe(double.apply(name, x));
  });

  test("max takes two arguments", () => {
    expect(doubleWithFastExp.apply("max", 1, 2)).toBe(2);
    expect(() => doubleWithFastExp.apply("exp", 1, 2)).toThrow();
  });
});

/** The double itself; `digits64.from` takes it for the decimal that it is printed as. */
function exactly(x: number): ReturnType<typeof digits64.from> {
  const { mantissa, exponent } = parts(x);
  return digits64.multiply(digits64.from(mantissa.toString()), digits64.from(2).pow(exponent));
}

/** Of fixed-point numbers. */
const places = 180n;
const one = 1n << places;
const ln2 = logarithmOf2();

/** How far y is from e^x, in units of the last place that a double of that size has. */
function ulpError(x: number, y: number): number {
  const power = Math.round(x / Math.LN2);
  const { mantissa, exponent } = parts(x);
  let root = (scaled(mantissa, exponent + Number(places)) - BigInt(power) * ln2) >> 5n;
  root = series(root);
  for (let i = 0; i < 5; i++) root = (root * root) >> places;
  const isLow = root < one;
  const [exact, exactPower] = isLow ? [root << 1n, power - 1] : [root, power];
  const unit = exactPower - Number(places);
  const found = parts(y);
  const difference = Math.abs(Number(scaled(found.mantissa, found.exponent - unit) - exact));
  return difference * 2 ** (unit - Math.max(exactPower - 52, -1074));
}

const scaled = (n: bigint, by: number): bigint => (by >= 0 ? n << BigInt(by) : n >> BigInt(-by));

/** 1 + t + t²/2 + … */
function series(t: bigint): bigint {
  let term = one;
  let sum = one;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = ((term * t) >> places) / k;
    sum += term;
  }
  return sum;
}

/** 2·artanh(1/3) */
function logarithmOf2(): bigint {
  let sum = 0n;
  for (let [k, power] = [1n, one / 3n]; power > 0n; [k, power] = [k + 2n, power / 9n]) sum += power / k;
  return 2n * sum;
}

function parts(x: number): { readonly mantissa: bigint; readonly exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  const biased = (high >>> 20) & 2047;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
  const size = biased === 0 ? fraction : fraction | (1n << 52n);
  return { mantissa: high >>> 31 === 1 ? -size : size, exponent: Math.max(biased, 1) - 1075 };
}
