import { Decimal } from "decimal.js";
import { elementary, isConstant, isElementary, type Constant, type Elementary } from "../expression/index.ts";
import { branches, type Arithmetic } from "./arithmetic.ts";

const Digits64 = Decimal.clone({ precision: 64, defaults: true });
/** What functions are worked out in, so that rounding on the way stays out of the 64 digits. */
const Working = Decimal.clone({ precision: 84, defaults: true });
export type Digits = Decimal;

const [zero, one, pi] = [new Working(0), new Working(1), Working.acos(-1)];
const isGreater = (a: Digits, b: Digits): boolean => a.gt(b);

/** The library's own series for hyperbolic functions do not end for large arguments: these are made of exp. */
const functions: Readonly<Record<Elementary | Constant, (x: Digits, y: Digits) => Digits>> = {
  exp: (x) => x.exp(),
  expm1,
  log: (x) => x.ln(),
  log1p,
  sqrt: (x) => x.sqrt(),
  tanh: (x) => {
    const m = expm1(x.abs().mul(-2));
    return m.div(m.add(2)).mul(-x.s);
  },
  sinh: (x) => {
    const m = expm1(x.abs());
    return m
      .add(m.div(m.add(1)))
      .div(2)
      .mul(x.s);
  },
  cosh: (x) => x.exp().add(x.neg().exp()).div(2),
  sech: (x) => one.mul(2).div(x.exp().add(x.neg().exp())),
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  atan: (x) => x.atan(),
  erf,
  erfc,
  abs: (x) => x.abs(),
  sign: (x) => (x.isZero() ? zero : new Working(x.s)),
  max: (a, b) => branches.max(isGreater, a, b),
  min: (a, b) => branches.min(isGreater, a, b),
  logistic: (x) => (x.gt(0) ? one : x.exp()).div(one.add(x.abs().neg().exp())),
  softplus: (x) => branches.max(isGreater, x, zero).add(log1p(x.abs().neg().exp())),
  xlogx: (x) => (x.isZero() ? zero : x.mul(x.ln())),
  pi: () => pi,
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
  isGreater,
  apply: (name, ...args) => {
    const arity = isElementary(name) ? elementary[name] : isConstant(name) ? 0 : -1;
    if (arity !== args.length) throw new Error(`no 64-digit ${name} of ${args.length} arguments`);
    const f = functions[name as Elementary | Constant];
    return new Digits64(f(...(args.map((x) => new Working(x)) as [Digits, Digits]))).toSignificantDigits(64);
  },
};

const isNearZero = (x: Digits): boolean => x.abs().lt(0.5);

/** exp(x) − 1: by its series near 0, where the difference would cancel. */
function expm1(x: Digits): Digits {
  return isNearZero(x) ? series(x, (term, n) => term.mul(x).div(n + 1)) : x.exp().sub(1);
}

/** log(1 + x): near 0 as 2 artanh u of u = x/(2 + x), the sum of 2uⁿ/n over odd n. */
function log1p(x: Digits): Digits {
  if (!isNearZero(x)) return x.add(1).ln();
  const u = x.div(x.add(2));
  const square = u.mul(u);
  return series(u, (term, n) =>
    term
      .mul(square)
      .mul(2 * n - 1)
      .div(2 * n + 1),
  ).mul(2);
}

/** 2/√π · exp(−x²) · Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!, whose terms have one sign; beyond 12.5, 1 to more than 64 digits. */
function erf(x: Digits): Digits {
  if (x.abs().gt(12.5)) return new Working(x.s);
  const square = x.mul(x);
  const sum = series(x, (term, n) =>
    term
      .mul(square)
      .mul(2)
      .div(2 * n + 1),
  );
  return sum.mul(2).div(pi.sqrt()).mul(square.neg().exp());
}

/**
 * 1 − erf(x), and for large x exp(−x²)/√π/(x + ½/(x + 1/(x + 3⁄2/(x + …)))) by Lentz's method: all terms are positive,
 * so that no digits go missing however small the value is.
 */
function erfc(x: Digits): Digits {
  if (x.lt(4)) return one.sub(erf(x));
  const bell = x.mul(x).neg().exp();
  if (bell.isZero()) return zero;
  let [fraction, over, under, change] = [x, x, zero, zero];
  for (let n = 1; change.sub(1).abs().gt("1e-80"); n++) {
    under = one.div(x.add(under.mul(n).div(2)));
    over = x.add(one.mul(n).div(over).div(2));
    change = over.mul(under);
    fraction = fraction.mul(change);
  }
  return bell.div(pi.sqrt()).div(fraction);
}

/** first + next(first, 1) + next(…, 2) + …, until a term adds nothing. */
function series(first: Digits, next: (term: Digits, n: number) => Digits): Digits {
  let [term, total] = [first, first];
  for (let n = 1; term.abs().gt(total.abs().mul("1e-86")); n++) {
    term = next(term, n);
    total = total.add(term);
  }
  return total;
}
