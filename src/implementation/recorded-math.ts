import { ordered } from "./recorded-comparisons.ts";
import { applied, negated, power, toNumeric } from "./recorded-numbers.ts";
import { doubleOf, isRecorded, isUnbounded, native, type Operand, type Recorded, type Tape } from "./recorded-tape.ts";
import type { Operation } from "./recording.ts";

const { isInteger, isSafeInteger } = Number;

type Name = Exclude<keyof Math, typeof Symbol.toStringTag>;
type ConstantName = { [N in Name]: Math[N] extends number ? N : never }[Name];
type FunctionName = Exclude<Name, ConstantName>;

const natives = native.Math as unknown as Readonly<Record<string, unknown>>;

interface Call {
  readonly tape: Tape;
  readonly name: FunctionName;
  /** The first argument. */
  readonly x: Operand;
  readonly all: readonly Operand[];
  /** What it is in doubles. */
  readonly value: number;
}

interface Row {
  readonly record: (call: Call) => Operand;
  /** Is the double of a plain number the very value? Left out: it always is. */
  readonly isExact?: (x: number, value: number) => boolean;
}

/** `Math` for numbers recorded on `tape`. Of plain numbers it gives plain ones where they are exact. */
export function recordedMath(tape: Tape): Math {
  const math = Object.create(Object.prototype) as Record<PropertyKey, unknown>;
  const define = (name: PropertyKey, value: unknown): void =>
    void Object.defineProperty(math, name, { value, writable: true, configurable: true });
  for (const name of Object.getOwnPropertyNames(native.Math)) define(name, natives[name]);
  for (const name of Object.keys(functions) as FunctionName[]) define(name, recordedFunction(tape, name));
  for (const [name, make] of Object.entries(constants)) {
    let made: Recorded | undefined;
    Object.defineProperty(math, name, { get: () => (made ??= make(tape)) });
  }
  define(Symbol.toStringTag, "Math");
  return math as unknown as Math;
}

/** An exp whose doubles are those of `compute`. */
export const recordedExp = (tape: Tape, compute: (x: number) => number): ((...args: unknown[]) => unknown) =>
  recordedFunction(tape, "exp", compute);

function recordedFunction(
  tape: Tape,
  name: FunctionName,
  compute = natives[name] as (...values: number[]) => number,
): (...args: unknown[]) => unknown {
  const row: Row = functions[name];
  const recorded = (...args: unknown[]): unknown => {
    const all = (isVariadic(name) ? args : args.slice(0, compute.length)).map((x) => toNumber(tape, x));
    const value = compute(...all.map(doubleOf));
    const [x = NaN] = all;
    const isPlain = all.every((each) => typeof each === "number");
    if (isPlain && (value - value !== 0 || (row.isExact?.(doubleOf(x), value) ?? true))) return value;
    return row.record({ tape, name, x, all, value });
  };
  return Object.defineProperties(recorded, { name: { value: name }, length: { value: compute.length } });
}

const isVariadic = (name: FunctionName): boolean => name === "max" || name === "min" || name === "hypot";

function toNumber(tape: Tape, x: unknown): Operand {
  const operand = toNumeric(tape, x);
  if (typeof operand === "bigint") throw new TypeError("Cannot convert a BigInt value to a number");
  return operand;
}

/** An operation of the record by the same name, exact where the argument is `root`. */
const asItself = (root: number) => ({
  record: ({ tape, name, x, value }: Call) => applied(tape, name as Operation, x, value),
  isExact: (x: number) => x === root,
});

/** A function that a record does not have, though it may be of a constant. */
const escaping = {
  record: ({ tape, name, all, value }: Call) =>
    all.some((x) => isRecorded(x) && !x.isConstant) ? tape.leave(`Math.${name}`) : value,
};

const logOf = (tape: Tape, x: Operand): Recorded => tape.apply("log", x, null, native.Math.log(doubleOf(x)));
const logarithm = (base: number) => ({
  record: ({ tape, x, value }: Call) =>
    isUnbounded(x) ? value : tape.apply("divide", logOf(tape, x), logOf(tape, base), value),
  isExact: (x: number, value: number) => isInteger(value) && value >= 0 && base ** value === x,
});

const extreme = (relation: "<=" | ">=") => ({
  /** The operand that was chosen. Which one it is, the comparisons say: each with the best of those before it. */
  record: ({ tape, all, value }: Call): Operand => {
    const chosen = all.findIndex((x) => native.is(doubleOf(x), value));
    const [first, ...others] = all;
    if (first !== undefined) others.reduce((best: Operand, x) => (ordered(tape, best, relation, x) ? best : x), first);
    return all[chosen] ?? value;
  },
});

const functions = {
  exp: asItself(0),
  expm1: asItself(0),
  log: asItself(1),
  log1p: asItself(0),
  sqrt: { ...asItself(0), isExact: (x: number, value: number) => isInteger(value * 1024) && value * value === x },
  tanh: asItself(0),
  sinh: asItself(0),
  cosh: asItself(0),
  sin: asItself(0),
  cos: asItself(0),
  atan: asItself(0),
  log2: logarithm(2),
  log10: logarithm(10),
  tan: {
    record: ({ tape, x, value }: Call): Operand => {
      if (isUnbounded(x)) return value;
      const sine = tape.apply("sin", x, null, native.Math.sin(doubleOf(x)));
      return tape.apply("divide", sine, tape.apply("cos", x, null, native.Math.cos(doubleOf(x))), value);
    },
    isExact: (x: number) => x === 0,
  },
  pow: { record: ({ tape, x, all }: Call) => power(tape, x, all[1] ?? NaN), isExact: () => false },
  hypot: {
    record: ({ tape, all, value }: Call): Operand => {
      if (all.some(isUnbounded)) return value;
      const squares = all.map((x) => tape.apply("multiply", x, x, doubleOf(x) * doubleOf(x)));
      const sum = squares.reduce((a, b) => tape.apply("add", a, b, a.double + b.double));
      return tape.apply("sqrt", sum, null, value);
    },
    isExact: () => false,
  },
  abs: {
    record: ({ tape, x }: Call): Operand =>
      ordered(tape, x, ">=", 0) && !native.is(doubleOf(x), -0) ? x : negated(tape, x),
  },
  sign: {
    record: ({ tape, x, value }: Call): Operand => {
      if (!ordered(tape, x, ">", 0)) ordered(tape, x, "<", 0);
      return value;
    },
  },
  max: extreme(">="),
  min: extreme("<="),
  fround: {
    record: ({ tape, x, value }: Call): Operand =>
      isUnbounded(x) ? value : (isRecorded(x) ? x : tape.constant(x)).rounded(value),
    isExact: (x: number, value: number) => x === value || isSafeInteger(x),
  },
  floor: escaping,
  ceil: escaping,
  round: escaping,
  trunc: escaping,
  cbrt: escaping,
  asin: escaping,
  acos: escaping,
  asinh: escaping,
  acosh: escaping,
  atanh: escaping,
  atan2: escaping,
  clz32: escaping,
  imul: escaping,
  random: escaping,
} satisfies Record<FunctionName, Row>;

const constants = {
  PI: (tape) => tape.pi(),
  E: (tape) => tape.apply("exp", 1, null, native.Math.E),
  LN2: (tape) => logOf(tape, 2).rounded(native.Math.LN2),
  LN10: (tape) => logOf(tape, 10).rounded(native.Math.LN10),
  LOG2E: (tape) => tape.apply("divide", 1, logOf(tape, 2), native.Math.LOG2E),
  LOG10E: (tape) => tape.apply("divide", 1, logOf(tape, 10), native.Math.LOG10E),
  SQRT2: (tape) => tape.apply("sqrt", 2, null, native.Math.SQRT2),
  SQRT1_2: (tape) => tape.apply("sqrt", 0.5, null, native.Math.SQRT1_2),
} satisfies Record<ConstantName, (tape: Tape) => Recorded>;
