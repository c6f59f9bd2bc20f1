import type { Placement } from "../program/index.ts";
import type { CallResult } from "./messages.ts";
import { Misfit } from "./misfit.ts";
import { isList, type Scalar, type Scalars } from "./scalars.ts";
import { pieceAt, type Slot } from "./storage.ts";

/** What one call gave. */
export interface Outcome {
  /** In the order of θ. */
  readonly gradient: readonly Scalar[];
  readonly roundoff: Float64Array | null;
  /** Null where the code reports none. */
  readonly loss: Scalar;
  readonly output: readonly Scalar[] | null;
}

export const asResult = ({ gradient, roundoff, loss, output }: Outcome, scalars: Scalars): CallResult => ({
  gradient: scalars.entries(gradient),
  roundoff,
  loss: loss === null ? null : scalars.entries([loss]),
  output: output === null ? null : scalars.entries(output),
});

/** Throws a Misfit that names the first entry that is no finite number. */
export function refuseNonFinite(
  gradient: readonly Scalar[],
  layout: readonly Placement[],
  scalars: Scalars,
  say: (entry: string, value: number) => string,
): void {
  const bad = gradient.findIndex((entry) => !Number.isFinite(scalars.valueOf(entry)));
  if (bad < 0) return;
  const shape = layout.find(({ offset, rows, columns }) => bad >= offset && bad < offset + rows * columns);
  throw new Misfit("not-finite", say(entryName(shape, bad), scalars.valueOf(gradient[bad])));
}

/** `W2[2, 1]`: counted from 1, as in the derivation. */
function entryName(shape: Placement | undefined, at: number): string {
  if (shape === undefined) return "an entry";
  let rest = at - shape.offset;
  const indices = shape.sizes.toReversed().map((size) => {
    const index = rest % size;
    rest = Math.floor(rest / size);
    return index + 1;
  });
  return `${shape.name}${indices.length === 0 ? "" : `[${indices.toReversed().join(", ")}]`}`;
}

/** How many numbers a forward pass gives, and what they should be, where that is known. */
export interface Wanted {
  readonly samples: number;
  readonly length: number;
  readonly outputs: Float64Array | null;
  readonly loss: number | null;
}

/**
 * The outputs in what a forward pass gave, all samples one after another: a list, rows or columns of samples, or
 * one of several lists, of which the one that is as expected counts, else the last, as in { z2, a2, z3, a3 }.
 */
export function readOutputs(value: unknown, wanted: Wanted, scalars: Scalars): readonly Scalar[] | null {
  const found = candidates({ value }, "value", wanted, scalars, 3);
  return found.find((list) => areNear(list, wanted.outputs, scalars)) ?? found.at(-1) ?? null;
}

function candidates(
  holder: object,
  key: string | number,
  wanted: Wanted,
  scalars: Scalars,
  depth: number,
): (readonly Scalar[])[] {
  const { samples, length } = wanted;
  const value = (holder as Record<string | number, unknown>)[key];
  const piece = pieceAt(holder, key, scalars);
  const found: (readonly Scalar[])[] = [];
  if (piece?.slots.length === samples * length) {
    const list = piece.slots.map(read);
    const long = piece.sizes.filter((size) => size !== 1);
    const [rows] = piece.sizes;
    // Of two readings of a square block, the last is the likelier one.
    if (long.length === 2 && rows === length)
      found.push(Array.from(list, (_, i) => list[(i % length) * samples + Math.floor(i / length)]));
    if (long.length < 2 || rows === samples) found.push(list);
  }
  if (found.length > 0 || depth === 0 || typeof value !== "object" || value === null) return found;
  const keys = isList(value) ? Array.from(value, (_, i) => i).slice(0, 64) : Object.keys(value).slice(0, 64);
  return keys.flatMap((inner) => candidates(value, inner, wanted, scalars, depth - 1));
}

const read = ({ holder, key }: Slot): Scalar => (holder as Record<string | number, unknown>)[key];

/** The loss in what a call gave: a number, a property named so, or the number beside the gradient in a list; else null. */
export function readLoss(value: unknown, scalars: Scalars): Scalar {
  if (scalars.isScalar(value)) return value;
  if (typeof value !== "object" || value === null) return null;
  if (isList(value)) {
    const numbers = Array.from(value).filter(scalars.isScalar);
    return value.length > 1 && numbers.length === 1 ? numbers[0] : null;
  }
  const key = Object.keys(value).find((name) => lossName.test(name));
  const loss: unknown = key === undefined ? null : (value as Record<string, unknown>)[key];
  return scalars.isScalar(loss) ? loss : null;
}

const lossName = /^(total_?)?(loss|cost|error|objective|j|e|l)(_?value)?$/i;

/** Is what a call gave as expected? Null where nothing can be compared. */
export function agrees(
  { output, loss }: Pick<Outcome, "output" | "loss">,
  wanted: Wanted,
  scalars: Scalars,
): boolean | null {
  if (output !== null && wanted.outputs !== null) return areNear(output, wanted.outputs, scalars);
  if (loss !== null && wanted.loss !== null) return areNear([loss], [wanted.loss], scalars);
  return null;
}

/** Far from rounding, in single precision too, and from what another layout gives. */
const tolerance = 1e-5;

function areNear(list: readonly Scalar[], expected: ArrayLike<number> | null, scalars: Scalars): boolean {
  if (expected?.length !== list.length) return false;
  const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return list.every((entry, i) => Math.abs(scalars.valueOf(entry) - (expected[i] ?? NaN)) <= tolerance * scale);
}
