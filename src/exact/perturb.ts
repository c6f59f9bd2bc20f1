import { variableKey } from "../equations/index.ts";
import { children, view, type Expr } from "../expression/index.ts";
import { integer, type Dual } from "./arithmetic.ts";
import type { Valuation, Values } from "./valuation.ts";

/**
 * The values from which a forward pass in dual numbers starts when one entry is x + ε. Every variable that
 * does not change with the entry keeps its value, so that only what lies downstream is computed again.
 *
 * @param at the entry's place in the row-major list of its variable's
 */
export function perturbedValues<T>(
  key: string,
  at: number,
  { arithmetic, model, values }: Valuation<T>,
): Values<Dual<T>> {
  const [zero, one] = [integer(arithmetic, 0), integer(arithmetic, 1)];
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
