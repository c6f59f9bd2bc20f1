import { doubleOf, isRecorded, isUnbounded, type Operand, type Recorded, type Tape } from "./recorded-tape.ts";
import type { Operation } from "./recording.ts";

const { E, abs, floor, log, sqrt } = Math;
const { isInteger, isSafeInteger } = Number;
const toNumber = Number;

export const isNumber = (x: unknown): x is Operand => typeof x === "number" || isRecorded(x);

/** What an operator makes of an operand first: like the language, but a recorded number stays one. */
export function toPrimitive(x: unknown, hint: "default" | "number" | "string"): unknown {
  if (x === null || (typeof x !== "object" && typeof x !== "function") || isRecorded(x)) return x;
  const own: unknown = Reflect.get(x, Symbol.toPrimitive);
  if (typeof own === "function") return Reflect.apply(own, x, [hint]);
  for (const name of hint === "string" ? (["toString", "valueOf"] as const) : (["valueOf", "toString"] as const)) {
    const convert: unknown = Reflect.get(x, name);
    if (typeof convert !== "function") continue;
    const found: unknown = Reflect.apply(convert, x, []);
    if (found === null || (typeof found !== "object" && typeof found !== "function") || isRecorded(found)) return found;
  }
  throw new TypeError("Cannot convert object to primitive value");
}

/** An operand of an arithmetic operator as a number. A text that came from a recorded number does not become one. */
export function toNumeric(tape: Tape, x: unknown): Operand | bigint {
  const primitive = toPrimitive(x, "number");
  if (isNumber(primitive) || typeof primitive === "bigint") return primitive;
  const number = toNumber(primitive);
  if (typeof primitive === "string" && number === number) refuseText(tape, primitive);
  return number;
}

/** Refuses the text of a recorded number, with a sign before it or something after it, where a number is read. */
export function refuseText(tape: Tape, text: string): void {
  if (tape.texts.size === 0) return;
  const [found = "", unsigned = ""] = /^[-+]?([\d.]+(?:e[-+]?\d+)?)/.exec(text.trim()) ?? [];
  const isText = tape.texts.has(text.trim()) || tape.texts.has(found) || tape.texts.has(unsigned);
  if (isText) tape.leave("a number read from the text of a recorded one");
}

/** As a plain number, which must not depend on an input. */
export function toPlain(tape: Tape, x: unknown, how: string): unknown {
  if (!isRecorded(x)) return x;
  return x.isConstant ? x.double : tape.leave(how);
}

const steps = 2 ** 20;
/** Is v so short a binary fraction that sums, and products of a small result, lose nothing? */
const isShort = (v: number): boolean => isInteger(v * steps) && abs(v) < 2 ** 32;

/** Is the double result of an operation on plain numbers exactly what the decimals give? */
const exactness = {
  add: (a, b, result) => isExactSum(a, b, result),
  subtract: (a, b, result) => isExactSum(a, b, result),
  multiply: (a, b, result) =>
    a === 0 ||
    b === 0 ||
    (isSafeInteger(a) && isSafeInteger(b) && isSafeInteger(result)) ||
    (isShort(a) && isShort(b) && abs(result) < 2 ** 13),
  divide: (a, b, result) =>
    a === 0 ||
    (isSafeInteger(a) && isSafeInteger(b) && isInteger(result)) ||
    (isShort(a) && isShort(b) && isShort(result) && abs(a) < 2 ** 13 && result * b === a),
} satisfies Record<Binary, (a: number, b: number, result: number) => boolean>;

const isExactSum = (a: number, b: number, result: number): boolean =>
  (isSafeInteger(a) && isSafeInteger(b) && isSafeInteger(result)) || (isShort(a) && isShort(b));

export type Binary = "add" | "subtract" | "multiply" | "divide";

const natively = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
} satisfies Record<Binary, (a: number, b: number) => number>;

/** The result of an operation on numbers; on plain ones it is plain where it is exact. */
export function compute(tape: Tape, operation: Binary, a: Operand, b: Operand): Operand {
  const result = natively[operation](doubleOf(a), doubleOf(b));
  if (typeof a === "number" && typeof b === "number") {
    if (result - result !== 0 || isUnbounded(a) || isUnbounded(b) || exactness[operation](a, b, result)) return result;
  } else if (isUnbounded(a) || isUnbounded(b)) return result;
  return tape.apply(operation, a, b, result);
}

export function negated(tape: Tape, x: Operand): Operand {
  return typeof x === "number" ? -x : tape.apply("negate", x, null, -x.double);
}

/** A function of a record applied to a number, where `value` is what it is in doubles. */
export function applied(tape: Tape, operation: Operation, x: Operand, value: number): Operand {
  return isUnbounded(x) ? value : tape.apply(operation, x, null, value);
}

/**
 * base ** exponent: of e by exp, by multiplication and roots where the exponent is a multiple of ½, else by exp and
 * log.
 */
export function power(tape: Tape, base: Operand, exponent: Operand): Operand {
  const [b, e] = [doubleOf(base), doubleOf(exponent)];
  const value = b ** e;
  if (typeof base === "number" && typeof exponent === "number") {
    const isExact = isSafeInteger(b) && isInteger(e) && (e >= 0 || abs(b) === 1) && isSafeInteger(value);
    if (isExact || value - value !== 0) return value;
  }
  if (isUnbounded(base) || isUnbounded(exponent)) return value;
  const isEuler = isRecorded(base) && base.isConstant && b === E;
  if (isEuler) return tape.apply("exp", exponent, null, value);
  const isFixed = typeof exponent === "number" || exponent.isConstant;
  if (isFixed && e === 0) return 1;
  if (isFixed && isInteger(2 * e) && abs(e) <= 64) {
    const size = halfMultiple(tape, base, abs(e));
    return revalued(tape, e < 0 ? tape.apply("divide", 1, size, value) : size, value);
  }
  const logarithm = tape.apply("log", base, null, log(b));
  const product = tape.apply("multiply", exponent, logarithm, e * logarithm.double);
  return tape.apply("exp", product, null, value);
}

/** base ** exponent for a positive multiple of ½. */
function halfMultiple(tape: Tape, base: Operand, exponent: number): Operand {
  const times = (a: Operand | null, b: Operand): Operand =>
    a === null ? b : tape.apply("multiply", a, b, doubleOf(a) * doubleOf(b));
  let result: Operand | null = isInteger(exponent) ? null : tape.apply("sqrt", base, null, sqrt(doubleOf(base)));
  let square = base;
  for (let rest = floor(exponent); rest > 0; rest = floor(rest / 2)) {
    if (rest % 2 === 1) result = times(result, square);
    if (rest > 1) square = times(square, square);
  }
  return result ?? 1;
}

/** The same node with the double that the plain run has. */
const revalued = (tape: Tape, x: Operand, value: number): Operand =>
  typeof x === "number" ? tape.constant(x).rounded(value) : x.rounded(value);

/** A number of which only the sign matters, as a sort asks for it: its double, noted as a comparison with 0. */
export function decideSign(tape: Tape, x: Recorded): number {
  if (x.double === x.double) tape.compare(x, x.double > 0 ? ">" : x.double < 0 ? "<" : "==", 0, true);
  return x.double;
}
