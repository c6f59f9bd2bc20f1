import { Decimal } from "decimal.js";
import { isConstant, isElementary, type Elementary } from "../expression/index.ts";
import type { Arithmetic } from "./arithmetic.ts";

const Digits64 = Decimal.clone({ precision: 64, defaults: true });
export type Digits = Decimal;

const [one, two] = [new Digits64(1), new Digits64(2)];
const isSmall = (x: Digits): boolean => x.abs().lt(0.5);

/** exp(x) − 1 by its series near 0, where the difference would cancel. */
function expm1(x: Digits): Digits {
  if (!isSmall(x)) return x.exp().sub(1);
  return series(x, (term, n) => term.mul(x).div(n + 1));
}

/** log(1 + x) = 2 artanh(x / (2 + x)) near 0. */
function log1p(x: Digits): Digits {
  if (!isSmall(x)) return x.add(1).ln();
  const u = x.div(x.add(2));
  const square = u.mul(u);
  let [power, total] = [u, u];
  for (let n = 3; power.abs().gt(total.abs().mul("1e-70")); n += 2) {
    power = power.mul(square);
    total = total.add(power.div(n));
  }
  return total.mul(2);
}

/** erf(x) = 2/√π · exp(−x²) · Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!, all of whose terms have one sign; beyond 12.5 it is 1 to 64 digits. */
function erf(x: Digits): Digits {
  if (x.abs().gt(12.5)) return x.isNegative() ? one.neg() : one;
  const square = x.mul(x);
  const sum = series(x, (term, n) =>
    term
      .mul(2)
      .mul(square)
      .div(2 * n + 1),
  );
  return sum.mul(two).div(pi.sqrt()).mul(square.neg().exp());
}

/** The sum of terms that the one before determines, the first of them `first`. */
function series(first: Digits, next: (term: Digits, n: number) => Digits): Digits {
  let [term, total] = [first, first];
  for (let n = 1; term.abs().gt(total.abs().mul("1e-70")); n++) {
    term = next(term, n);
    total = total.add(term);
  }
  return total;
}

const pi = Digits64.acos(-1);
// The library's own series of the hyperbolic functions do not end for large arguments.
const sinh = (x: Digits): Digits => (isSmall(x) ? x.sinh() : x.exp().sub(x.neg().exp()).div(2));
const cosh = (x: Digits): Digits => x.exp().add(x.neg().exp()).div(2);

const functions: Readonly<Record<Elementary, (x: Digits, other: Digits) => Digits>> = {
  exp: (x) => x.exp(),
  expm1,
  log: (x) => x.ln(),
  log1p,
  sqrt: (x) => x.sqrt(),
  tanh: (x) => (isSmall(x) ? sinh(x).div(cosh(x)) : one.sub(two.div(x.mul(2).exp().add(1)))),
  sinh,
  cosh,
  sech: (x) => one.div(cosh(x)),
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  atan: (x) => x.atan(),
  erf,
  abs: (x) => x.abs(),
  sign: (x) => new Digits64(x.isZero() ? 0 : x.isNegative() ? -1 : 1),
  max: (x, other) => (x.gt(other) ? x : other),
  min: (x, other) => (x.gt(other) ? other : x),
  logistic: (x) => one.div(one.add(x.neg().exp())),
  softplus: (x) => (x.gt(0) ? x : new Digits64(0)).add(log1p(x.abs().neg().exp())),
  xlogx: (x) => (x.isZero() ? x : x.mul(x.ln())),
};

/** Decimal floating point with 64 significant digits: the numeric reference. */
export const digits64: Arithmetic<Digits> & {
  /** A double, a decimal literal, or a number of the same kind. */
  readonly from: (x: Decimal.Value) => Digits;
} = {
  from: (x) => new Digits64(x),
  constant: (c) => new Digits64(c.numerator.toString()).div(c.denominator.toString()),
  add: (a, b) => a.add(b),
  subtract: (a, b) => a.sub(b),
  multiply: (a, b) => a.mul(b),
  divide: (a, b) => a.div(b),
  isGreater: (a, b) => a.gt(b),
  apply: (name, ...args) => {
    const [x, other = one] = args;
    if (x === undefined && isConstant(name)) return { pi }[name];
    if (x === undefined || !isElementary(name)) throw new Error(`no 64-digit ${name}`);
    return functions[name](x, other);
  },
};
