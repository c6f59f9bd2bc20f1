import type { Rational } from "../expression/index.ts";
import type { Network } from "../network/index.ts";

/** The arrays that a program reads and writes: those of the caller, then scratch arrays of its own. */
export type ArrayName = string;

/** constant + Σ scale·index, counted from 0. */
export interface Position {
  readonly constant: number;
  readonly terms: readonly { readonly index: string; readonly scale: number }[];
}

/** A scalar. Values are trees; what is shared between them is a local. */
export type Value =
  | { readonly kind: "number"; readonly value: Rational }
  | { readonly kind: "local"; readonly name: string }
  | { readonly kind: "load"; readonly array: ArrayName; readonly at: Position }
  | { readonly kind: "operation"; readonly operator: Operator; readonly left: Value; readonly right: Value }
  | { readonly kind: "negate"; readonly of: Value }
  | { readonly kind: "call"; readonly name: string; readonly argument: Value };

export type Operator = "+" | "-" | "*" | "/";

export type Statement =
  | { readonly kind: "comment"; readonly text: string }
  /** A local that is assigned once. */
  | { readonly kind: "define"; readonly name: string; readonly value: Value }
  /** A local that `add` statements add to. */
  | { readonly kind: "accumulator"; readonly name: string; readonly start: Value }
  | { readonly kind: "add"; readonly name: string; readonly value: Value }
  | { readonly kind: "store"; readonly array: ArrayName; readonly at: Position; readonly value: Value }
  /** index = start, start + step, … below end */
  | {
      readonly kind: "loop";
      readonly index: string;
      readonly start: number;
      readonly end: number;
      readonly step: number;
      readonly body: readonly Statement[];
    }
  | { readonly kind: "run"; readonly procedure: string };

export interface Procedure {
  readonly name: string;
  /** The caller's arrays that it uses, in the order of its parameters. */
  readonly arrays: readonly ArrayName[];
  readonly statements: readonly Statement[];
  readonly result: Value | null;
}

/** Where a parameter tensor lies in θ: row-major from `offset`; a bias has one column. */
export interface Placement {
  readonly name: string;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

export type Strategy = "unrolled" | "tiled";

/** Straight-line code or loops for one network: `forward` and `backward`, and procedures that they run. */
export interface Program {
  readonly network: Network;
  readonly strategy: Strategy;
  readonly layout: readonly Placement[];
  readonly parameterCount: number;
  /** Arrays of the program's own, with their lengths. */
  readonly scratch: readonly { readonly name: ArrayName; readonly length: number }[];
  readonly procedures: readonly Procedure[];
}

/** The arrays of the callers, by procedure. */
export const forwardArrays: readonly ArrayName[] = ["theta", "x", "output"];
export const backwardArrays: readonly ArrayName[] = ["theta", "x", "y", "gradient"];

/** The procedure of that name. */
export function procedureOf({ procedures }: Pick<Program, "procedures">, name: string): Procedure {
  const found = procedures.find((p) => p.name === name);
  if (found === undefined) throw new Error(`the program has no procedure ${name}`);
  return found;
}

/** index = 0, 1, …, count−1 */
export const loop = (index: string, count: number, body: readonly Statement[]): Statement => ({
  kind: "loop",
  index,
  start: 0,
  end: count,
  step: 1,
  body,
});

/** Visits every statement, those inside loops after the loop itself. `trips` is how often it runs. */
export function visitStatements(
  statements: readonly Statement[],
  visit: (statement: Statement, trips: number) => void,
  trips = 1,
): void {
  for (const statement of statements) {
    visit(statement, trips);
    if (statement.kind === "loop")
      visitStatements(statement.body, visit, trips * Math.ceil((statement.end - statement.start) / statement.step));
  }
}

/** The same value with each of its direct parts changed. */
export function mapParts(value: Value, change: (part: Value) => Value): Value {
  switch (value.kind) {
    case "operation":
      return { ...value, left: change(value.left), right: change(value.right) };
    case "negate":
      return { ...value, of: change(value.of) };
    case "call":
      return { ...value, argument: change(value.argument) };
    default:
      return value;
  }
}

/** Visits every value within a value, itself last. */
export function visitValue(value: Value, visit: (value: Value) => void): void {
  if (value.kind === "operation") {
    visitValue(value.left, visit);
    visitValue(value.right, visit);
  } else if (value.kind === "negate") visitValue(value.of, visit);
  else if (value.kind === "call") visitValue(value.argument, visit);
  visit(value);
}

/** The values that a statement evaluates itself, not those in a loop's body. */
export function valuesOf(statement: Statement): readonly Value[] {
  switch (statement.kind) {
    case "define":
    case "add":
    case "store":
      return [statement.value];
    case "accumulator":
      return [statement.start];
    default:
      return [];
  }
}

/** Values with the same key are the same. */
export function valueKey(value: Value): string {
  switch (value.kind) {
    case "number":
      return `${value.value.numerator}/${value.value.denominator}`;
    case "local":
      return value.name;
    case "load":
      return `${value.array}[${value.at.constant}${value.at.terms.map((t) => `+${t.scale}${t.index}`).join("")}]`;
    case "operation":
      return `(${valueKey(value.left)}${value.operator}${valueKey(value.right)})`;
    case "negate":
      return `-${valueKey(value.of)}`;
    case "call":
      return `${value.name}(${valueKey(value.argument)})`;
  }
}
