/** The global that rewritten code calls; a name that no code has by accident. */
export const runtimeName = "__deltarule__";

type Unary = (x: unknown, site: number) => unknown;
type Binary = (a: unknown, b: unknown, site: number) => unknown;
type Relation = (a: unknown, b: unknown, site: number) => boolean;

/** A member of an object as it was read, before the operand that changes it is evaluated. */
export interface Reference {
  readonly object: Record<PropertyKey, unknown>;
  readonly key: PropertyKey;
  readonly value: unknown;
}

/** Defines e^x with what is given to it. */
type MakeExp = (doubles: typeof Float64Array, integers: typeof Int32Array) => (x: number) => number;

type Change = (reference: Reference, operand: unknown, site: number) => unknown;
type Step = (reference: Reference, site: number) => unknown;

/** What rewritten code calls. Each gives, to the bit, what the operator in its place gives for plain numbers. */
export interface Runtime {
  readonly add: Binary;
  readonly subtract: Binary;
  readonly multiply: Binary;
  readonly divide: Binary;
  readonly remainder: Binary;
  readonly power: Binary;
  readonly negate: Unary;
  /** Unary plus. */
  readonly plus: Unary;
  readonly increment: Unary;
  readonly decrement: Unary;
  readonly less: Relation;
  readonly lessOrEqual: Relation;
  readonly greater: Relation;
  readonly greaterOrEqual: Relation;
  readonly equal: Relation;
  readonly unequal: Relation;
  readonly same: Relation;
  readonly different: Relation;
  readonly truthy: (x: unknown, site: number) => boolean;
  /** Is x truthy? If not, it is `last` until the next such question: `(falsy(x) ? last : y)` is `x && y`. */
  readonly falsy: (x: unknown, site: number) => boolean;
  /** Is x truthy? Then it is `last`: `(chosen(x) ? last : y)` is `x || y`. */
  readonly chosen: (x: unknown, site: number) => boolean;
  readonly last: unknown;
  readonly type: (x: unknown) => string;
  /** An index or key. */
  readonly key: Unary;
  /** An operand of a bit operator. */
  readonly bits: Unary;
  /** What a switch compares. */
  readonly plain: Unary;
  /** The first argument as a number: `first(i, i = increment(i))` is `i++`. */
  readonly first: (old: unknown, next: unknown) => unknown;
  /** Its argument; in place of parentheses, which after a line without a semicolon would make a call. */
  readonly is: (x: unknown) => unknown;
  /** Notes the place of a call whose arguments are evaluated; spread into them, it adds none. */
  readonly at: (site: number) => readonly never[];
  readonly reference: (object: unknown, key: unknown, site: number) => Reference;
  readonly addTo: Change;
  readonly subtractFrom: Change;
  readonly multiplyBy: Change;
  readonly divideBy: Change;
  readonly remainderBy: Change;
  readonly powerBy: Change;
  readonly incrementIn: Step;
  readonly decrementIn: Step;
  /** `reference++`, which gives the old value. */
  readonly incrementAfter: Step;
  readonly decrementAfter: Step;
  /** An exp that computes with plain numbers by itself, for recorded ones. */
  readonly exponential: (make: MakeExp) => (x: unknown) => unknown;
}
