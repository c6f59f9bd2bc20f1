import { derivativeName, layerNumber, variableKey, type ScalarFunction } from "../equations/index.ts";
import {
  children,
  elementary,
  fillDots,
  freeSymbols,
  isConstant,
  isElementary,
  num,
  print,
  some,
  substitute,
  view,
  type Binder,
  type Expr,
  type Choice,
  type Relation,
  type Variable,
  type View,
} from "../expression/index.ts";
import { dual, integer, integerPower, type Arithmetic, type Dual } from "./arithmetic.ts";
import { perturbedValues } from "./perturb.ts";
import {
  compileIndex,
  compilePosition,
  concreteKey,
  dimensions,
  dimensionsInModel,
  sizeAt,
  sizeOfLayer,
  tuples,
  wholeNumber,
  type Valuation,
  type Values,
} from "./valuation.ts";

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

/** An expression made ready to run: from the values of the indices in scope, by position. */
export type Run<T> = (indices: number[]) => T;

/**
 * Walks the tree once, so that a sum of a thousand terms does not walk it a thousand times.
 *
 * @throws Error where the expression has no value, whatever the indices are
 */
export function compile<T>(expr: Expr, valuation: Valuation<T>, scope: readonly string[]): Run<T> {
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
      if (at < 0 && isConstant(v.name) && !isVariable(v.name, valuation)) return fixed(arithmetic.apply(v.name));
      return at < 0
        ? compileEntry({ family: v.name, layer: null }, [], valuation, scope)
        : (indices) => integer(arithmetic, indices[at] as number);
    }
    case "atom":
      return compileEntry(v.variable, v.indices, valuation, scope);
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
    case "maximum":
      return compileBinder(v, valuation, scope);
    case "kronecker": {
      const [left, right] = [compileIndex(v.left, scope), compileIndex(v.right, scope)];
      const [zero, one] = [integer(arithmetic, 0), integer(arithmetic, 1)];
      return (indices) => (left(indices) === right(indices) ? one : zero);
    }
    case "partial":
      return compilePartial(v.of, v.by, valuation, scope);
    case "all":
    case "matrix":
    case "hadamard":
      throw new Error(`a matrix form has no value entry by entry: ${print(expr)}`);
    case "choose":
      return compileChoice(v, valuation, scope);
    case "call": {
      const args = argumentsOf(v).map(inner);
      return (indices) =>
        applyFunction(
          v.name,
          v.layer,
          args.map((argument) => argument(indices)),
          valuation,
        );
    }
  }
}

const fixed =
  <T>(value: T): Run<T> =>
  () =>
    value;

/** Two parts make up nearly all of the work: they are put together without a list between. */
function chain<T>(parts: readonly Run<T>[], operate: (a: T, b: T) => T): Run<T> {
  const [first, second] = parts as [Run<T>, Run<T>];
  if (parts.length === 2) return (indices) => operate(first(indices), second(indices));
  return (indices) => parts.map((part) => part(indices)).reduce(operate);
}

/** A variable of the model may have the name of a constant. */
const isVariable = <T>(name: string, { adjoints, model, values }: Valuation<T>): boolean =>
  values.has(name) || adjoints.has(name) || dimensions(name, model) !== undefined;

/** A sum, or the greatest of its terms, of which the first stays where another is equal to it. */
function compileBinder<T>(
  { kind, index, to, body }: Binder,
  valuation: Valuation<T>,
  scope: readonly string[],
): Run<T> {
  const { add, isGreater } = valuation.arithmetic;
  const combine = kind === "sum" ? add : (a: T, b: T): T => (isGreater(b, a) ? b : a);
  const count = sizeAt(to, valuation);
  if (count === 0 && kind === "maximum") throw new Error("nothing is the greatest of no terms");
  const zero = integer(valuation.arithmetic, 0);
  if (isLayerIndex(index, body)) {
    const terms = Array.from({ length: count }, (_, i) =>
      compile(substitute(body, new Map([[index, num(i + 1)]])), valuation, scope),
    );
    return terms.length === 0 ? fixed(zero) : chain(terms, combine);
  }
  const run = compile(body, valuation, [...scope, index]);
  const at = scope.length;
  return (indices) => {
    let total = zero;
    for (let i = 1; i <= count; i++) {
      indices[at] = i;
      total = i === 1 ? run(indices) : combine(total, run(indices));
    }
    indices.length = at;
    return total;
  };
}

function compileChoice<T>(
  { left, relation, right, then, otherwise }: Choice,
  valuation: Valuation<T>,
  scope: readonly string[],
): Run<T> {
  const [a, b, yes, no] = [left, right, then, otherwise].map((e) => compile(e, valuation, scope)) as [
    Run<T>,
    Run<T>,
    Run<T>,
    Run<T>,
  ];
  const holds = comparison(relation, valuation.arithmetic);
  return (indices) => (holds(a(indices), b(indices)) ? yes(indices) : no(indices));
}

/** Does a relation hold between two numbers? */
export function comparison<T>(relation: Relation, { isGreater }: Arithmetic<T>): (x: T, y: T) => boolean {
  switch (relation) {
    case ">":
      return (x, y) => isGreater(x, y);
    case "<=":
      return (x, y) => !isGreater(x, y);
    case "<":
      return (x, y) => isGreater(y, x);
    case ">=":
      return (x, y) => !isGreater(y, x);
  }
}

/** Does the index of a sum stand for a layer in it, as in Σ_m R^m? */
const isLayerIndex = (index: string, body: Expr): boolean =>
  some(body, (node) => {
    const v = view(node);
    const layer = v.kind === "atom" ? v.variable.layer : v.kind === "size" || v.kind === "call" ? v.layer : null;
    return layer !== null && freeSymbols(layer).has(index);
  });

/** A variable that is not computed but known as the adjoint of another has the derivative of the objective for its value. */
function compileEntry<T>(
  variable: Variable,
  at: readonly Expr[],
  valuation: Valuation<T>,
  scope: readonly string[],
): Run<T> {
  const { adjoints, model, values } = valuation;
  const key = concreteKey(variable, valuation);
  const entries = values.get(key);
  if (entries !== undefined) {
    // What has a value but no place in the model is the argument of a function.
    const position = compilePosition(key, dimensions(key, model) ?? [], at, scope);
    return (indices) => entry(key, position(indices), entries);
  }
  const adjointOf = adjoints.get(key);
  if (adjointOf === undefined)
    throw new Error(`the ${at.length === 0 ? "index or variable" : "variable"} ${key} has no value here`);
  const by = variableKey(adjointOf);
  const position = compilePosition(key, dimensionsInModel(by, model), at, scope);
  return (indices) => derivativeOfObjective(by, position(indices), valuation);
}

function entry<T>(key: string, at: number, entries: readonly T[] = []): T {
  const found = entries[at];
  if (found === undefined) throw new Error(`${key} has no entry ${at + 1}`);
  return found;
}

/** Written as functions are, but none of a scalar. */
const valueless: ReadonlyMap<string, string> = new Map([
  ["sum", "a sum has a value where it is written sum(k, 1:n, body)"],
  ["mean", "a mean has a value where it is written as a sum(k, 1:n, body) over n"],
  ["shape", "a shape has no value"],
  ["transpose", "a matrix form has no value entry by entry"],
]);

/**
 * The arguments of a function.
 *
 * @throws Error where there is another number of them, which would go unread, or where it is no function of scalars
 */
export function argumentsOf({ name, args }: Extract<View, { kind: "call" }>): readonly Expr[] {
  const why = valueless.get(name);
  if (why !== undefined) throw new Error(why);
  const count = isElementary(name) ? elementary[name] : 1;
  if (args.length !== count)
    throw new Error(`${name} takes ${count} argument${count === 1 ? "" : "s"}, not ${args.length}`);
  return args;
}

/** f(x) for a function that the model calls, or its derivative f_prime. */
export function applyFunction<T>(name: string, layer: Expr | null, args: readonly T[], valuation: Valuation<T>): T {
  const number = layer === null ? null : layerNumber(layer, valuation.layers.l, valuation.layers.L);
  const definition = valuation.functions.find(
    (f) => f.layer === number && (f.name === name || derivativeName(f.name) === name),
  );
  if (definition === undefined)
    return valuation.arithmetic.apply(number === null ? name : `${name}[${number}]`, ...args);
  const [x] = args as [T];
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
  const isIndex = v.kind === "symbol" && scope.includes(v.name);
  if ((v.kind !== "atom" && v.kind !== "symbol") || isIndex) throw new Error(`cannot differentiate by ${print(by)}`);
  const key = v.kind === "symbol" ? v.name : concreteKey(v.variable, valuation);
  const position = compilePosition(key, dimensionsInModel(key, valuation.model), children(by), scope);
  const runs = new Map<number, Run<Dual<T>>>();
  return (indices) => {
    const at = position(indices);
    const known = runs.get(at) ?? compile(of, perturbed(key, at, valuation), scope);
    runs.set(at, known);
    return known([...indices]).derivative;
  };
}

function derivativeOfObjective<T>(by: string, at: number, valuation: Valuation<T>): T {
  const key = variableKey(valuation.model.objective);
  return entry(key, 0, perturbed(by, at, valuation).values.get(key)).derivative;
}

/** All values anew in dual numbers, with ε added to one entry. */
function perturbed<T>(key: string, at: number, valuation: Valuation<T>): Valuation<Dual<T>> {
  const cache = perturbations.get(valuation.values) ?? new Map<string, Valuation<Dual<unknown>>>();
  perturbations.set(valuation.values, cache);
  const name = `${key} ${at}`;
  const known = cache.get(name) as Valuation<Dual<T>> | undefined;
  if (known !== undefined) return known;
  const lifted = { ...valuation, arithmetic: dual(valuation.arithmetic) };
  const result = { ...lifted, values: forward(lifted, perturbedValues(key, at, valuation)) };
  cache.set(name, result as Valuation<Dual<unknown>>);
  return result;
}

const perturbations = new WeakMap<object, Map<string, Valuation<Dual<unknown>>>>();
