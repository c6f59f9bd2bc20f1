import { operations, type Escape, type Operation, type RecordedComparison, type Recording } from "./recording.ts";

/** Beyond this many operations a record is of no use: it would not fit beside what evaluates it. */
const mostNodes = 8_000_000;

/** The globals as they are before the recorder replaces them. */
export const native = { Math, Float64Array, Float32Array, Int32Array, Uint8Array, Error, is: Object.is.bind(Object) };

const codes = Object.fromEntries(operations.map((name, code) => [name, code])) as Record<Operation, number>;

/** Thrown where a number leaves the record. */
export class EscapeError extends Error {
  override readonly name = "EscapeError";
}

export type Operand = number | Recorded;

/** A number of a recorded run: its node in the record, and the double that a plain run has in its place. */
export class Recorded {
  readonly node: number;
  readonly double: number;
  /** Does it depend on no input? */
  readonly isConstant: boolean;
  readonly #tape: Tape;

  constructor(tape: Tape, node: number, double: number, isConstant: boolean) {
    this.#tape = tape;
    this.node = node;
    this.double = double;
    this.isConstant = isConstant;
  }

  /** The same number of the record with another double, as rounding gives it. */
  rounded(double: number): Recorded {
    return Object.is(double, this.double) ? this : new Recorded(this.#tape, this.node, double, this.isConstant);
  }
  valueOf(): number {
    return this.isConstant ? this.double : this.#tape.leave("conversion to a plain number");
  }
  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "string" ? this.toString() : this.valueOf();
  }
  toString(radix?: number): string {
    return this.#text(this.double.toString(radix));
  }
  toLocaleString(...options: Parameters<number["toLocaleString"]>): string {
    return this.#text(this.double.toLocaleString(...options));
  }
  toFixed(digits?: number): string {
    return this.#text(this.double.toFixed(digits));
  }
  toPrecision(digits?: number): string {
    return this.#text(this.double.toPrecision(digits));
  }
  toExponential(digits?: number): string {
    return this.#text(this.double.toExponential(digits));
  }
  toJSON(): string | number {
    return Number.isFinite(this.double) ? this.#tape.stash(this) : this.double;
  }
  get [Symbol.toStringTag](): string {
    return "Number";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): number {
    return this.double;
  }

  #text(text: string): string {
    if (!this.isConstant) this.#tape.texts.add(text);
    return text;
  }
}

/** Deep enough to lead out of a library. */
const frames = 60;

function stackHere(): string {
  const limit = native.Error.stackTraceLimit;
  native.Error.stackTraceLimit = frames;
  const { stack } = new native.Error();
  native.Error.stackTraceLimit = limit;
  return stack ?? "";
}

/** What marks a recorded number in JSON: its place in the stash follows. */
export const stashMark = "\u0001recorded ";

/** The record of a run as it grows. */
export class Tape {
  /** The place last come by. */
  site = -1;
  escape: Escape | null = null;
  /** Texts of numbers that depend on inputs; read as numbers, they would have left the record unseen. */
  readonly texts = new Set<string>();
  readonly comparisons: RecordedComparison[] = [];
  /** Where the nodes watched were made. */
  readonly stacks = new Map<number, string>();
  readonly #watched: ReadonlySet<number>;
  readonly #stash: Recorded[] = [];
  readonly #constants: string[] = [];
  readonly #nodeOfConstant = new Map<number | string, number>();
  #size = 0;
  #operations = new native.Uint8Array(1 << 12);
  #left = new native.Int32Array(1 << 12);
  #right = new native.Int32Array(1 << 12);
  #sites = new native.Int32Array(1 << 12);
  #values = new native.Float64Array(1 << 12);

  constructor(watched: readonly number[]) {
    this.#watched = new Set(watched);
  }

  /** Records the escape, the first of them for good, and ends what the code does. */
  leave(how: string): never {
    this.escape ??= { how, site: this.site };
    throw new EscapeError(`not recorded: ${how}`);
  }

  input(call: number, slot: number, value: number): Recorded {
    return new Recorded(this, this.#push(codes.input, call, slot, value), value, false);
  }

  constant(value: number): Recorded {
    return new Recorded(this, this.node(value), value, true);
  }

  /** A number as an operation gives it: constant if its operands are. */
  apply(operation: Operation, left: Operand, right: Operand | null, value: number): Recorded {
    const isConstant = isConstantOperand(left) && (right === null || isConstantOperand(right));
    const l = this.node(left);
    const r = right === null ? -1 : this.node(right);
    return new Recorded(this, this.#push(codes[operation], l, r, value), value, isConstant);
  }

  pi(): Recorded {
    return new Recorded(this, this.#push(codes.pi, -1, -1, native.Math.PI), native.Math.PI, true);
  }

  node(x: Operand): number {
    if (typeof x !== "number") return x.node;
    const key = native.is(x, -0) ? "-0" : x;
    const known = this.#nodeOfConstant.get(key);
    if (known !== undefined) return known;
    const node = this.#push(codes.constant, this.#constants.push(String(key)) - 1, -1, x);
    this.#nodeOfConstant.set(key, node);
    return node;
  }

  /** Notes a comparison, unless no input can change how it comes out. */
  compare(left: Operand, relation: RecordedComparison["relation"], right: Operand, holds: boolean): void {
    if (isConstantOperand(left) && isConstantOperand(right)) return;
    if (isUnbounded(left) || isUnbounded(right)) return;
    if (isRecorded(left) && isRecorded(right) && left.node === right.node) return;
    this.comparisons.push({ left: this.node(left), right: this.node(right), relation, holds, site: this.site });
  }

  stash(x: Recorded): string {
    return `${stashMark}${this.#stash.push(x) - 1}`;
  }
  /** The number that a text stands for, or the text itself. */
  unstash(text: string): unknown {
    return text.startsWith(stashMark) ? this.#stash[+text.slice(stashMark.length)] : text;
  }

  recording(): Recording {
    return {
      operations: this.#operations.slice(0, this.#size),
      left: this.#left.slice(0, this.#size),
      right: this.#right.slice(0, this.#size),
      sites: this.#sites.slice(0, this.#size),
      values: this.#values.slice(0, this.#size),
      constants: [...this.#constants],
      comparisons: [...this.comparisons],
    };
  }

  #push(operation: number, left: number, right: number, value: number): number {
    const node = this.#size;
    if (node === this.#operations.length) this.#grow();
    this.#operations[node] = operation;
    this.#left[node] = left;
    this.#right[node] = right;
    this.#sites[node] = this.site;
    this.#values[node] = value;
    this.#size = node + 1;
    if (this.#watched.has(node)) this.stacks.set(node, stackHere());
    return node;
  }

  #grow(): void {
    if (this.#size >= mostNodes) this.leave("too many operations");
    const capacity = 2 * this.#size;
    const grown = <T extends { set: (from: T) => void }>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    this.#operations = grown(new native.Uint8Array(capacity), this.#operations);
    this.#left = grown(new native.Int32Array(capacity), this.#left);
    this.#right = grown(new native.Int32Array(capacity), this.#right);
    this.#sites = grown(new native.Int32Array(capacity), this.#sites);
    this.#values = grown(new native.Float64Array(capacity), this.#values);
  }
}

export const isRecorded = (x: unknown): x is Recorded => x instanceof Recorded;
export const doubleOf = (x: Operand): number => (typeof x === "number" ? x : x.double);
const isConstantOperand = (x: Operand): boolean => typeof x === "number" || x.isConstant;
/** Infinity and NaN are no numbers of a record: what they meet comes out alike for all inputs. */
export const isUnbounded = (x: Operand): boolean => typeof x === "number" && x - x !== 0;
