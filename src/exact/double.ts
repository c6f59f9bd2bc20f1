import { elementary, isConstant, isElementary, toNumber, type Constant, type Elementary } from "../expression/index.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { doubleFunctions } from "./elementary.ts";

const functions: Readonly<Record<Elementary | Constant, (x: number, y: number) => number>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  sech: (x) => 1 / Math.cosh(x),
  sin: Math.sin,
  cos: Math.cos,
  atan: Math.atan,
  abs: Math.abs,
  sign: Math.sign,
  max: Math.max,
  min: Math.min,
  ...doubleFunctions,
  pi: () => Math.PI,
};

function applyDouble(name: string, ...args: readonly number[]): number {
  const arity = isElementary(name) ? elementary[name] : isConstant(name) ? 0 : -1;
  if (arity !== args.length) throw new Error(`no double ${name} of ${args.length} arguments`);
  return functions[name as Elementary | Constant](...(args as [number, number]));
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

/** Two numbers are closer than their rounding errors, and a branch depends on which is greater: draw another point. */
export class NearKink extends Error {
  constructor() {
    super("a comparison lies within rounding of a tie");
    this.name = "NearKink";
  }
}

/**
 * Doubles that carry how far rounding may have taken them: the scale by which two correct programs that sum
 * in different orders may differ. A function's error is the spread of its values over the argument's own error,
 * plus what the function itself may be off by.
 *
 * @throws NearKink where the errors leave a comparison open
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
  isGreater,
  apply: (name, ...args) => {
    const value = applyDouble(name, ...args.map((x) => x.value));
    const [x, y] = args;
    if (x === undefined) return rounded(value, 0);
    // No argument moves the one that is taken by more than its own error.
    if (y !== undefined) return { value, error: Math.max(x.error, y.error) };
    if (name === "abs") return { value, error: x.error };
    if (name === "sign") return { value: isGreater(x, exactZero) ? 1 : value, error: 0 };
    return { value, error: spread(name, x, value) + ownError * Math.abs(value) + Number.MIN_VALUE };
  },
};

const exactZero: Bounded = { value: 0, error: 0 };

/** Three ulp: none of the functions is off by more (the tests say by how much each is). */
const ownError = 6 * epsilon;

function isGreater(a: Bounded, b: Bounded): boolean {
  const error = a.error + b.error;
  // A number is not greater than itself, and what no rounding has touched is compared for what it is.
  if (a !== b && error > 0 && Math.abs(a.value - b.value) <= error) throw new NearKink();
  return a.value > b.value;
}

/** Where a function begins to have values, if not everywhere. */
const leastArguments: Readonly<Record<string, number>> = { log: 0, sqrt: 0, xlogx: 0, log1p: -1 };

/**
 * How far f moves within its argument's error: as far as to one of the ends, where it is monotonic, convex or
 * concave in between; sin and cos no further than the argument itself.
 */
function spread(name: string, { value: x, error }: Bounded, value: number): number {
  if (error === 0) return 0;
  if (name === "sin" || name === "cos") return Math.min(error, 2);
  // A step below the distance of neighbouring doubles would lead nowhere.
  const reach = Math.max(error, 2 * epsilon * Math.abs(x), Number.MIN_VALUE);
  const least = Math.max(x - reach, leastArguments[name] ?? -Infinity);
  return Math.max(Math.abs(applyDouble(name, x + reach) - value), Math.abs(applyDouble(name, least) - value));
}
