import { isNumber, refuseText, toPrimitive } from "./recorded-numbers.ts";
import { doubleOf, isRecorded, type Operand, type Tape } from "./recorded-tape.ts";
import type { RecordedComparison } from "./recording.ts";
import type { Runtime } from "./recorded-runtime.ts";

const toNumber = Number;

type Order = "<" | "<=" | ">" | ">=";
type Comparable = number | string | bigint;

const orders = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
} satisfies Record<Order, (a: Comparable, b: Comparable) => boolean>;

/** Comparisons and conditions: the doubles decide, and what was decided on an input is noted. */
export function comparisons(
  tape: Tape,
): Pick<
  Runtime,
  "less" | "lessOrEqual" | "greater" | "greaterOrEqual" | "equal" | "unequal" | "same" | "different" | "truthy"
> {
  const truthy = (x: unknown, site: number): boolean => {
    if (!isRecorded(x)) return !!x;
    tape.site = site;
    return isTruthy(tape, x);
  };
  const same = (a: unknown, b: unknown, site: number): boolean =>
    typeof a === "object" || typeof b === "object" ? isSame(tape, a, b, site) : a === b;
  const equal = (a: unknown, b: unknown, site: number): boolean =>
    isRecorded(a) || isRecorded(b) ? isEqual(tape, a, b, site) : a == b;
  return {
    less: (a, b, site) => (typeof a === "number" && typeof b === "number" ? a < b : inOrder(tape, "<", a, b, site)),
    lessOrEqual: (a, b, site) =>
      typeof a === "number" && typeof b === "number" ? a <= b : inOrder(tape, "<=", a, b, site),
    greater: (a, b, site) => (typeof a === "number" && typeof b === "number" ? a > b : inOrder(tape, ">", a, b, site)),
    greaterOrEqual: (a, b, site) =>
      typeof a === "number" && typeof b === "number" ? a >= b : inOrder(tape, ">=", a, b, site),
    same,
    different: (a, b, site) => !same(a, b, site),
    equal,
    unequal: (a, b, site) => !equal(a, b, site),
    truthy,
  };
}

/** Is x other than 0? */
export function isTruthy(tape: Tape, x: Operand): boolean {
  const double = doubleOf(x);
  decide(tape, x, "!=", 0, double !== 0);
  return !!double;
}

/** What was found of two numbers, noted. With NaN nothing holds, and nothing is noted. */
export function decide(
  tape: Tape,
  a: Operand,
  relation: RecordedComparison["relation"],
  b: Operand,
  holds: boolean,
): boolean {
  const areNumeric = doubleOf(a) === doubleOf(a) && doubleOf(b) === doubleOf(b);
  if (areNumeric) tape.compare(a, relation, b, holds);
  return holds;
}

export const ordered = (tape: Tape, a: Operand, relation: Order, b: Operand): boolean =>
  decide(tape, a, relation, b, orders[relation](doubleOf(a), doubleOf(b)));

function inOrder(tape: Tape, relation: Order, a: unknown, b: unknown, site: number): boolean {
  tape.site = site;
  if (isNumber(a) && isNumber(b)) return ordered(tape, a, relation, b);
  // The language evaluates the operand on the left first.
  const left = toPrimitive(a, "number");
  const right = toPrimitive(b, "number");
  if (isRecorded(left) || isRecorded(right))
    return ordered(tape, asNumber(tape, left), relation, asNumber(tape, right));
  return orders[relation](left as Comparable, right as Comparable);
}

function asNumber(tape: Tape, x: unknown): Operand {
  if (isNumber(x)) return x;
  if (typeof x === "string") refuseText(tape, x);
  return toNumber(x);
}

function isSame(tape: Tape, a: unknown, b: unknown, site: number): boolean {
  if (!(isRecorded(a) || isRecorded(b))) return a === b;
  tape.site = site;
  if (!isNumber(a) || !isNumber(b)) return false;
  return decide(tape, a, "==", b, doubleOf(a) === doubleOf(b));
}

function isEqual(tape: Tape, a: unknown, b: unknown, site: number): boolean {
  tape.site = site;
  if (a === null || a === undefined || b === null || b === undefined) return false;
  const [left, right] = [toPrimitive(a, "default"), toPrimitive(b, "default")];
  return isSame(tape, asNumber(tape, left), asNumber(tape, right), site);
}
