import type { Placement } from "../program/index.ts";
import { isList, type Scalar, type Scalars } from "./scalars.ts";

/** A place that holds a number. */
export interface Slot {
  readonly holder: object;
  readonly key: string | number;
}

/** A regular block of numbers where the code keeps it, row-major; a lone number has no sizes. */
export interface Piece {
  readonly slots: readonly Slot[];
  readonly sizes: readonly number[];
}

/** What a row of weights belongs to: a neuron of its layer, or one of the layer before, that is, an input. */
export type Rows = "out" | "in";

/** How the weights of a layer lie, and whether its bias lies with them, as the weights of one more input. */
export interface Kind {
  readonly rows: Rows;
  readonly bias: "apart" | "first" | "last";
}

/** How the numbers of a network lie in what the code gives. */
export interface Arrangement {
  /** How tensors are told apart; see `tensors.ts`. */
  readonly split: string;
  /** Of every matrix, by its name. */
  readonly kinds: Readonly<Record<string, Kind>>;
}

const kinds: readonly Kind[] = (["apart", "last", "first"] as const).flatMap((bias) =>
  (["out", "in"] as const).map((rows) => ({ rows, bias })),
);

/** In a network's layout the bias that goes with weights. */
export const biasOf = (name: string): string => name.replace(/^W(?=\d+$)/, "b");

/** Does a bias go with the tensor? */
export const isWeight = ({ name, sizes }: Placement): boolean => sizes.length === 2 && biasOf(name) !== name;

/** The ways in which a piece may hold a tensor: none where it does not. Bias apart comes first, rows = out before rows = in. */
export function kindsOf(piece: Piece, shape: Placement, isBiasApart: boolean): readonly Kind[] {
  const { sizes, rows, columns } = shape;
  if (sizes.length !== 2) return isBiasApart && holds(piece, shape) ? kinds.slice(0, 1) : [];
  const possible = kinds.filter(({ bias }) => (bias === "apart") === isBiasApart);
  return possible.filter((kind) => {
    const width = columns + (isBiasApart ? 0 : 1);
    if (piece.sizes.length < 2) return piece.slots.length === rows * width;
    const expected = kind.rows === "out" ? [rows, width] : [width, rows];
    return piece.sizes.length === 2 && piece.sizes.every((size, i) => size === expected[i]);
  });
}

/** A vector may come as a column or a row, a lone number as a list of one. */
function holds({ slots, sizes }: Piece, { rows, columns, sizes: expected }: Placement): boolean {
  if (slots.length !== rows * columns) return false;
  const long = (list: readonly number[]): string => list.filter((size) => size !== 1).join();
  return sizes.length < 2 || long(sizes) === long(expected);
}

/** The slots of all tensors in the order of θ. Throws where pieces are missing: they have been matched before. */
export function slotsOf(
  pieces: ReadonlyMap<string, Piece>,
  layout: readonly Placement[],
  kindsByName: Readonly<Record<string, Kind>>,
): readonly Slot[] {
  const at = (name: string, index: number): Slot => {
    const slot = pieces.get(name)?.slots[index];
    if (slot === undefined) throw new Error(`no place for entry ${index} of ${name}`);
    return slot;
  };
  const weights = new Map(layout.filter(isWeight).map((shape) => [biasOf(shape.name), shape]));
  return layout.flatMap((shape) => {
    const { name, rows, columns, sizes } = shape;
    if (!pieces.has(name)) {
      const host = weights.get(name);
      if (host === undefined) throw new Error(`no place for ${name}`);
      const index = indexing(kindsByName[host.name] ?? rowsOut, host);
      return Array.from({ length: rows }, (_, j) => at(host.name, index(j, null)));
    }
    if (sizes.length !== 2) return Array.from({ length: rows * columns }, (_, i) => at(name, i));
    const index = indexing(kindsByName[name] ?? rowsOut, shape);
    return Array.from({ length: rows * columns }, (_, i) => at(name, index(Math.floor(i / columns), i % columns)));
  });
}

const rowsOut: Kind = { rows: "out", bias: "apart" };

/** Where the weight from k to j lies, or the bias of j where k is null. */
function indexing({ rows, bias }: Kind, shape: Placement): (j: number, k: number | null) => number {
  const width = shape.columns + (bias === "apart" ? 0 : 1);
  const shift = bias === "first" ? 1 : 0;
  return (j, k) => {
    const column = k === null ? (bias === "first" ? 0 : shape.columns) : k + shift;
    return rows === "out" ? j * width + column : column * shape.rows + j;
  };
}

/** The numbers under a key of a holder as a regular block, or null where they are none. */
export function pieceAt(holder: object, key: string | number, scalars: Scalars): Piece | null {
  const slots: Slot[] = [];
  const sizes = collect(holder, key, scalars, slots);
  return sizes === null ? null : { slots, sizes };
}

/** The sizes of the block, whose slots are added to the list. */
function collect(holder: object, key: string | number, scalars: Scalars, slots: Slot[]): readonly number[] | null {
  const value = (holder as Record<string | number, unknown>)[key];
  if (scalars.isScalar(value)) {
    slots.push({ holder, key });
    return [];
  }
  if (!isList(value) || value.length === 0) return null;
  let inner: readonly number[] | null = null;
  for (let i = 0; i < value.length; i++) {
    const found = collect(value, i, scalars, slots);
    if (found === null || (inner !== null && !areSame(found, inner))) return null;
    inner = found;
  }
  return [value.length, ...(inner ?? [])];
}

const areSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** Part of a piece as a flat one. */
export const slice = ({ slots }: Piece, start: number, length: number): Piece => ({
  slots: slots.slice(start, start + length),
  sizes: [length],
});

export const readSlots = (slots: readonly Slot[]): Scalar[] =>
  slots.map(({ holder, key }) => (holder as Record<string | number, unknown>)[key]);

/** Writes a number into each place. Throws what the code's own setters and frozen objects throw. */
export function writeSlots(slots: readonly Slot[], values: readonly Scalar[]): void {
  slots.forEach(({ holder, key }, i) => ((holder as Record<string | number, unknown>)[key] = values[i]));
}

/** Is the number kept in single precision? */
export const isSingle = ({ holder }: Slot): boolean => holder instanceof globalThis.Float32Array;

/** The arrangements with these kinds to choose from, those first that treat all matrices alike. At most `most`. */
export function combinations(
  options: ReadonlyMap<string, readonly Kind[]>,
  most: number,
): readonly Readonly<Record<string, Kind>>[] {
  const names = [...options.keys()];
  let chosen: Readonly<Record<string, Kind>>[] = [{}];
  // The last matrix is the outermost loop, so that the first candidates differ in the first ones only.
  for (const name of names.toReversed())
    chosen = chosen
      .flatMap((rest) => (options.get(name) ?? []).map((kind) => ({ [name]: kind, ...rest })))
      .slice(0, 4096);
  const spread = (choice: Readonly<Record<string, Kind>>): number =>
    new Set(Object.values(choice).map(({ rows, bias }) => `${rows} ${bias}`)).size;
  return chosen
    .map((choice) => ({ choice, spread: spread(choice) }))
    .sort((a, b) => a.spread - b.spread)
    .map(({ choice }) => choice)
    .slice(0, most);
}

/** What is said of kinds that had to be found out. */
export function layoutInWords(verb: string, { kinds: chosen }: Arrangement): string[] {
  return Object.entries(chosen).flatMap(([name, { rows, bias }]) => [
    ...(rows === "in" ? [`${name} is ${verb} with a row for each input`] : []),
    ...(bias === "apart"
      ? []
      : [`${biasOf(name)} is ${verb} as the ${bias} ${rows === "out" ? "column" : "row"} of ${name}`]),
  ]);
}
