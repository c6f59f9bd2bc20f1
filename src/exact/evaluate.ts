import {
  concreteVariable,
  derivativeName,
  layerNumber,
  variableKey,
  type Model,
  type ScalarFunction,
} from "../equations/index.ts";
import { children, fillDots, print, toNumber, view, type Expr, type Variable } from "../expression/index.ts";
import { dual, integer, integerPower, type Arithmetic, type Dual } from "./arithmetic.ts";

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
  /** Key of an adjoint variable ↦ the variable whose ∂J/∂ it is. */
  readonly adjoints: ReadonlyMap<string, Variable>;
}

type Indices = ReadonlyMap<string, number>;

/** The value of an expression; indices count from 1. Partial derivatives are taken by dual numbers. */
export function evaluate<T>(expr: Expr, valuation: Valuation<T>, indices: Indices): T {
  return compile(expr, valuation, [...indices.keys()])([...indices.values()]);
}

/** Evaluates the equations in order. A variable in `given` keeps the value given, whatever its equation says. */
export function forward<T>(valuation: Omit<Valuation<T>, "values">, given: Values<T>): Values<T> {
  const values = new Map(given);
  for (const { variable, ranges, value } of valuation.model.equations) {
    const key = variableKey(variable);
    if (given.has(key)) continue;
    const run = compile(
      value,
      { ...valuation, values },
      ranges.map(({ index }) => index),
    );
    values.set(
      key,
      tuples(ranges.map(({ size }) => wholeNumber(size))).map((tuple) => run([...tuple])),
    );
  }
  return values;
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

/** An expression made ready to run: from the values of the indices in scope, by position. */
type Run<T> = (indices: number[]) => T;

/** Walks the tree once, so that a sum of a thousand terms does not walk it a thousand times. */
function compile<T>(expr: Expr, valuation: Valuation<T>, scope: readonly string[]): Run<T> {
  const { arithmetic } = valuation;
  const inner = (e: Expr): Run<T> => compile(e, valuation, scope);
  const v = view(expr);
  switch (v.kind) {
    case "number":
      return fixed(arithmetic.constant(v.value));
    case "size":
      return fixed(integer(arithmetic, sizeOfLayer(v.layer, valuation)));
    case "symbol": {
      const at = scope.lastIndexOf(v.name);
      return at < 0 ? () => entry(v.name, 0, valuation) : (indices) => integer(arithmetic, indices[at] as number);
    }
    case "atom":
      return compileAtom(v.variable, v.indices, valuation, scope);
    case "add":
      return chain(fillDots(v.terms).map(inner), arithmetic.add);
    case "multiply":
      return chain(v.factors.map(inner), arithmetic.multiply);
    case "subtract":
      return chain([inner(v.left), inner(v.right)], arithmetic.subtract);
    case "divide":
      return chain([inner(v.over), inner(v.under)], arithmetic.divide);
    case "negate":
      return chain([fixed(integer(arithmetic, 0)), inner(v.of)], arithmetic.subtract);
    case "power": {
      const [base, exponent] = [inner(v.base), wholeNumber(v.exponent)];
      return (indices) => integerPower(arithmetic, base(indices), exponent);
    }
    case "sum":
      return compileSum(v.index, upperBound(v.to, valuation), v.body, valuation, scope);
    case "kronecker": {
      const [left, right] = [indexRun(v.left, scope), indexRun(v.right, scope)];
      const [zero, one] = [integer(arithmetic, 0), integer(arithmetic, 1)];
      return (indices) => (left(indices) === right(indices) ? one : zero);
    }
    case "partial":
      return compilePartial(v.of, v.by, valuation, scope);
    case "all":
    case "matrix":
    case "hadamard":
      throw new Error(`a matrix form has no value entry by entry: ${print(expr)}`);
    case "call": {
      const argument = inner(v.args[0] as Expr);
      return (indices) => applyFunction(v.name, v.layer, argument(indices), valuation);
    }
  }
}

const fixed =
  <T>(value: T): Run<T> =>
  () =>
    value;

const chain =
  <T>(parts: readonly Run<T>[], operate: (a: T, b: T) => T): Run<T> =>
  (indices) =>
    parts.map((part) => part(indices)).reduce(operate);

function compileSum<T>(
  index: string,
  count: number,
  body: Expr,
  valuation: Valuation<T>,
  scope: readonly string[],
): Run<T> {
  const { arithmetic } = valuation;
  const run = compile(body, valuation, [...scope, index]);
  const zero = integer(arithmetic, 0);
  const at = scope.length;
  return (indices) => {
    let total = zero;
    for (let i = 1; i <= count; i++) {
      indices[at] = i;
      total = i === 1 ? run(indices) : arithmetic.add(total, run(indices));
    }
    indices.length = at;
    return total;
  };
}

function compileAtom<T>(
  variable: Variable,
  at: readonly Expr[],
  valuation: Valuation<T>,
  scope: readonly string[],
): Run<T> {
  const key = concreteKey(variable, valuation);
  const parts = at.map((e) => indexRun(e, scope));
  const adjointOf = valuation.adjoints.get(key);
  if (adjointOf !== undefined && !valuation.values.has(key)) {
    return (indices) =>
      derivativeOfObjective(
        adjointOf,
        parts.map((part) => part(indices)),
        valuation,
      );
  }
  const sizes = dimensions(key, valuation);
  return (indices) => {
    let position = 0;
    for (let axis = 0; axis < sizes.length; axis++) {
      const index = (parts[axis] as (indices: number[]) => number)(indices);
      const count = sizes[axis] as number;
      if (index < 1 || index > count) throw new Error(`index ${index} of ${key} is outside 1..${count}`);
      position = position * count + index - 1;
    }
    return entry(key, position, valuation);
  };
}

function entry<T>(key: string, at: number, valuation: Valuation<T>): T {
  const found = valuation.values.get(key)?.[at];
  if (found === undefined) throw new Error(`${key} has no entry ${at}`);
  return found;
}

/** Symbolic layers are looked up as the numbered variables of the model. */
function concreteKey({ family, layer }: Variable, { layers: { l, L } }: Pick<Valuation<unknown>, "layers">): string {
  return layer === null ? family : variableKey(concreteVariable(family, layerNumber(layer, l, L)));
}

/** The sizes of a variable's indices; an adjoint has those of its variable. */
export function sizesOf<T>(variable: Variable, valuation: Valuation<T>): readonly number[] {
  const key = concreteKey(variable, valuation);
  const adjointOf = valuation.adjoints.get(key);
  return dimensions(adjointOf === undefined ? key : variableKey(adjointOf), valuation);
}

function dimensions(key: string, { model }: Pick<Valuation<unknown>, "model">): readonly number[] {
  let all = dimensionCache.get(model);
  if (all === undefined) dimensionCache.set(model, (all = dimensionsOf(model)));
  return all.get(key) ?? [];
}

const dimensionCache = new WeakMap<Model, ReadonlyMap<string, readonly number[]>>();

function indexRun(expr: Expr, scope: readonly string[]): (indices: readonly number[]) => number {
  const v = view(expr);
  if (v.kind === "number") {
    const value = toNumber(v.value);
    return () => value;
  }
  const at = v.kind === "symbol" ? scope.lastIndexOf(v.name) : -1;
  if (at < 0) throw new Error(`the index ${print(expr)} has no value`);
  return (indices) => indices[at] as number;
}

function sizeOfLayer(layer: Expr, valuation: Pick<Valuation<unknown>, "layers" | "model">): number {
  const number = layerNumber(layer, valuation.layers.l, valuation.layers.L);
  return dimensions(variableKey(concreteVariable("a", number)), valuation)[0] as number;
}

function upperBound(to: Expr, valuation: Pick<Valuation<unknown>, "layers" | "model">): number {
  const v = view(to);
  return v.kind === "size" ? sizeOfLayer(v.layer, valuation) : wholeNumber(to);
}

/** The whole number that an expression is written as. */
export function wholeNumber(expr: Expr): number {
  const v = view(expr);
  if (v.kind !== "number" || v.value.denominator !== 1n) throw new Error(`not a whole number: ${print(expr)}`);
  return toNumber(v.value);
}

/** f(x) for a function that the model calls, or its derivative f_prime. */
export function applyFunction<T>(name: string, layer: Expr | null, x: T, valuation: Valuation<T>): T {
  const number = layer === null ? null : layerNumber(layer, valuation.layers.l, valuation.layers.L);
  const definition = valuation.functions.find(
    (f) => f.layer === number && (f.name === name || derivativeName(f.name) === name),
  );
  if (definition === undefined) return valuation.arithmetic.apply(number === null ? name : `${name}[${number}]`, x);
  if (definition.name === name) return applyDefinition(definition, x, valuation.arithmetic);
  return applyDefinition(
    definition,
    { value: x, derivative: integer(valuation.arithmetic, 1) },
    dual(valuation.arithmetic),
  ).derivative;
}

/** f(x) for a function given by its formula. */
export function applyDefinition<T>(definition: ScalarFunction, x: T, arithmetic: Arithmetic<T>): T {
  return evaluate(
    definition.value,
    { ...noModel, arithmetic, values: new Map([[definition.argument, [x]]]) },
    new Map(),
  );
}

const noModel = {
  model: { tensors: [], equations: [], objective: { family: "J", layer: null } },
  functions: [],
  layers: { l: 0, L: 0 },
  adjoints: new Map(),
} as const;

/** ∂of/∂by: the ε-part of `of` when the entry `by` is x + ε and all that is computed from it follows. */
function compilePartial<T>(of: Expr, by: Expr, valuation: Valuation<T>, scope: readonly string[]): Run<T> {
  const v = view(by);
  if (v.kind !== "atom" && v.kind !== "symbol") throw new Error(`cannot differentiate by ${print(by)}`);
  const key = v.kind === "symbol" ? v.name : concreteKey(v.variable, valuation);
  const parts = children(by).map((e) => indexRun(e, scope));
  const runs = new Map<string, Run<Dual<T>>>();
  return (indices) => {
    const tuple = parts.map((part) => part(indices));
    const known = runs.get(tuple.join()) ?? compile(of, perturbed(key, tuple, valuation), scope);
    runs.set(tuple.join(), known);
    return known([...indices]).derivative;
  };
}

function derivativeOfObjective<T>(variable: Variable, tuple: readonly number[], valuation: Valuation<T>): T {
  return entry(variableKey(valuation.model.objective), 0, perturbed(variableKey(variable), tuple, valuation))
    .derivative;
}

function perturbed<T>(key: string, tuple: readonly number[], valuation: Valuation<T>): Valuation<Dual<T>> {
  const cache = perturbations.get(valuation.values) ?? new Map<string, Valuation<Dual<unknown>>>();
  perturbations.set(valuation.values, cache);
  const name = `${key}[${tuple.join()}]`;
  const known = cache.get(name) as Valuation<Dual<T>> | undefined;
  if (known !== undefined) return known;
  const lifted = { ...valuation, arithmetic: dual(valuation.arithmetic) };
  const result = { ...lifted, values: forward(lifted, perturbedValues(key, tuple, valuation)) };
  cache.set(name, result as Valuation<Dual<unknown>>);
  return result;
}

const perturbations = new WeakMap<object, Map<string, Valuation<Dual<unknown>>>>();

/** Every variable that does not change with the entry keeps its value, so that only what lies downstream is computed again. */
function perturbedValues<T>(
  key: string,
  tuple: readonly number[],
  { arithmetic, model, values }: Valuation<T>,
): Values<Dual<T>> {
  const [zero, one] = [integer(arithmetic, 0), integer(arithmetic, 1)];
  const at = tuple.reduce(
    (position, index, axis) => position * (dimensions(key, { model })[axis] as number) + index - 1,
    0,
  );
  const changed = new Set([key]);
  for (const equation of model.equations)
    if (mentions(equation.value, changed)) changed.add(variableKey(equation.variable));
  const kept = [...values].filter(([name]) => name === key || !changed.has(name));
  return new Map(
    kept.map(([name, entries]) => [
      name,
      entries.map((value, i) => ({ value, derivative: name === key && i === at ? one : zero })),
    ]),
  );
}

function mentions(expr: Expr, keys: ReadonlySet<string>): boolean {
  const v = view(expr);
  const own = v.kind === "atom" ? variableKey(v.variable) : v.kind === "symbol" ? v.name : null;
  return (own !== null && keys.has(own)) || children(expr).some((child) => mentions(child, keys));
}

/** All index tuples of a tensor, in row-major order, counted from 1. */
export function tuples(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>(
    (all, count) => all.flatMap((t) => Array.from({ length: count }, (_, i) => [...t, i + 1])),
    [[]],
  );
}
