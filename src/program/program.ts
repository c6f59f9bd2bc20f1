import type { Rational, Relation } from "../expression/index.ts";
import type { GradientTask, InputPlace, Placement } from "./task.ts";

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
  /** An elementary function, or a constant such as pi, which takes no arguments. */
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Value[] }
  /** `then` where the comparison holds, else `otherwise`; the other is not evaluated. */
  | {
      readonly kind: "choose";
      readonly left: Value;
      readonly relation: Relation;
      readonly right: Value;
      readonly then: Value;
      readonly otherwise: Value;
    }
  /** `then` where two indices are equal, else 0: what is left of a Kronecker bracket in a loop. */
  | { readonly kind: "match"; readonly left: Position; readonly right: Position; readonly then: Value };

export type Operator = "+" | "-" | "*" | "/";

export type Statement =
  | { readonly kind: "comment"; readonly text: string }
  /** A local that is assigned once. */
  | { readonly kind: "define"; readonly name: string; readonly value: Value }
  /** A local that `add` statements add to, or `raise` statements raise. */
  | { readonly kind: "accumulator"; readonly name: string; readonly start: Value }
  | { readonly kind: "add"; readonly name: string; readonly value: Value }
  /** Gives an accumulator the value, a local or an entry, where that is greater. */
  | { readonly kind: "raise"; readonly name: string; readonly value: Value }
  | {
      readonly kind: "store";
      readonly array: ArrayName;
      readonly at: Position;
      readonly value: Value;
      /** Where given, the entry is the value in the turn `first` of that loop only, and grows by it in the others. */
      readonly gathers?: { readonly over: string; readonly first: number };
    }
  /** index = start, start + step, … below end */
  | {
      readonly kind: "loop";
      readonly index: string;
      readonly start: number;
      readonly end: number;
      readonly step: number;
      /** In code for a block of samples that may have fewer: so many turns for each that there is, \`end\` in a full one. */
      readonly perSample?: number;
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

export type Strategy = "unrolled" | "tiled";

/** Whether code computes e^x by Math.exp, or faster by a function of its own. */
export type Exponential = "exact" | "fast";

/** Straight-line code or loops for one gradient: `forward` and `backward`, and procedures that they run. */
export interface Program {
  readonly task: GradientTask;
  /** The same with its values as they were derived; null where no value has been put into a stable form. */
  readonly plain: Program | null;
  readonly strategy: Strategy;
  readonly exp: Exponential;
  readonly layout: readonly Placement[];
  readonly parameterCount: number;
  readonly inputs: readonly InputPlace[];
  /** Number of entries that `forward` writes. */
  readonly outputLength: number;
  /** Arrays of the program's own, with their lengths. */
  readonly scratch: readonly { readonly name: ArrayName; readonly length: number }[];
  readonly procedures: readonly Procedure[];
  /** The same, arranged for functions that are given the gradient's array; null where one arrangement serves all. */
  readonly forArguments: readonly Procedure[] | null;
}

/** Has a program so many parameters that checks of it take seconds? They are then made of fewer points. */
export const isLarge = ({ parameterCount }: Pick<Program, "parameterCount">): boolean => parameterCount > 5_000;

/** The procedure of that name. */
export function procedureOf({ procedures }: Pick<Program, "procedures">, name: string): Procedure {
  const found = procedures.find((p) => p.name === name);
  if (found === undefined) throw new Error(`the program has no procedure ${name}`);
  return found;
}

/** Statements with the procedures that they run put in their place. */
export const inlined = (program: Pick<Program, "procedures">, statements: readonly Statement[]): readonly Statement[] =>
  statements.flatMap((s) => (s.kind === "run" ? inlined(program, procedureOf(program, s.procedure).statements) : [s]));

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
      return { ...value, args: value.args.map(change) };
    case "choose":
      return {
        ...value,
        left: change(value.left),
        right: change(value.right),
        then: change(value.then),
        otherwise: change(value.otherwise),
      };
    case "match":
      return { ...value, then: change(value.then) };
    default:
      return value;
  }
}

/** The direct parts of a value. */
export function partsOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case "operation":
      return [value.left, value.right];
    case "negate":
      return [value.of];
    case "call":
      return value.args;
    case "choose":
      return [value.left, value.right, value.then, value.otherwise];
    case "match":
      return [value.then];
    default:
      return [];
  }
}

/** Visits every value within a value, itself last. */
export function visitValue(value: Value, visit: (value: Value) => void): void {
  for (const part of partsOf(value)) visitValue(part, visit);
  visit(value);
}

/** What a value reads by position: the entry that it loads, the indices that it compares. */
export function positionsOf(value: Value): readonly Position[] {
  if (value.kind === "load") return [value.at];
  return value.kind === "match" ? [value.left, value.right] : [];
}

/** The values that a statement evaluates itself, not those in a loop's body. */
export function valuesOf(statement: Statement): readonly Value[] {
  switch (statement.kind) {
    case "define":
    case "add":
    case "raise":
    case "store":
      return [statement.value];
    case "accumulator":
      return [statement.start];
    default:
      return [];
  }
}

/** Values with the same key are the same. */
export const valueKey = (value: Value): string => shallowKey(value, valueKey);

/** The key of a value by those of its parts. */
export function shallowKey(value: Value, keyOf: (part: Value) => string): string {
  switch (value.kind) {
    case "number":
      return `${value.value.numerator}/${value.value.denominator}`;
    case "local":
      return value.name;
    case "load":
      return `${value.array}[${positionKey(value.at)}]`;
    case "operation":
      return `(${keyOf(value.left)} ${value.operator} ${keyOf(value.right)})`;
    case "negate":
      return `-${keyOf(value.of)}`;
    case "call":
      return `${value.name}(${value.args.map(keyOf).join()})`;
    case "choose":
      return `(${keyOf(value.left)} ${value.relation} ${keyOf(value.right)} ? ${keyOf(value.then)} : ${keyOf(value.otherwise)})`;
    case "match":
      return `(${positionKey(value.left)} = ${positionKey(value.right)} ? ${keyOf(value.then)})`;
  }
}

const positionKey = ({ constant, terms }: Position): string =>
  `${constant}${terms.map((t) => `+${t.scale}${t.index}`).join("")}`;
