import { atom, partial, sym, transform, view, type Expr, type Variable } from "../expression/index.ts";

/** No name of a user's begins so. */
const mark = "__";

/**
 * The expression with the capital letters of its entries kept, Q_{td} and not q_{td}, which in a list of equations
 * of a user's may be another variable; and with ∂ in every derivative, since no variable of a list is alone.
 */
export function asWritten(expr: Expr): Expr {
  return transform(expr, (node) => {
    const v = view(node);
    if (v.kind === "atom" && /^[A-Z]\d*$/.test(v.variable.family)) return atom(marked(v.variable), v.indices);
    const by = v.kind === "partial" ? view(v.by) : null;
    return v.kind === "partial" && by?.kind === "symbol" ? partial(v.of, sym(`${mark}${plainName(by.name)}`)) : node;
  });
}

const marked = (variable: Variable): Variable => ({ ...variable, family: `${mark}${variable.family}` });

/** The name itself, whether it is marked or not. */
export const plainName = (family: string): string => (family.startsWith(mark) ? family.slice(mark.length) : family);
