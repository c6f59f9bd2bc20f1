import { variableKey, type Equation, type Model } from "../equations/index.ts";
import { children, view, type Expr, type Variable } from "../expression/index.ts";

/** Keys of the variables, and names of the indices, that an expression speaks of. */
export function variablesIn(expr: Expr): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: Expr): void => {
    const v = view(node);
    if (v.kind === "atom") found.add(variableKey(v.variable));
    if (v.kind === "symbol") found.add(v.name);
    children(node).forEach(visit);
  };
  visit(expr);
  return found;
}

/** Keys of all that a variable is computed from, itself included. */
export const dependenciesOf = (variable: Variable, { equations }: Model): ReadonlySet<string> =>
  needed([variableKey(variable)], equations);

/** The keys given, and those of all that these are computed from. */
export function needed(goals: readonly string[], equations: readonly Equation[]): ReadonlySet<string> {
  const found = new Set(goals);
  for (const equation of [...equations].reverse())
    if (found.has(variableKey(equation.variable))) variablesIn(equation.value).forEach((key) => found.add(key));
  return found;
}

/** The number of entries of a tensor. */
export const lengthOf = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
