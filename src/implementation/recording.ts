/**
 * What the checked code computed, operation by operation: a graph in which a node comes after its operands.
 * Plain arrays, so that it passes between processes as it is.
 */
export interface Recording {
  /** The operation of each node. */
  readonly operations: Uint8Array;
  /** Two operands each: nodes, or for `input` the call and the slot, for `constant` an index into `constants`. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Where in the source each node was computed: an index into the sites of the bundle, or −1. */
  readonly sites: Int32Array;
  /** What each node was worth in doubles, as the code itself computed it. */
  readonly values: Float64Array;
  /** Decimal literals, each the shortest that reads back to the double that the code had. */
  readonly constants: readonly string[];
  /** Every comparison of a number that depends on an input, in the order in which they were made. */
  readonly comparisons: readonly RecordedComparison[];
}

/** Operations by code. Functions take `left`, and `right` where they take two arguments. */
export const operations = [
  "input",
  "constant",
  "add",
  "subtract",
  "multiply",
  "divide",
  "negate",
  "pi",
  "exp",
  "expm1",
  "log",
  "log1p",
  "sqrt",
  "tanh",
  "sinh",
  "cosh",
  "sin",
  "cos",
  "atan",
  "abs",
  "sign",
  "max",
  "min",
] as const;
export type Operation = (typeof operations)[number];

export interface RecordedComparison {
  readonly left: number;
  readonly right: number;
  readonly relation: "<" | "<=" | ">" | ">=" | "==" | "!=";
  readonly holds: boolean;
  readonly site: number;
}

/** A place in the checked sources. Lines and columns count from 1. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A line of the checked sources, counted from 1. */
export interface CodeLine {
  readonly file: string;
  readonly line: number;
}

/** Where a recorded number left the record, as by conversion to a plain number or to text. */
export interface Escape {
  readonly how: string;
  readonly site: number;
}
