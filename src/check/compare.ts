import type { Bounded } from "../exact/index.ts";
import { boundedGradientAt, type GradientPoint, type Placement, type Program } from "../program/index.ts";
import type { CheckSuccess } from "./messages.ts";

/** How one tensor of the gradient fares over all points. */
export interface TensorVerdict {
  readonly name: string;
  readonly equal: boolean;
  /** The entry furthest off, in units of the tolerance; indices count from 1. */
  readonly worst: { readonly index: readonly number[]; readonly expected: number; readonly found: number };
  /** found / expected, where it is the same for all entries at all points. */
  readonly ratio?: number;
}

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
  /** Rounding error bound of the expected value. */
  readonly error: number;
}

/** Compares what the user's function gave with the derived gradient, tensor by tensor. */
export function compare(
  program: Program,
  points: readonly GradientPoint[],
  { results }: CheckSuccess,
): readonly TensorVerdict[] {
  const references = points.map((point) => boundedGradientAt(program, point));
  const entry = (expected: Bounded, found: number, at: number): Entry => ({
    at,
    expected: expected.value,
    found,
    error: expected.error,
  });
  const tensors = program.layout.map((placement) => {
    const { offset, rows, columns } = placement;
    const entries = references.flatMap(({ gradient }, p) =>
      Array.from({ length: rows * columns }, (_, i) =>
        entry(gradient[offset + i] as Bounded, results[p]?.gradient[offset + i] as number, i),
      ),
    );
    return verdictOf(`d${placement.name}`, entries, (at) => indexOf(placement, at));
  });
  const losses = references.flatMap(({ loss }, p) => {
    const found = results[p]?.loss ?? null;
    return found === null ? [] : [entry(loss, found, 0)];
  });
  return losses.length === 0 ? tensors : [...tensors, verdictOf("J", losses, () => [])];
}

function verdictOf(name: string, entries: readonly Entry[], index: (at: number) => readonly number[]): TensorVerdict {
  const tolerance = isSingle(entries) ? slack.single : slack.double;
  const excess = ({ found, expected, error }: Entry): number => Math.abs(found - expected) / (tolerance * error);
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

/** Values that all fit single precision have been computed in it. */
const isSingle = (entries: readonly Entry[]): boolean =>
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
