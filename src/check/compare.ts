import type { Bounded } from "../exact/index.ts";
import type { CallResult } from "../implementation/index.ts";
import type { Placement } from "../program/index.ts";
import type { Reference } from "./reference.ts";
import type { TensorVerdict } from "./verdict.ts";

/**
 * Deviation allowed, in units of the first-order rounding error bound of the derived program: another order
 * of summation, or another form of the same formula, stays well below. Single precision has a unit 2^29 times
 * as large, and less of a margin, so that it does not hide mistakes.
 */
const slack = { double: 64, single: 8 * 2 ** 29 } as const;

interface Entry {
  readonly at: number;
  readonly expected: number;
  readonly found: number;
  /** How far rounding may have taken each of them from the other, before any slack. */
  readonly error: number;
  /** How far it may have at the most, however exact the computation was: the weights of a step are rounded. */
  readonly roundoff: number;
}

/** What one call gave, with what the derivation gives there. */
export interface Compared {
  readonly expected: Reference<Bounded>;
  readonly result: CallResult;
}

/**
 * Compares what the checked code gave with the derived gradient, tensor by tensor.
 *
 * @param scale what the code gave is this many times its gradient
 * @param isSingle may it have been computed in single precision? Else that is seen by its numbers
 */
export function compare(
  layout: readonly Placement[],
  calls: readonly Compared[],
  scale = 1,
  isSingle = false,
): readonly TensorVerdict[] {
  const tensors = layout.map((placement) => {
    const { offset, rows, columns } = placement;
    const entries = calls.flatMap(({ expected, result: { gradient, roundoff } }) =>
      Array.from({ length: rows * columns }, (_, i) =>
        entryOf(
          i,
          expected.gradient[offset + i] as Bounded,
          (gradient.values[offset + i] as number) / scale,
          (roundoff?.[offset + i] ?? 0) / Math.abs(scale),
        ),
      ),
    );
    return verdictOf(`d${placement.name}`, entries, (at) => indexOf(placement, at), isSingle);
  });
  const losses = calls.flatMap(({ expected, result: { loss } }) =>
    loss === null ? [] : [entryOf(0, expected.loss, loss.values[0] as number, 0)],
  );
  // A loss is often computed with a small number added inside its logarithm.
  return losses.length === 0 ? tensors : [...tensors, verdictOf("J", losses, () => [], true)];
}

/** Are the outputs of the code's own forward pass those of the network? Null where it has none. */
export function compareOutputs(calls: readonly Compared[]): TensorVerdict | null {
  const entries = calls.flatMap(({ expected, result: { output } }) =>
    output === null ? [] : expected.output.map((value, i) => entryOf(i, value, output.values[i] ?? NaN, 0)),
  );
  return entries.length === 0 ? null : verdictOf("output", entries, (at) => [at + 1]);
}

const entryOf = (at: number, expected: Bounded, found: number, roundoff: number): Entry => ({
  at,
  expected: expected.value,
  found,
  error: expected.error,
  roundoff,
});

function verdictOf(
  name: string,
  entries: readonly Entry[],
  index: (at: number) => readonly number[],
  isSingle = false,
): TensorVerdict {
  const tolerance = isSingle || areSingle(entries) ? slack.single : slack.double;
  const excess = ({ found, expected, error, roundoff }: Entry): number =>
    Math.abs(found - expected) / (tolerance * error + 2 * roundoff);
  const worst = entries.reduce((a, b) => (excess(b) > excess(a) || Number.isNaN(excess(b)) ? b : a));
  const equal = excess(worst) <= 1;
  const ratio = equal ? null : constantRatio(entries);
  return {
    name,
    equal,
    worst: { index: index(worst.at), expected: worst.expected, found: worst.found },
    ...(ratio === null ? {} : { ratio }),
  };
}

/** Values that all fit single precision have been computed in it; a step in it is seen by its rounding. */
const areSingle = (entries: readonly Entry[]): boolean =>
  entries.every(({ found }) => Math.fround(found) === found) && entries.some(({ found }) => found !== 0);

/** The indices of an entry, counted from 1. */
function indexOf({ sizes }: Placement, at: number): readonly number[] {
  let rest = at;
  return [...sizes]
    .reverse()
    .map((size) => {
      const index = (rest % size) + 1;
      rest = Math.floor(rest / size);
      return index;
    })
    .reverse();
}

/** A constant factor is the commonest mistake, and one number says it. */
function constantRatio(entries: readonly Entry[]): number | null {
  const ratios = entries.filter(({ expected }) => expected !== 0).map(({ found, expected }) => found / expected);
  const [first] = ratios;
  if (first === undefined || !ratios.every((r) => Math.abs(r - first) <= 1e-9 * Math.abs(first))) return null;
  const rounded = Number(first.toPrecision(10));
  return rounded === 1 ? null : rounded;
}
