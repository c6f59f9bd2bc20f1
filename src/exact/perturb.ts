import { variableKey, type Model } from "../equations/index.ts";
import { children, freeSymbols, view, type Expr, type Variable } from "../expression/index.ts";
import { integer, type Dual } from "./arithmetic.ts";
import { concreteKey, type Valuation, type Values } from "./valuation.ts";

/**
 * The values from which a forward pass in dual numbers starts when one entry is x + ε. Every variable that
 * does not change with the entry keeps its value, so that only what lies downstream is computed again.
 *
 * @param at the entry's place in the row-major list of its variable's
 */
export function perturbedValues<T>(
  key: string,
  at: number,
  { arithmetic, layers, model, values }: Valuation<T>,
): Values<Dual<T>> {
  const [zero, one] = [integer(arithmetic, 0), integer(arithmetic, 1)];
  const changed = dependents([key], model, layers);
  const kept = [...values].filter(([name]) => name === key || !changed.has(name));
  return new Map(
    kept.map(([name, entries]) => [
      name,
      entries.map((value, i) => ({ value, derivative: name === key && i === at ? one : zero })),
    ]),
  );
}

/** Some variables and all that are computed from them. */
export function dependents(
  keys: Iterable<string>,
  { equations }: Model,
  layers: Valuation<unknown>["layers"],
): ReadonlySet<string> {
  const changed = new Set(keys);
  for (const { variable, value } of equations) if (mentions(value, changed, layers)) changed.add(variableKey(variable));
  return changed;
}

/** In a sum over layers a variable has no key until the sum is written out: that it depends is then assumed. */
function mentions(expr: Expr, keys: ReadonlySet<string>, layers: Valuation<unknown>["layers"]): boolean {
  const v = view(expr);
  const own = v.kind === "atom" ? keyOf(v.variable, layers) : v.kind === "symbol" ? v.name : "";
  return own === null || keys.has(own) || children(expr).some((child) => mentions(child, keys, layers));
}

function keyOf(variable: Variable, layers: Valuation<unknown>["layers"]): string | null {
  const symbols = variable.layer === null ? [] : [...freeSymbols(variable.layer)];
  return symbols.every((name) => name === "l" || name === "L") ? concreteKey(variable, { layers }) : null;
}
