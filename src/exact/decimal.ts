import { Decimal } from "decimal.js";
import type { Arithmetic } from "./arithmetic.ts";

const Digits64 = Decimal.clone({ precision: 64, defaults: true });
export type Digits = Decimal;

const one = new Digits64(1);
const functions: Readonly<Record<string, (x: Digits) => Digits>> = {
  exp: (x) => x.exp(),
  log: (x) => x.ln(),
  sqrt: (x) => x.sqrt(),
  // The library's own series does not end for large arguments.
  tanh: (x) => one.sub(new Digits64(2).div(x.mul(2).exp().add(1))),
  sinh: (x) => x.sinh(),
  cosh: (x) => x.cosh(),
  sech: (x) => one.div(x.cosh()),
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  atan: (x) => x.atan(),
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
  apply: (name, x) => {
    const f = functions[name];
    if (f === undefined || x === undefined) throw new Error(`no 64-digit ${name}`);
    return f(x);
  },
};
