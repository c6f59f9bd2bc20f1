import { variableKey, type AdjointPair, type Model, type Range, type ScalarFunction } from "../equations/index.ts";
import { print, type Expr, type Variable } from "../expression/index.ts";
import { expDepth } from "./derivative-form.ts";
import { compile, forward, type Run } from "./evaluate.ts";
import { evaluateMatrix } from "./matrix.ts";
import { DivisionByZero, primeTower, type Residues } from "./prime-tower.ts";
import { seeded, type Random } from "./random.ts";
import { dimensionsOf, sizeAt, tuples, type Valuation, type Values } from "./valuation.ts";

/** How an equality was checked: on how many random draws, from which seed. */
export interface Certificate {
  readonly draws: number;
  readonly seed: number;
}

/** A draw in which two sides differ. */
export interface Counterexample {
  readonly draw: number;
  readonly indices: Readonly<Record<string, number>>;
}

export type Verdict =
  | { readonly holds: true; readonly certificate: Certificate }
  | { readonly holds: false; readonly counterexample: Counterexample };

/** A random point at which expressions can be evaluated. */
export interface Point {
  readonly valuation: Valuation<Residues>;
  readonly same: (a: Residues, b: Residues) => boolean;
}

/** Random points with the seed that they were drawn from, so that a check can be repeated. */
export interface Points {
  readonly seed: number;
  readonly drawn: readonly Point[];
}

export function drawPoints(count: number, seed: number, draw: (random: Random, nth: number) => Point): Points {
  return { seed, drawn: Array.from({ length: count }, (_, i) => draw(seeded(seed + 1000 * i), i)) };
}

/**
 * Evaluates both sides of an equality in a prime field at random points and index values. Equality at all
 * points means that no counterexample was found; a difference at one refutes it.
 *
 * @param ranges the free indices, with their sizes
 * @param mostTuples compare at this many random index tuples of each point, where there are more
 * @throws Error where a side has no value
 */
export function checkIdentity(
  left: Expr,
  right: Expr,
  ranges: readonly Range[],
  { seed, drawn }: Points,
  mostTuples = 24,
): Verdict {
  let [draws, refusal]: [number, Error | null] = [0, null];
  for (const [draw, point] of drawn.entries()) {
    const { compared, indices, undefinedAt } = findDifference(
      left,
      right,
      ranges,
      point,
      seeded(seed + draw),
      mostTuples,
    );
    if (indices !== null) return { holds: false, counterexample: { draw, indices } };
    if (compared > 0) draws += 1;
    refusal = undefinedAt ?? refusal;
  }
  if (draws === 0) throw refusal ?? new Error(`nothing was compared of ${print(left)} = ${print(right)}`);
  return { holds: true, certificate: { draws, seed } };
}

/** How many entries were compared, at which indices the sides differ, and where one of them has no value. */
interface Comparison {
  readonly compared: number;
  readonly indices: Readonly<Record<string, number>> | null;
  readonly undefinedAt: Error | null;
}

function findDifference(
  left: Expr,
  right: Expr,
  ranges: readonly Range[],
  { valuation, same }: Point,
  random: Random,
  mostTuples: number,
): Comparison {
  const [valueOfLeft, valueOfRight] = [entriesOf(left, ranges, valuation), entriesOf(right, ranges, valuation)];
  const sizes = ranges.map(({ size }) => sizeAt(size, valuation));
  let [compared, undefinedAt]: [number, Error | null] = [0, null];
  for (const tuple of sampleTuples(sizes, mostTuples, random)) {
    try {
      const agrees = same(valueOfLeft([...tuple]), valueOfRight([...tuple]));
      compared += 1;
      if (!agrees)
        return {
          compared,
          indices: Object.fromEntries(ranges.map(({ index }, i) => [index, tuple[i] as number])),
          undefinedAt,
        };
    } catch (error) {
      // A random point may lie where a denominator vanishes; what is said there is nothing.
      if (!((error as Error).cause instanceof DivisionByZero)) throw error;
      undefinedAt = error as Error;
    }
  }
  return { compared, indices: null, undefinedAt };
}

/** A side of an equality made ready to run, its free indices those of `ranges`. */
function entriesOf(side: Expr, ranges: readonly Range[], valuation: Valuation<Residues>): Run<Residues> {
  const scope = ranges.map(({ index }) => index);
  const run = sayingWhere(side, () => compile(side, valuation, scope));
  return (indices) => sayingWhere(side, () => run(indices));
}

/** What has no value is one letter of a long line: the error says of which side. */
function sayingWhere<T>(side: Expr, evaluated: () => T): T {
  try {
    return evaluated();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n  in ${print(side)}`, { cause: error });
  }
}

/** Compares every entry of a matrix form with the index form that it was lifted from. */
export function checkMatrixForm(
  matrix: Expr,
  entries: Expr,
  ranges: readonly Range[],
  { seed, drawn }: Points,
): Verdict {
  for (const [draw, { valuation, same }] of drawn.entries()) {
    const lifted = sayingWhere(matrix, () => evaluateMatrix(matrix, valuation));
    const valueOf = entriesOf(entries, ranges, valuation);
    const sizes = ranges.map(({ size }) => sizeAt(size, valuation));
    const [rows = 1, columns = 1] = sizes;
    const isOfShape = lifted.rows === rows && lifted.columns === columns;
    const isWrong = (tuple: readonly number[], at: number): boolean =>
      !same(lifted.entries[at] as Residues, valueOf([...tuple]));
    if (!isOfShape || tuples(sizes).some(isWrong)) return { holds: false, counterexample: { draw, indices: {} } };
  }
  return { holds: true, certificate: { draws: drawn.length, seed } };
}

/** All index tuples where they are few, else random ones. */
function sampleTuples(sizes: readonly number[], most: number, random: Random): readonly (readonly number[])[] {
  if (sizes.reduce((a, b) => a * b, 1) <= most) return tuples(sizes);
  return Array.from({ length: most }, () => sizes.map((count) => random.whole(1, count)));
}

/**
 * A random point of a model; every tensor is drawn, the rest follows. Functions without a definition are opaque.
 *
 * @param eighths how many of eight comparisons hold
 */
export function randomPoint(
  model: Model,
  layers: Valuation<Residues>["layers"],
  random: Random,
  adjoints: readonly AdjointPair[],
  functions: readonly ScalarFunction[],
  eighths?: number,
): Point {
  const levels = functions.map(({ value }) => expDepth(value) + 1);
  const tower = primeTower(Math.max(1, ...levels), random, eighths);
  const adjointOf = new Map(adjoints.map(({ of, adjoint }) => [variableKey(adjoint), of]));
  const partial = { arithmetic: tower, model, functions, layers, adjoints: adjointOf };
  return { valuation: { ...partial, values: forward(partial, drawTensors(model, tower.draw)) }, same: tower.same };
}

/**
 * A point at which every variable has random values of its own, drawn when they are first looked at: for
 * equalities that hold whatever the variables are, at any size.
 */
export function freePoint(variables: ReadonlyMap<string, Variable>, sizesOf: SizesOf, random: Random): Point {
  const tower = primeTower(2, random);
  const model: Model = {
    tensors: [...variables.values()].map((variable) => ({ variable, role: "input", sizes: sizesOf(variable) })),
    equations: [],
    objective: { family: "J", layer: null },
  };
  const values = new Map([...variables.keys()].map((key) => [key, drawnWhenAsked(tower.draw)]));
  const valuation = { arithmetic: tower, model, functions: [], layers: { l: 0, L: 0 }, adjoints: new Map(), values };
  return { valuation, same: tower.same };
}

/** The sizes of a variable's indices. */
export type SizesOf = (variable: Variable) => readonly Expr[];

/** An endless list that draws an entry the first time it is read. */
function drawnWhenAsked<T>(draw: () => T): readonly T[] {
  return new Proxy<T[]>([], {
    get: (drawn, at) => (typeof at === "string" && /^\d+$/.test(at) ? (drawn[Number(at)] ??= draw()) : undefined),
  });
}

/** Entries for every tensor of a model. */
export function drawTensors<T>(model: Model, draw: (key: string) => T): Values<T> {
  const dimensions = dimensionsOf(model);
  return new Map(
    model.tensors.map(({ variable }) => {
      const key = variableKey(variable);
      const count = (dimensions.get(key) ?? []).reduce((a, b) => a * b, 1);
      return [key, Array.from({ length: count }, () => draw(key))];
    }),
  );
}
