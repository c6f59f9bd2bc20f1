import { comparisons, isTruthy } from "./recorded-comparisons.ts";
import { recordedExp } from "./recorded-math.ts";
import { compute, negated, power, toNumeric, toPlain, toPrimitive, type Binary } from "./recorded-numbers.ts";
import { doubleOf, isRecorded, native, type Operand, type Tape } from "./recorded-tape.ts";
import type { Reference, Runtime } from "./recorded-runtime.ts";

type Operator = Binary | "remainder" | "power";

/** What rewritten code calls, for numbers recorded on `tape`. Whole plain numbers take the short way through. */
export function operators(tape: Tape): Runtime {
  const state: { last: unknown } = { last: undefined };
  const simple = arithmetic(tape);
  return {
    ...simple,
    ...comparisons(tape),
    ...changes(simple, tape),
    falsy: (x, site) => {
      if (typeof x !== "object") {
        if (x) return false;
      } else if (isTruthyObject(tape, x, site)) return false;
      state.last = x;
      return true;
    },
    chosen: (x, site) => {
      state.last = x;
      return typeof x === "object" ? isTruthyObject(tape, x, site) : !!x;
    },
    get last() {
      return state.last;
    },
    type: (x) => (isRecorded(x) ? "number" : typeof x),
    key: (x, site) => (typeof x === "object" && x !== null ? plainAt(tape, x, site, "use as an index") : x),
    bits: (x, site) => (typeof x === "number" ? x : plainAt(tape, x, site, "a bit operation")),
    plain: (x, site) => plainAt(tape, x, site, "use in a switch"),
    first: (old) => toNumeric(tape, old),
    is: (x) => x,
    at: (site) => {
      tape.site = site;
      return none;
    },
    exponential: (make) => recordedExp(tape, make(native.Float64Array, native.Int32Array)),
    reference: (object, key, site) => {
      const name = plainAt(tape, toPrimitive(key, "string"), site, "use as an index") as PropertyKey;
      const members = object as Reference["object"];
      return { object: members, key: name, value: members[name] };
    },
  };
}

const none: readonly never[] = [];

function isTruthyObject(tape: Tape, x: unknown, site: number): boolean {
  if (!isRecorded(x)) return x !== null;
  tape.site = site;
  return isTruthy(tape, x);
}

function plainAt(tape: Tape, x: unknown, site: number, how: string): unknown {
  if (!isRecorded(x)) return x;
  tape.site = site;
  return toPlain(tape, x, how);
}

type Arithmetic = Pick<Runtime, Operator | "negate" | "plus" | "increment" | "decrement">;

function arithmetic(tape: Tape): Arithmetic {
  const { isSafeInteger } = Number;
  const add = (a: unknown, b: unknown, site: number): unknown => {
    if (typeof a === "number" && typeof b === "number") {
      const sum = a + b;
      if (isSafeInteger(sum) && isSafeInteger(a) && isSafeInteger(b)) return sum;
    }
    return sumOf(tape, a, b, site);
  };
  const subtract = (a: unknown, b: unknown, site: number): unknown => {
    if (typeof a === "number" && typeof b === "number") {
      const difference = a - b;
      if (isSafeInteger(difference) && isSafeInteger(a) && isSafeInteger(b)) return difference;
    }
    return resultOf(tape, "subtract", a, b, site);
  };
  return {
    add,
    subtract,
    multiply: (a, b, site) => {
      if (typeof a === "number" && typeof b === "number") {
        const product = a * b;
        if (isSafeInteger(product) && isSafeInteger(a) && isSafeInteger(b)) return product;
      }
      return resultOf(tape, "multiply", a, b, site);
    },
    divide: (a, b, site) => resultOf(tape, "divide", a, b, site),
    remainder: (a, b, site) =>
      typeof a === "number" && typeof b === "number" ? a % b : resultOf(tape, "remainder", a, b, site),
    power: (a, b, site) => resultOf(tape, "power", a, b, site),
    negate: (x, site) => {
      if (typeof x === "number") return -x;
      tape.site = site;
      const operand = toNumeric(tape, x);
      return typeof operand === "bigint" ? -operand : negated(tape, operand);
    },
    plus: (x, site) => {
      if (typeof x === "number") return x;
      tape.site = site;
      const operand = toNumeric(tape, x);
      if (typeof operand === "bigint") throw new TypeError("Cannot convert a BigInt value to a number");
      return operand;
    },
    increment: (x, site) => (typeof x === "number" ? add(x, 1, site) : stepped(tape, "add", x, site)),
    decrement: (x, site) => (typeof x === "number" ? subtract(x, 1, site) : stepped(tape, "subtract", x, site)),
  };
}

/** x + 1 or x − 1 of what is no plain number: also of a text, which is a number here, and of a bigint. */
function stepped(tape: Tape, operation: "add" | "subtract", x: unknown, site: number): unknown {
  tape.site = site;
  const operand = toNumeric(tape, x);
  return resultOf(tape, operation, operand, typeof operand === "bigint" ? 1n : 1, site);
}

/** a + b, which joins texts if either is one. */
function sumOf(tape: Tape, a: unknown, b: unknown, site: number): unknown {
  tape.site = site;
  if (isOperand(a) && isOperand(b)) return compute(tape, "add", a, b);
  const left = toPrimitive(a, "default");
  const right = toPrimitive(b, "default");
  if (typeof left === "string" || typeof right === "string")
    return (textOf(left) as string) + (textOf(right) as string);
  return resultOf(tape, "add", left, right, site);
}

const textOf = (x: unknown): unknown => (isRecorded(x) ? x.toString() : x);
const isOperand = (x: unknown): x is Operand => typeof x === "number" || isRecorded(x);

const onBigints = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  remainder: (a, b) => a % b,
  power: (a, b) => a ** b,
} satisfies Record<Operator, (a: bigint, b: bigint) => bigint>;

function resultOf(tape: Tape, operation: Operator, a: unknown, b: unknown, site: number): unknown {
  tape.site = site;
  const left = isOperand(a) ? a : toNumeric(tape, a);
  const right = isOperand(b) ? b : toNumeric(tape, b);
  if (typeof left === "bigint" || typeof right === "bigint") {
    if (isOperand(left) || isOperand(right))
      throw new TypeError("Cannot mix BigInt and other types, use explicit conversions");
    return onBigints[operation](left, right);
  }
  if (operation === "power") return power(tape, left, right);
  if (operation !== "remainder") return compute(tape, operation, left, right);
  if (isRecorded(left) && !left.isConstant) return tape.leave("the remainder of a division");
  return doubleOf(left) % (toPlain(tape, right, "the remainder of a division") as number);
}

type Changes = Pick<
  Runtime,
  | "addTo"
  | "subtractFrom"
  | "multiplyBy"
  | "divideBy"
  | "remainderBy"
  | "powerBy"
  | "incrementIn"
  | "decrementIn"
  | "incrementAfter"
  | "decrementAfter"
>;

/** Compound assignments to members. */
function changes(simple: Arithmetic, tape: Tape): Changes {
  const put = ({ object, key }: Reference, value: unknown): unknown => (object[key] = value);
  return {
    addTo: (reference, x, site) => put(reference, simple.add(reference.value, x, site)),
    subtractFrom: (reference, x, site) => put(reference, simple.subtract(reference.value, x, site)),
    multiplyBy: (reference, x, site) => put(reference, simple.multiply(reference.value, x, site)),
    divideBy: (reference, x, site) => put(reference, simple.divide(reference.value, x, site)),
    remainderBy: (reference, x, site) => put(reference, simple.remainder(reference.value, x, site)),
    powerBy: (reference, x, site) => put(reference, simple.power(reference.value, x, site)),
    incrementIn: (reference, site) => put(reference, simple.increment(reference.value, site)),
    decrementIn: (reference, site) => put(reference, simple.decrement(reference.value, site)),
    incrementAfter: (reference, site) => {
      put(reference, simple.increment(reference.value, site));
      return toNumeric(tape, reference.value);
    },
    decrementAfter: (reference, site) => {
      put(reference, simple.decrement(reference.value, site));
      return toNumeric(tape, reference.value);
    },
  };
}
