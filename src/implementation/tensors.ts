import type { Placement } from "../program/index.ts";
import { assign, findPiece, unwrap, type Pieces } from "./assignment.ts";
import { describeValue, Misfit } from "./misfit.ts";
import { listed, missing, type Reading } from "./reading.ts";
import {
  biasOf,
  combinations,
  isWeight,
  kindsOf,
  slice,
  slotsOf,
  type Arrangement,
  type Piece,
  type Slot,
} from "./storage.ts";

interface Split {
  readonly name: string;
  readonly pieces: Pieces;
}

/** Of each way to tell the tensors apart. */
const mostArrangements = 64;

/**
 * The ways in which a value may hold the tensors of a network: lists by name or in order, one flat list, objects
 * that hold such lists. The likeliest comes first. Throws a Misfit where there is none.
 */
export function arrangementsOf(value: unknown, reading: Reading): readonly Arrangement[] {
  return splitsOf(value, reading).flatMap(({ name, pieces }) => {
    const matrices = reading.layout.filter((shape) => shape.sizes.length === 2);
    const options = new Map(
      matrices.map((shape) => {
        const piece = pieces.get(shape.name);
        return [shape.name, piece === undefined ? [] : kindsOf(piece, shape, pieces.has(biasOf(shape.name)))];
      }),
    );
    return combinations(options, mostArrangements).map((kinds) => ({ split: name, kinds }));
  });
}

/** The places of the numbers of θ, in its order. Throws a Misfit where the value is not arranged so. */
export function slotsIn(value: unknown, reading: Reading, { split, kinds }: Arrangement): readonly Slot[] {
  const found = splitsOf(value, reading).find(({ name }) => name === split);
  if (found === undefined)
    throw new Misfit("wrong-shape", `${reading.source} numbers laid out in another way than before`);
  return slotsOf(found.pieces, reading.layout, kinds);
}

function splitsOf(value: unknown, reading: Reading): readonly Split[] {
  const { layout, scalars } = reading;
  const holder = { value };
  if (scalars.isScalar(value) ? layout.length > 1 : typeof value !== "object" || value === null)
    throw new Misfit(
      reading.isGradient ? "no-gradient" : "missing-parameter",
      `${reading.source} ${describeValue(value)} where ${listed(reading)} is expected`,
    );
  const total = layout.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const isFlat = ({ sizes }: Piece): boolean => sizes.length === 1 && sizes[0] === total;
  const list = findPiece(holder, "value", scalars, isFlat, 0);
  if (list !== null) return flatSplits(list, layout);
  const pieces = assign(holder, "value", layout, reading) ?? unwrap(holder, "value", layout, reading, 2);
  if (pieces !== null) return [{ name: "tensors", pieces }];
  const held = findPiece(holder, "value", scalars, isFlat);
  if (held === null) throw missing(value, reading);
  return flatSplits(held, layout);
}

/** One flat list: layer by layer, all weights before all biases, or the bias of each neuron beside its weights. */
function flatSplits(flat: Piece, layout: readonly Placement[]): readonly Split[] {
  const cut = (name: string, order: readonly Placement[], isExtra = false): Split => {
    let offset = 0;
    const pieces = new Map<string, Piece>();
    for (const shape of order) {
      const length = shape.rows * (shape.columns + (isExtra ? 1 : 0));
      pieces.set(shape.name, slice(flat, offset, length));
      offset += length;
    }
    return { name, pieces };
  };
  const weights = layout.filter(isWeight);
  const others = layout.filter((shape) => !isWeight(shape));
  if (weights.length === 0 || weights.length !== others.length) return [cut("layers", layout)];
  return [
    cut("layers", layout),
    ...(weights.length > 1 ? [cut("grouped", [...weights, ...others])] : []),
    cut("extra", weights, true),
  ];
}
