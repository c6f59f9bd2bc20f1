import { DivisionByZero, type Arithmetic } from "../exact/index.ts";
import { elementary, fromDecimal, nearestFraction, rational, type Rational } from "../expression/index.ts";
import { operations, type Operation, type Recording } from "../implementation/index.ts";

/** What went into the calls: slots are numbered as in the requests. */
export type Input<T> = (call: number, slot: number) => T;

/**
 * Computes in another arithmetic what the checked code has computed in doubles. A node that has no value there,
 * such as 1/0 or NaN, is null; so is what depends on it.
 */
export function replay<T>(recording: Recording, arithmetic: Arithmetic<T>, input: Input<T>): readonly (T | null)[] {
  const constants = recording.constants.map((literal) =>
    Number.isFinite(Number(literal)) ? arithmetic.constant(constantOf(literal)) : null,
  );
  const values: (T | null)[] = [];
  const count = recording.operations.length;
  for (let node = 0; node < count; node++) {
    const name = operations[recording.operations[node] as number] as Operation;
    const [left, right] = [recording.left[node] as number, recording.right[node] as number];
    if (name === "input") values.push(input(left, right));
    else if (name === "constant") values.push(constants[left] ?? null);
    else values.push(operate(name, arithmetic, values, left, right));
  }
  return values;
}

/** Literals of so many digits are rounded numbers, not numbers that someone wrote. */
const manyDigits = 15;

const isRounded = (literal: string): boolean =>
  literal.replace(/e.*$/i, "").replace(/\D/g, "").replace(/^0+/, "").length >= manyDigits;

/** What a literal stands for: 0.3333333333333333 for 1/3. */
function constantOf(literal: string): Rational {
  const fraction = isRounded(literal) ? nearestFraction(Number(literal), Number.EPSILON / 4) : null;
  return fraction ?? fromDecimal(literal);
}

/** The literals of a recording that are rounded, and it is not known from what: 0.7978845608028654 for √(2/π). */
export const roundedConstants = ({ constants }: Recording): readonly string[] =>
  constants.filter((literal) => isRounded(literal) && nearestFraction(Number(literal), Number.EPSILON / 4) === null);

type Computed = Exclude<Operation, "input" | "constant">;

/** How many operands an operation has, so that none is read that it does not have. */
const arity: Readonly<Record<Computed, 0 | 1 | 2>> = {
  ...elementary,
  add: 2,
  subtract: 2,
  multiply: 2,
  divide: 2,
  negate: 1,
  pi: 0,
};

function operate<T>(
  name: Computed,
  arithmetic: Arithmetic<T>,
  values: readonly (T | null)[],
  left: number,
  right: number,
): T | null {
  const count = arity[name];
  const [a, b] = [count > 0 ? (values[left] ?? null) : null, count > 1 ? (values[right] ?? null) : null];
  if ((count > 0 && a === null) || (count > 1 && b === null)) return null;
  try {
    return apply(name, arithmetic, a as T, b as T);
  } catch (error) {
    if (error instanceof DivisionByZero) return null;
    throw error;
  }
}

function apply<T>(name: Computed, arithmetic: Arithmetic<T>, a: T, b: T): T {
  switch (name) {
    case "add":
    case "subtract":
    case "multiply":
    case "divide":
      return arithmetic[name](a, b);
    case "negate":
      return arithmetic.subtract(arithmetic.constant(rational(0)), a);
    default:
      return arithmetic.apply(name, ...[a, b].slice(0, arity[name]));
  }
}

/** How deep exponentials stand in one another: so many fields of the prime tower, and one more, keep them apart. */
export function exponentialDepth({ operations: codes, left, right }: Recording): number {
  const depths = new Uint16Array(codes.length);
  let deepest = 0;
  for (let node = 0; node < codes.length; node++) {
    const name = operations[codes[node] as number] as Operation;
    if (name === "input" || name === "constant") continue;
    const count = arity[name];
    const below = Math.max(
      count > 0 ? (depths[left[node] as number] as number) : 0,
      count > 1 ? (depths[right[node] as number] as number) : 0,
    );
    depths[node] = below + (exponentials.includes(name) ? 1 : 0);
    deepest = Math.max(deepest, depths[node] as number);
  }
  return deepest;
}

const exponentials: readonly Operation[] = ["exp", "expm1", "tanh", "sinh", "cosh"];
