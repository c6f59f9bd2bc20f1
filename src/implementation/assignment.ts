import type { Placement } from "../program/index.ts";
import { preferred, wrongShape, type Named, type Reading } from "./reading.ts";
import { isList, type Scalars } from "./scalars.ts";
import { biasOf, isWeight, kindsOf, pieceAt, type Piece } from "./storage.ts";

/** The blocks that hold tensors, by the tensors' names. */
export type Pieces = ReadonlyMap<string, Piece>;

/** The pieces of all tensors of a group, or null where this is not how they lie. */
export function assign(
  holder: object,
  key: string | number,
  group: readonly Placement[],
  reading: Reading,
): Pieces | null {
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
  const pairs = pairsOf(group);
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
  const found = byKind(value, group, named, reading);
  return found ?? (exact.some(Boolean) ? null : byShape(value, group, named, reading));
}

/** Under names that say nothing: layers in their order, or tensors of which each has a shape of its own. */
function byShape(value: object, group: readonly Placement[], named: readonly Named[], reading: Reading): Pieces | null {
  const pairs = pairsOf(group);
  const gradients = named.filter(({ name }) => name.isGradient);
  for (const entries of gradients.length > 0 ? [gradients, named] : [named]) {
    const layers = entries.filter(({ key }) => pairs.some((pair) => assign(value, key, pair, reading) !== null));
    const inTurn = layers.length === pairs.length && pairs.length > 0;
    const found = inTurn ? all(pairs.map((pair, i) => assign(value, (layers[i] as Named).key, pair, reading))) : null;
    if (found !== null) return found;
    const keys = group.map((shape) => entries.filter(({ key }) => assign(value, key, [shape], reading) !== null));
    const chosen = new Set(keys.map(([first]) => first?.key));
    if (keys.every((fitting) => fitting.length === 1) && chosen.size === group.length)
      return all(group.map((shape, i) => assign(value, (keys[i]?.[0] as Named).key, [shape], reading)));
  }
  return null;
}

/** Weights with the bias that goes with them. */
const pairsOf = (group: readonly Placement[]): readonly (readonly Placement[])[] =>
  group.filter(isWeight).map((shape) => group.filter(({ name }) => name === shape.name || name === biasOf(shape.name)));

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
  return all(pairsOf(group).map((pair, i) => assign(value, (entries[i] as Named).key, pair, reading)));
}

/** Gradients under a key of their own, or beside the loss. */
export function unwrap(
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
