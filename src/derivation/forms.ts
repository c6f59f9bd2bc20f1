import { variableKey, type Range } from "../equations/index.ts";
import { checkMatrixForm, freePoint, seeded, wholeNumber, type Points, type SizesOf } from "../exact/index.ts";
import {
  atom,
  build,
  call,
  children,
  entriesMatrix,
  fillMatrix,
  freeSymbols,
  isConstant,
  isWholeTensor,
  num,
  print,
  same,
  shown,
  some,
  spellOut,
  substitute,
  tensorEntries,
  transform,
  view,
  type Expr,
  type Variable,
  type View,
} from "../expression/index.ts";
import { certify, RefusedStep } from "./certify.ts";
import type { MatrixForm } from "./derivation.ts";
import { lift } from "./matrix.ts";
import { shapesOf } from "./shapes.ts";

const seed = 20162;

/**
 * An equation in matrix form, lifted from its indices and held against them entry by entry.
 *
 * @returns null where no pattern of matrix algebra fits
 * @throws RefusedStep where the two forms differ, or the shapes do not fit
 */
export function matrixForm(
  goal: Expr,
  value: Expr,
  ranges: readonly Range[],
  sizesOf: SizesOf,
  points: Points,
): MatrixForm | null {
  const axes = ranges.map(({ index }) => index);
  const [left, right] = [lift(goal, axes), lift(value, axes)];
  if (left === null || right === null) return null;
  const name = `matrix form of ${print(goal)}`;
  const verdicts = [checkMatrixForm(left, goal, ranges, points), checkMatrixForm(right, value, ranges, points)];
  const shaped = shapesOf(right, sizesOf);
  const [rows, columns = num(1)] = ranges.map(({ size }) => size);
  const fits = shaped?.shape.map(print).join() === [rows, columns].map((e) => print(e as Expr)).join();
  const [verdict] = verdicts;
  if (verdict?.holds !== true || verdicts.some(({ holds }) => !holds) || !fits)
    throw new RefusedStep(name, `the ${name} is refused: ${print(right)} is not ${print(value)}`);
  const isOne = !some(shaped.shapes, (node) => ["add", "multiply", "subtract", "hadamard"].includes(view(node).kind));
  return {
    goal: left,
    statement: right,
    shape: shaped.shape,
    shapes: isOne ? null : shaped.shapes,
    check: verdict.certificate,
  };
}

/** One entry of an equation, its indices numbers and its sums written out. */
export interface Entry {
  readonly goal: Expr;
  readonly value: Expr;
}

/** An equation of a numbered network as a document writes it out for the reader's own sizes. */
export interface WrittenOut {
  /** The matrix form with the entries of every tensor, where it has a product. */
  readonly matrices: Entry | null;
  /** The shapes in the matrix form and of its value, (3 × 2)(2 × 1) + (3 × 1) and (3 × 1). */
  readonly shapes: Entry | null;
  /** Each entry of a scalar or vector equation; null for those left out. */
  readonly entries: readonly (Entry | null)[];
  /** A matrix equation with the entries of its value. */
  readonly table: Entry | null;
}

/**
 * Writes an equation out. What is written, dots included, is read back and held against the equation: the
 * matrices at their edges and in the middle and by the rules of matrix algebra, the sums in a prime field with random values for all that occurs in them.
 *
 * @param most how many terms, rows or columns are written before dots take their place
 * @throws RefusedStep where what is written says something else than the equation
 */
export function writeOut(
  goal: Expr,
  value: Expr,
  ranges: readonly Range[],
  sizesOf: SizesOf,
  most: number,
): WrittenOut {
  const [rows = 1, columns] = ranges.map(({ size }) => wholeNumber(size));
  const at = (tuple: readonly number[]): Entry => entryAt(goal, value, ranges, tuple, sizesOf, most);
  if (columns !== undefined) {
    const whole = lift(
      goal,
      ranges.map(({ index }) => index),
    );
    const entries = entriesMatrix(rows, columns, most, (i, j) => at([i, j]).value);
    confirmTable(entries, rows, columns, (i, j) => at([i, j]).value);
    return {
      matrices: null,
      shapes: null,
      entries: [],
      table: whole === null ? null : { goal: whole, value: entries },
    };
  }
  const entries = ranges.length === 0 ? [at([])] : shown(rows, most).map((n) => (n === null ? null : at([n])));
  return { ...withEntries(goal, value, ranges, sizesOf, most), entries, table: null };
}

function entryAt(
  goal: Expr,
  value: Expr,
  ranges: readonly Range[],
  tuple: readonly number[],
  sizesOf: SizesOf,
  most: number,
): Entry {
  const at = new Map(ranges.map(({ index }, i) => [index, num(tuple[i] as number)]));
  const numbered = substitute(value, at);
  const spelled = spellOut(numbered, most);
  const variables = variablesOf(value);
  const points: Points = { seed, drawn: [freePoint(variables, sizesOf, seeded(seed))] };
  certify(`${print(goal)} written out at ${tuple.join()}`, numbered, spelled, [], points);
  return { goal: substitute(goal, at), value: spelled };
}

function variablesOf(expr: Expr): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  const visit = (node: Expr): void => {
    const v = view(node);
    if (v.kind === "atom") found.set(variableKey(v.variable), v.variable);
    // A letter that is free is an index of the equation or a variable without indices.
    if (v.kind === "symbol" && freeSymbols(expr).has(v.name) && !isConstant(v.name))
      found.set(v.name, { family: v.name, layer: null });
    children(node).forEach(visit);
  };
  visit(expr);
  return found;
}

/** The matrix form with the entries of each tensor in its place. Worth showing where rows meet columns. */
function withEntries(
  goal: Expr,
  value: Expr,
  ranges: readonly Range[],
  sizesOf: SizesOf,
  most: number,
): Pick<WrittenOut, "matrices" | "shapes"> {
  const axes = ranges.map(({ index }) => index);
  const [left, right] = [lift(goal, axes), lift(value, axes)];
  const isProduct = right !== null && some(right, (node) => isMatrix(node, sizesOf));
  if (left === null || right === null || !isProduct) return { matrices: null, shapes: null };
  confirmLift(right, value, ranges, sizesOf);
  const shaped = shapesOf(right, sizesOf);
  const shapes = shaped === null ? null : { goal: shaped.shapes, value: call("shape", null, ...shaped.shape) };
  const write = (side: Expr): Expr =>
    transform(side, (node) => (isWholeTensor(node) ? entriesOf(node, sizesOf, most) : node));
  return { matrices: { goal: write(left), value: write(right) }, shapes };
}

/** Reads a table back, dots included: its size and its entries at the edges and in the middle must be the equation's. */
function confirmTable(table: Expr, rows: number, columns: number, entry: (row: number, column: number) => Expr): void {
  const filled = fillMatrix((view(table) as Extract<View, { kind: "matrix" }>).rows);
  const fits = filled.rows === rows && filled.columns === columns;
  const isRight = placesOf(rows, columns).every(([i, j]) => fits && same(filled.entry(i, j), entry(i, j)));
  if (!isRight) throw new RefusedStep("table", `the table written for ${print(entry(1, 1))} is not its own`);
}

const placesOf = (rows: number, columns: number): readonly (readonly [number, number])[] =>
  [1, Math.ceil(rows / 2), rows].flatMap((i) => [1, Math.ceil(columns / 2), columns].map((j) => [i, j] as const));

/** A form is lifted by its indices, whatever the sizes: it is held against the equation with no size above this. */
const cutSize = 5;

function confirmLift(lifted: Expr, value: Expr, ranges: readonly Range[], sizesOf: SizesOf): void {
  const cut = (size: Expr): Expr => num(Math.min(cutSize, wholeNumber(size)));
  const cutSums = transform(value, (node) => {
    const v = view(node);
    return v.kind === "sum" ? build({ ...v, to: cut(v.to) }) : node;
  });
  const points: Points = {
    seed,
    drawn: [freePoint(variablesOf(value), (variable) => sizesOf(variable).map(cut), seeded(seed))],
  };
  const cutRanges = ranges.map(({ index, size }) => ({ index, size: cut(size) }));
  if (!checkMatrixForm(lifted, cutSums, cutRanges, points).holds)
    throw new RefusedStep("matrix form", `the matrix form ${print(lifted)} is refused: it is not ${print(value)}`);
}

function isMatrix(node: Expr, sizesOf: SizesOf): boolean {
  const v = view(node);
  return v.kind === "atom" && sizesOf(v.variable).length === 2;
}

function entriesOf(node: Expr, sizesOf: SizesOf, most: number): Expr {
  const v = view(node);
  if (v.kind !== "atom") throw new Error(`not a tensor: ${print(node)}`);
  const sizes = sizesOf(v.variable).map(wholeNumber);
  const written = tensorEntries(v.variable, sizes, most);
  const filled = fillMatrix((view(written) as Extract<View, { kind: "matrix" }>).rows);
  const [height = 1, width = 1] = sizes;
  const fits = filled.rows === height && filled.columns === width;
  const isRight = placesOf(height, width).every((place) => {
    const entry = atom(v.variable, place.slice(0, sizes.length).map(num));
    return fits && same(filled.entry(...place), entry);
  });
  if (!isRight) throw new RefusedStep("entries", `the entries written for ${print(node)} are not its own`);
  return written;
}
