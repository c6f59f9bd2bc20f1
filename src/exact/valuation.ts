import { concreteVariable, layerNumber, variableKey, type Model, type ScalarFunction } from "../equations/index.ts";
import { print, toNumber, view, type Expr, type Variable } from "../expression/index.ts";
import type { Arithmetic } from "./arithmetic.ts";

/** Entries of every variable, row-major, by variable key. */
export type Values<T> = ReadonlyMap<string, readonly T[]>;

/** Everything that an expression needs to have a value. */
export interface Valuation<T> {
  readonly arithmetic: Arithmetic<T>;
  /** A model with numbers for sizes. */
  readonly model: Model;
  readonly values: Values<T>;
  /** Definitions of the functions that the model calls; a function without one is opaque. */
  readonly functions: readonly ScalarFunction[];
  /** What l and L stand for in an expression about a generic layer. */
  readonly layers: { readonly l: number; readonly L: number };
  /** The values of sizes that have a name, `size(h)`. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Key of an adjoint variable ↦ the variable whose ∂J/∂ it is. */
  readonly adjoints: ReadonlyMap<string, Variable>;
}

/** The sizes of each variable's indices in a model with numbers for sizes. */
export function dimensionsOf(model: Model): ReadonlyMap<string, readonly number[]> {
  return new Map([
    ...model.tensors.map(({ variable, sizes }) => [variableKey(variable), sizes.map(wholeNumber)] as const),
    ...model.equations.map(
      ({ variable, ranges }) => [variableKey(variable), ranges.map(({ size }) => wholeNumber(size))] as const,
    ),
  ]);
}

/** The sizes of a variable's indices, or undefined where the model has no such variable. */
export function dimensions(key: string, model: Model): readonly number[] | undefined {
  let all = dimensionCache.get(model);
  if (all === undefined) dimensionCache.set(model, (all = dimensionsOf(model)));
  return all.get(key);
}

const dimensionCache = new WeakMap<Model, ReadonlyMap<string, readonly number[]>>();

/**
 * The sizes of a variable of the model: what is neither given nor computed has no entries to change.
 *
 * @throws Error where the model has no such variable
 */
export function dimensionsInModel(key: string, model: Model): readonly number[] {
  const sizes = dimensions(key, model);
  if (sizes === undefined) throw new Error(`${key} is neither a tensor nor defined by an equation`);
  return sizes;
}

/** The sizes of a variable's indices; an adjoint has those of its variable. */
export function sizesOf(
  variable: Variable,
  valuation: Pick<Valuation<unknown>, "adjoints" | "layers" | "model">,
): readonly number[] {
  const key = concreteKey(variable, valuation);
  const adjointOf = valuation.adjoints.get(key);
  return dimensionsInModel(adjointOf === undefined ? key : variableKey(adjointOf), valuation.model);
}

/** Symbolic layers are looked up as the numbered variables of the model. */
export function concreteKey(
  { family, layer }: Variable,
  { layers: { l, L } }: Pick<Valuation<unknown>, "layers">,
): string {
  return layer === null ? family : variableKey(concreteVariable(family, layerNumber(layer, l, L)));
}

/** The number of neurons of a layer. */
export function sizeOfLayer(
  layer: Expr,
  { model, layers: { l, L }, sizes }: Pick<Valuation<unknown>, "layers" | "model" | "sizes">,
): number {
  const v = view(layer);
  if (v.kind === "symbol" && v.name !== "l" && v.name !== "L") {
    const named = sizes?.get(v.name);
    if (named === undefined) throw new Error(`the size ${v.name} has no value here`);
    return named;
  }
  const number = layerNumber(layer, l, L);
  const [size] = dimensions(variableKey(concreteVariable("a", number)), model) ?? [];
  // A sum up to the size of a layer that is not there would otherwise be an empty one, that is, 0.
  if (size === undefined) throw new Error(`there is no layer ${number}`);
  return size;
}

/**
 * The number that the size of an index, the upper bound of a sum, stands for: a whole number, the size of a layer,
 * a size with a name, or in a sum over layers one of these, `L - 1`.
 */
export function sizeAt(size: Expr, valuation: Pick<Valuation<unknown>, "layers" | "model" | "sizes">): number {
  const v = view(size);
  if (v.kind === "size") return sizeOfLayer(v.layer, valuation);
  if (v.kind === "number") return wholeNumber(size);
  const { l, L } = valuation.layers;
  const last = layerNumber(size, l, L);
  // A sum up to a layer before the first would otherwise be an empty one, that is, 0.
  if (last < 0) throw new Error(`there is no layer ${last}`);
  return last;
}

/** The whole number that an expression is written as. */
export function wholeNumber(expr: Expr): number {
  const v = view(expr);
  if (v.kind !== "number" || v.value.denominator !== 1n) throw new Error(`not a whole number: ${print(expr)}`);
  return toNumber(v.value);
}

/** All index tuples of a tensor, in row-major order, counted from 1. */
export function tuples(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>(
    (all, count) => all.flatMap((t) => Array.from({ length: count }, (_, i) => [...t, i + 1])),
    [[]],
  );
}

/** From the values of the indices in scope, by position. */
export type IndexRun = (indices: readonly number[]) => number;

/** An index: a number, or a letter in scope. */
export function compileIndex(expr: Expr, scope: readonly string[]): IndexRun {
  const v = view(expr);
  if (v.kind === "number") {
    const value = wholeNumber(expr);
    return () => value;
  }
  const at = v.kind === "symbol" ? scope.lastIndexOf(v.name) : -1;
  if (at < 0) throw new Error(`the index ${print(expr)} has no value`);
  return (indices) => indices[at] as number;
}

/**
 * Where an entry stands in the row-major list of a variable's entries. Every way to an entry leads through
 * here: an index too many would otherwise go unread, and one out of range be read as another entry.
 *
 * @throws Error where the number of indices is not the variable's, and when run, where one is out of its range
 */
export function compilePosition(
  key: string,
  sizes: readonly number[],
  at: readonly Expr[],
  scope: readonly string[],
): IndexRun {
  if (at.length !== sizes.length)
    throw new Error(`${key} takes ${sizes.length} ${sizes.length === 1 ? "index" : "indices"}, not ${at.length}`);
  const parts = at.map((index) => compileIndex(index, scope));
  return (indices) => {
    let position = 0;
    for (let axis = 0; axis < sizes.length; axis++) {
      const index = (parts[axis] as IndexRun)(indices);
      const count = sizes[axis] as number;
      if (index < 1 || index > count) throw new Error(`index ${index} of ${key} is outside 1..${count}`);
      position = position * count + index - 1;
    }
    return position;
  };
}
