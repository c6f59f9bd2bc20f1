import { leftSide, variableKey, type Equation, type Model, type ScalarFunction } from "../equations/index.ts";
import {
  allSymbols,
  children,
  freeSymbols,
  num,
  renameApart,
  same,
  some,
  substitute,
  view,
  type Expr,
  type Variable,
} from "../expression/index.ts";

/** What the rules know besides the expression they rewrite. */
export interface Context {
  /** What depends on what: in a local derivative, nothing but what an expression mentions itself. */
  readonly model: Model;
  /** The equations by which entries have their values: the forward model. */
  readonly named: Model;
  /** Sizes of the free indices. */
  readonly ranges: ReadonlyMap<string, Expr>;
  /** The variable by which the objective is differentiated. */
  readonly target: Variable;
  /** Variables at which the chain rule stops: the derivative of J by them is a quantity of its own. */
  readonly tracked: ReadonlySet<string>;
  /** Name of ∂J/∂v for variables v whose adjoint has one: z[l] ↦ delta[l]. */
  readonly adjoints: ReadonlyMap<string, Variable>;
  /** f′ in terms of f's value, as a formula in `a`, by name of f; null where there is none and z serves. */
  readonly derivativeForms: readonly DerivativeForm[];
  /** ∂J/∂v where it has been derived before, as J's derivative by the network's outputs is. */
  readonly objectiveDerivative: KnownDerivative | null;
  /** Adjoints that are put in where they occur. */
  readonly adjointValues: readonly KnownDerivative[];
  /** Derivatives of variables by others that have been derived before, as softmax's Jacobian is. */
  readonly jacobians: readonly Jacobian[];
  /** Definitions of functions whose own derivative is being derived. */
  readonly definitions: readonly ScalarFunction[];
}

/** ∂J/∂v_I = value, or v̄_I = value, for the free indices I. */
export interface KnownDerivative {
  readonly variable: Variable;
  readonly indices: readonly string[];
  readonly value: Expr;
}

/** ∂of_P/∂by_I = value, for the free indices P and I. */
export interface Jacobian {
  readonly of: Variable;
  readonly by: Variable;
  readonly indices: readonly string[];
  readonly value: Expr;
}

/** σ′(z), worked out: a formula in the function's value `a` or, failing that, in its argument `z`. */
export interface DerivativeForm {
  readonly name: string;
  readonly layer: number | null;
  readonly in: "a" | "z";
  readonly formula: Expr;
}

export const equationOf = (variable: Variable, model: Model): Equation | undefined =>
  model.equations.find((e) => variableKey(e.variable) === variableKey(variable));

/** The variable that a node is an entry of, or null. */
export function variableOf(node: Expr): Variable | null {
  const v = view(node);
  if (v.kind === "atom") return v.variable;
  return v.kind === "symbol" ? { family: v.name, layer: null } : null;
}

/** Does an expression mention an entry of the variable itself? */
export const mentions = (expr: Expr, variable: Variable): boolean => usesAny(expr, new Set([variableKey(variable)]));

/** Does the value of `expr` change with the variable, directly or through the model's equations? */
export function dependsOn(expr: Expr, variable: Variable, model: Model): boolean {
  const key = variableKey(variable);
  const known = dependence.get(model) ?? new Map<string, boolean>();
  dependence.set(model, known);
  const reaches = (node: Expr): boolean => {
    const own = variableOf(node);
    if (own !== null && (isOneOf(own, new Set([key])) || variableReaches(own))) return true;
    return children(node).some(reaches);
  };
  const variableReaches = (own: Variable): boolean => {
    const ownKey = variableKey(own);
    if (ownKey === key) return true;
    const memo = `${ownKey} ${key}`;
    let found = known.get(memo);
    if (found === undefined) {
      const equation = equationOf(own, model);
      found = equation !== undefined && reaches(equation.value);
      known.set(memo, found);
    }
    return found;
  };
  return reaches(expr);
}

const dependence = new WeakMap<Model, Map<string, boolean>>();

/** The right-hand side of a variable's equation at the given indices, its bound indices distinct from all in `taken`. */
export function valueAt(equation: Equation, indices: readonly Expr[], taken: ReadonlySet<string>): Expr {
  const at = new Map(equation.ranges.map(({ index }, i) => [index, indices[i] ?? num(1)]));
  const names = new Set([...taken, ...indices.flatMap((e) => [...allSymbols(e)])]);
  return renameApart(substitute(equation.value, at), names);
}

/** The variables in `tracked` that `target` acts upon without passing another of them, in the order of the equations. */
export function firstTracked(target: Variable, model: Model, tracked: ReadonlySet<string>): readonly Equation[] {
  const reached = new Set([variableKey(target)]);
  const hits: Equation[] = [];
  for (const equation of model.equations) {
    const uses = usesAny(equation.value, reached);
    const key = variableKey(equation.variable);
    if (!uses || reached.has(key)) continue;
    if (tracked.has(key)) hits.push(equation);
    else reached.add(key);
  }
  return hits;
}

function usesAny(expr: Expr, keys: ReadonlySet<string>): boolean {
  const own = variableOf(expr);
  return (own !== null && isOneOf(own, keys)) || children(expr).some((child) => usesAny(child, keys));
}

/** Is the variable one of those? One whose layer is the index of a sum stands for every layer. */
function isOneOf(own: Variable, keys: ReadonlySet<string>): boolean {
  if (keys.has(variableKey(own))) return true;
  const isOfEveryLayer = own.layer !== null && [...freeSymbols(own.layer)].some((name) => name !== "l" && name !== "L");
  return isOfEveryLayer && [...keys].some((key) => key.startsWith(`${own.family}[`));
}

/** The entry that an equation defines as f(argument), such as a[l][j] for sigma(z[l][j]). */
export function entryWithValue(value: Expr, argument: Expr, model: Model): Expr | null {
  const indices = children(argument);
  for (const equation of model.equations) {
    if (equation.ranges.length !== indices.length) continue;
    if (some(equation.value, (n) => view(n).kind === "sum")) continue;
    // An entry is known by its value only where each of its indices shows in it.
    if (!equation.ranges.every(({ index }) => freeSymbols(equation.value).has(index))) continue;
    if (same(valueAt(equation, indices, new Set()), value)) return leftSide(equation, indices);
  }
  return null;
}
