import type { Entries } from "./messages.ts";
import type { Recorder } from "./recorder.ts";
import { linesOf } from "./failure.ts";
import type { CodeLine, Escape, Recording } from "./recording.ts";

/** A number, or what the recorder has in its place. */
export type Scalar = unknown;

/** What reading and calling the checked code needs of numbers, be they recorded or not. */
export interface Scalars {
  readonly isScalar: (value: unknown) => boolean;
  readonly valueOf: (scalar: Scalar) => number;
  /** The number that goes in at a slot of a call. */
  readonly input: (call: number, slot: number, value: number) => Scalar;
  readonly subtract: (a: Scalar, b: Scalar) => Scalar;
  readonly divide: (a: Scalar, b: Scalar) => Scalar;
  readonly entries: (list: readonly Scalar[]) => Entries;
  readonly recording: () => Recording | null;
  readonly escape: () => Escape | null;
  /** Who computed the nodes watched. */
  readonly callers: () => readonly (readonly CodeLine[])[];
}

// The checked code, and the recorder, may put others in their place.
const OwnFloat64Array = Float64Array;
const OwnInt32Array = Int32Array;

/** Plain numbers in an array that passes between processes. */
export const doubles = (list: readonly number[]): Float64Array => OwnFloat64Array.from(list);

export const plainScalars: Scalars = {
  isScalar: (value) => typeof value === "number",
  valueOf: (scalar) => scalar as number,
  input: (_call, _slot, value) => value,
  subtract: (a, b) => (a as number) - (b as number),
  divide: (a, b) => (a as number) / (b as number),
  entries: (list) => ({ values: doubles(list as readonly number[]), nodes: null }),
  recording: () => null,
  escape: () => null,
  callers: () => [],
};

export const recordedScalars = (recorder: Recorder): Scalars => ({
  isScalar: (value) => typeof value === "number" || recorder.isRecorded(value),
  valueOf: (scalar) => recorder.valueOf(scalar),
  input: (call, slot, value) => recorder.input(call, slot, value),
  subtract: (a, b) => recorder.subtract(a, b),
  divide: (a, b) => recorder.divide(a, b),
  entries: (list) => ({
    values: OwnFloat64Array.from(list, (scalar) => recorder.valueOf(scalar)),
    nodes: OwnInt32Array.from(list, (scalar) => recorder.nodeOf(scalar)),
  }),
  recording: () => recorder.recording(),
  escape: () => recorder.escape(),
  callers: () => recorder.stacks().map(linesOf),
});

/** An array or a typed array, be it the recorder's. */
export const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) ||
  (ArrayBuffer.isView(value) && !(value instanceof DataView)) ||
  value instanceof globalThis.Float64Array ||
  value instanceof globalThis.Float32Array;

/** A list as the code of a recorded run would make it: its numbers may be the recorder's. */
export function typedList(entries: readonly Scalar[]): Float64Array {
  const list = new globalThis.Float64Array(entries.length);
  entries.forEach((entry, i) => ((list as unknown as Scalar[])[i] = entry));
  return list;
}
