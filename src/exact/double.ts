import { isConstant, isElementary, toNumber, type Elementary } from "../expression/index.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { doubleFunctions } from "./elementary.ts";

const functions: Readonly<Record<Elementary, (...args: number[]) => number>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  sech: (x = NaN) => 1 / Math.cosh(x),
  sin: Math.sin,
  cos: Math.cos,
  atan: Math.atan,
  abs: Math.abs,
  sign: Math.sign,
  max: Math.max,
  min: Math.min,
  ...doubleFunctions,
};

function applyDouble(name: string, ...args: readonly number[]): number {
  if (isConstant(name) && args.length === 0) return { pi: Math.PI }[name];
  if (!isElementary(name)) throw new Error(`no double ${name}`);
  return functions[name](...args);
}

/** IEEE doubles, rounding as emitted code rounds. */
export const double: Arithmetic<number> = {
  constant: toNumber,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  apply: applyDouble,
  isGreater: (a, b) => a > b,
};

/** A double with a first-order bound on its rounding error (Higham 2002, §3.3, running error analysis). */
export interface Bounded {
  readonly value: number;
  readonly error: number;
}

const epsilon = Number.EPSILON / 2;
/** Below the normal range a rounding is as large as the smallest number. */
const rounded = (value: number, inherited: number): Bounded => ({
  value,
  error: inherited + epsilon * Math.abs(value) + Number.MIN_VALUE,
});

/**
 * Doubles that carry how far rounding may have taken them: the scale by which two correct programs that sum
 * in different orders may differ. A function's error is its argument's times its slope, measured over the
 * argument's own error, plus two ulp of its value.
 */
export const bounded: Arithmetic<Bounded> = {
  constant: (c) => rounded(toNumber(c), 0),
  add: (a, b) => rounded(a.value + b.value, a.error + b.error),
  subtract: (a, b) => rounded(a.value - b.value, a.error + b.error),
  multiply: (a, b) => rounded(a.value * b.value, Math.abs(a.value) * b.error + Math.abs(b.value) * a.error),
  divide: (a, b) => {
    const value = a.value / b.value;
    return rounded(value, (a.error + Math.abs(value) * b.error) / Math.abs(b.value));
  },
  isGreater: (a, b) => {
    if (Math.abs(a.value - b.value) <= a.error + b.error && a.error + b.error > 0) throw new NearKink();
    return a.value > b.value;
  },
  apply: (name, ...args) => {
    const [x, other] = args;
    if (x === undefined) return rounded(applyDouble(name), 0);
    if (other !== undefined)
      return { value: applyDouble(name, x.value, other.value), error: Math.max(x.error, other.error) };
    if (name === "sign" && Math.abs(x.value) <= x.error) throw new NearKink();
    const value = applyDouble(name, x.value);
    const reach = Math.max(x.error, epsilon * Math.abs(x.value), Number.MIN_VALUE);
    const spread = Math.max(
      Math.abs(applyDouble(name, x.value + reach) - value),
      Math.abs(applyDouble(name, x.value - reach) - value),
    );
    return { value, error: spread + 4 * epsilon * Math.abs(value) };
  },
};

/** A point at which rounding decides which branch is taken; draw another. */
export class NearKink extends Error {
  constructor() {
    super("a comparison lies within rounding of a tie");
    this.name = "NearKink";
  }
}
