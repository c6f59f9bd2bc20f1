import { atom, transform, view, type Expr } from "../expression/index.ts";

/** No name of a user's begins so. */
const mark = "__";

/**
 * The expression with the capital letters of its entries kept: they print as Q_{td}, not as q_{td}, which in a
 * list of equations of a user's may be another variable.
 */
export function asWritten(expr: Expr): Expr {
  return transform(expr, (node) => {
    const v = view(node);
    if (v.kind !== "atom" || !/^[A-Z]\d*$/.test(v.variable.family)) return node;
    return atom({ ...v.variable, family: `${mark}${v.variable.family}` }, v.indices);
  });
}

/** The name itself, whether its capital letter is kept or not. */
export const plainName = (family: string): string => (family.startsWith(mark) ? family.slice(mark.length) : family);
