import { atom, partial, sym, transform, view, type Expr, type Variable } from "../expression/index.ts";

const adjointSuffix = "_bar";

/** The name of v̄; no variable of a user's ends so. */
export const adjointVariable = ({ family, layer }: Variable): Variable => ({
  family: `${family}${adjointSuffix}`,
  layer,
});

/** v̄ written as what it stands for, ∂J/∂v: how documents and the comments of code show adjoints. */
export function asPartials(expr: Expr, objective: Variable): Expr {
  return transform(expr, (node) => {
    const v = view(node);
    const own = v.kind === "atom" ? v.variable : v.kind === "symbol" ? { family: v.name, layer: null } : null;
    if (own === null || !own.family.endsWith(adjointSuffix)) return node;
    const family = own.family.slice(0, -adjointSuffix.length);
    return partial(sym(objective.family), atom({ family, layer: own.layer }, v.kind === "atom" ? v.indices : []));
  });
}
