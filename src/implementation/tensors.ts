import type { Placement } from "../program/index.ts";
import { describeValue, Misfit } from "./misfit.ts";
import { isList, type Scalars } from "./scalars.ts";
import {
  biasOf,
  combinations,
  isWeight,
  kindsOf,
  pieceAt,
  slice,
  slotsOf,
  type Arrangement,
  type Piece,
  type Slot,
} from "./storage.ts";
import { nameOf, type TensorName } from "./tensor-names.ts";

/** What is read, and how it is spoken of. */
export interface Reading {
  readonly layout: readonly Placement[];
  readonly scalars: Scalars;
  /** Are these gradients, which may have names such as dW2, or the parameters themselves? */
  readonly isGradient: boolean;
  /** Where the numbers come from: "it returns", "`parameters` gives". */
  readonly source: string;
}

type Pieces = ReadonlyMap<string, Piece>;

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

/** The pieces of all tensors of a group, or null where this is not how they lie. */
function assign(holder: object, key: string | number, group: readonly Placement[], reading: Reading): Pieces | null {
  const value = (holder as Record<string | number, unknown>)[key];
  const [first, second] = group;
  if (first !== undefined && (group.length === 1 || (group.length === 2 && second?.name === biasOf(first.name)))) {
    const piece = findPiece(holder, key, reading.scalars, (p) => kindsOf(p, first, group.length === 1).length > 0);
    if (piece !== null) return new Map([[first.name, piece]]);
  }
  if (group.length === 1 || typeof value !== "object" || value === null) return null;
  return isList(value) ? inOrder(value, group, reading) : byName(value, group, reading);
}

function inOrder(list: ArrayLike<unknown>, group: readonly Placement[], reading: Reading): Pieces | null {
  const weights = group.filter(isWeight);
  const biases = group.filter((shape) => !isWeight(shape));
  const pairs = weights.map((shape) => group.filter(({ name }) => name === shape.name || name === biasOf(shape.name)));
  const divisions = [
    group.map((shape) => [shape]),
    pairs,
    [...weights, ...biases].map((shape) => [shape]),
    [weights, biases],
  ];
  for (const division of divisions) {
    if (weights.length === 0 && division !== divisions[0]) continue;
    const skipped = list.length === division.length + 1 && isNothing(list[0]) ? 1 : 0;
    if (list.length - skipped !== division.length) continue;
    const found = all(division.map((part, i) => assign(list, i + skipped, part, reading)));
    if (found !== null) return found;
  }
  return null;
}

/** Code that counts layers from the input often has nothing in its place. */
const isNothing = (value: unknown): boolean => (value ?? null) === null || (isList(value) && value.length === 0);

interface Named {
  readonly key: string;
  readonly name: TensorName;
}

function byName(value: object, group: readonly Placement[], reading: Reading): Pieces | null {
  const named = preferred(value, reading);
  const exact = group.map((shape) => named.find(({ name }) => name.exact.includes(shape.name.toLowerCase())));
  const isHeld = group.map((shape, i) => {
    const host = group.findIndex(({ name }) => name !== shape.name && biasOf(name) === shape.name);
    return exact[i] !== undefined || exact[host] !== undefined;
  });
  if (isHeld.every(Boolean)) {
    const found = exactPieces(value, group, exact, reading);
    if (found !== null) return found;
  }
  return byKind(value, group, named, reading);
}

/** Where both W2 and dW2 are there, the gradient is the latter. */
function preferred(value: object, { isGradient }: Reading): readonly Named[] {
  const named = Object.keys(value)
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .map((key) => ({ key, name: nameOf(key) }));
  if (!isGradient) return named.filter(({ name }) => !name.isGradient || name.kind === null);
  return named.toSorted((a, b) => Number(b.name.isGradient) - Number(a.name.isGradient));
}

/** Throws a Misfit where a tensor has its name, but not its shape. */
function exactPieces(
  value: object,
  group: readonly Placement[],
  exact: readonly (Named | undefined)[],
  reading: Reading,
): Pieces | null {
  const pieces = new Map<string, Piece>();
  for (const [i, shape] of group.entries()) {
    const entry = exact[i];
    if (entry === undefined) continue;
    const bias = group.findIndex(({ name }) => name !== shape.name && name === biasOf(shape.name));
    const isApart = bias < 0 || exact[bias] !== undefined;
    const piece = findPiece(value, entry.key, reading.scalars, (p) => kindsOf(p, shape, isApart).length > 0);
    if (piece === null) {
      // Weights alone, without room for the bias, lack the bias.
      if (!isApart) return null;
      throw wrongShape(entry.key, (value as Record<string, unknown>)[entry.key], shape, reading);
    }
    pieces.set(shape.name, piece);
  }
  return pieces;
}

/** Weights and biases in the order of their numbers, wherever these start, or as two lists. */
function byKind(value: object, group: readonly Placement[], named: readonly Named[], reading: Reading): Pieces | null {
  const weights = group.filter(isWeight);
  const biases = group.filter((shape) => !isWeight(shape));
  const hasGradients = named.some(({ name }) => name.isGradient && name.kind !== null);
  const ofKind = (kind: "weight" | "bias"): readonly Named[] => {
    const chosen = named.filter(({ name }) => name.kind === kind && (!hasGradients || name.isGradient));
    return chosen.every(({ name }) => name.index !== null)
      ? chosen.toSorted((a, b) => (a.name.index ?? 0) - (b.name.index ?? 0))
      : chosen;
  };
  const place = (kind: "weight" | "bias", shapes: readonly Placement[]): Pieces | null => {
    const entries = ofKind(kind);
    const [first] = entries;
    if (entries.length === shapes.length)
      return all(shapes.map((shape, i) => assign(value, (entries[i] as Named).key, [shape], reading)));
    return entries.length === 1 && first !== undefined ? assign(value, first.key, shapes, reading) : null;
  };
  const apart = all([place("weight", weights), place("bias", biases)]);
  if (apart !== null || ofKind("bias").length > 0) return apart;
  const entries = ofKind("weight");
  if (entries.length !== weights.length) return null;
  const pair = (shape: Placement): Placement[] =>
    group.filter(({ name }) => name === shape.name || name === biasOf(shape.name));
  return all(weights.map((shape, i) => assign(value, (entries[i] as Named).key, pair(shape), reading)));
}

/** Gradients under a key of their own, or beside the loss. */
function unwrap(
  holder: object,
  key: string | number,
  group: readonly Placement[],
  reading: Reading,
  depth: number,
): Pieces | null {
  const value = (holder as Record<string | number, unknown>)[key];
  if (depth === 0 || typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return null;
  const keys = Object.keys(value).slice(0, 64);
  const inner = keys.toSorted((a, b) => Number(/^[dg]/i.test(b)) - Number(/^[dg]/i.test(a)));
  for (const name of reading.isGradient ? inner : keys) {
    const found = assign(value, name, group, reading) ?? unwrap(value, name, group, reading, depth - 1);
    if (found !== null) return found;
  }
  return null;
}

function all(parts: readonly (Pieces | null)[]): Pieces | null {
  if (parts.some((part) => part === null)) return null;
  return new Map(parts.flatMap((part) => [...(part as Pieces)]));
}

/** The block of numbers at a place, or the first among the properties of an object there that will do. */
export function findPiece(
  holder: object,
  key: string | number,
  scalars: Scalars,
  accepts: (piece: Piece) => boolean,
  depth = 2,
): Piece | null {
  const value = (holder as Record<string | number, unknown>)[key];
  const piece = pieceAt(holder, key, scalars);
  if (piece !== null) return accepts(piece) ? piece : null;
  if (depth === 0 || typeof value !== "object" || value === null) return null;
  if (isList(value)) return rowObjects(value, scalars, accepts);
  for (const name of Object.getOwnPropertyNames(value).slice(0, 64)) {
    const found = findPiece(value, name, scalars, accepts, depth - 1);
    // A lone number is rather a size than a value, unless it stands where it was named.
    if (found !== null && found.sizes.length > 0) return found;
  }
  return null;
}

/** A list of objects, such as neurons or vectors, each of which holds a row under the same name. */
function rowObjects(list: ArrayLike<unknown>, scalars: Scalars, accepts: (piece: Piece) => boolean): Piece | null {
  const items = Array.from(list);
  if (!items.every((item): item is object => typeof item === "object" && item !== null && !isList(item))) return null;
  for (const name of Object.getOwnPropertyNames(items[0] ?? {})) {
    const rows = items.map((item) => pieceAt(item, name, scalars));
    const [first] = rows;
    if ((first?.sizes.length ?? 0) === 0 || rows.some((row) => row?.sizes.join() !== first?.sizes.join())) continue;
    const sizes = [rows.length, ...(first?.sizes ?? [])];
    const piece = { slots: rows.flatMap((row) => row?.slots ?? []), sizes };
    if (accepts(piece)) return piece;
  }
  return null;
}

const listed = ({ layout, isGradient }: Reading): string => {
  const names = layout.slice(0, 2).map(({ name }) => (isGradient ? `d${name}` : name));
  return `an object such as { ${names.join(", ")}${layout.length > 2 ? ", …" : ""} }`;
};

function missing(value: unknown, reading: Reading): Misfit {
  const code = reading.isGradient ? "missing-gradient" : "missing-parameter";
  const d = reading.isGradient ? "d" : "";
  if (isList(value)) {
    const total = reading.layout.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    return new Misfit(
      "wrong-shape",
      `${reading.source} a list of ${value.length} entries; expected ${listed(reading)} or all ${total} numbers in one list`,
    );
  }
  const named = preferred(value as object, reading);
  const lacking = reading.layout.filter(
    (shape) => !named.some(({ name }) => name.exact.includes(shape.name.toLowerCase())),
  );
  const keys = Object.keys(value as object);
  return new Misfit(
    code,
    `${reading.source} { ${keys.slice(0, 12).join(", ")}${keys.length > 12 ? ", …" : ""} }, without ${d}${lacking[0]?.name ?? reading.layout[0]?.name}`,
  );
}

/** A tensor that is there, but is not of its shape. */
export function wrongShape(
  key: string,
  value: unknown,
  shape: Placement,
  { scalars }: Pick<Reading, "scalars">,
): Misfit {
  const piece = pieceAt({ value }, "value", scalars);
  if (piece !== null)
    return new Misfit("wrong-shape", `${key} is ${sizesText(piece)}; expected ${expectedShape(shape)}`);
  const odd = isList(value) ? firstOdd(value, scalars) : undefined;
  if (odd !== undefined)
    return new Misfit("wrong-shape", `${key} holds ${describeValue(odd.value)} where a number is expected`);
  const found = isList(value) ? `${value.length} rows that are not of one length` : describeValue(value);
  return new Misfit("wrong-shape", `${key} is ${found}; expected ${expectedShape(shape)}`);
}

function firstOdd(list: ArrayLike<unknown>, scalars: Scalars): { readonly value: unknown } | undefined {
  for (const value of Array.from(list)) {
    const odd = isList(value) ? firstOdd(value, scalars) : scalars.isScalar(value) ? undefined : { value };
    if (odd !== undefined) return odd;
  }
  return undefined;
}

const sizesText = ({ sizes }: Piece): string =>
  sizes.length === 0 ? "a number" : sizes.length === 1 ? `${sizes[0]} numbers` : sizes.join(" × ");

export function expectedShape({ name, rows, columns, sizes }: Placement): string {
  if (sizes.length === 0) return "a number";
  if (sizes.length === 1) return `${rows} numbers`;
  const layer = /^W(\d+)$/.exec(name)?.[1];
  const rowsAre = layer === undefined ? "" : ` (rows: neurons of layer ${layer})`;
  return `${sizes.join(" × ")}${rowsAre} or ${rows * columns} numbers row by row`;
}
