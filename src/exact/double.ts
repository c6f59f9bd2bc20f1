import { toNumber } from "../expression/index.ts";
import type { Arithmetic } from "./arithmetic.ts";

const functions: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  sech: (x) => 1 / Math.cosh(x),
  sin: Math.sin,
  cos: Math.cos,
  atan: Math.atan,
};

function applyDouble(name: string, x?: number): number {
  const f = functions[name];
  if (f === undefined || x === undefined) throw new Error(`no double ${name}`);
  return f(x);
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
  isGreater: (a, b) => a.value > b.value,
  apply: (name, x) => {
    if (x === undefined) return rounded(applyDouble(name), 0);
    const value = applyDouble(name, x.value);
    const reach = Math.max(x.error, epsilon * Math.abs(x.value), Number.MIN_VALUE);
    const spread = Math.max(
      Math.abs(applyDouble(name, x.value + reach) - value),
      Math.abs(applyDouble(name, x.value - reach) - value),
    );
    return { value, error: spread + 4 * epsilon * Math.abs(value) };
  },
};
