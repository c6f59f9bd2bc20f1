import { print } from "./text.ts";
import { children, sym, withChildren } from "./nodes.ts";
import { build, view, type Expr, type View } from "./tree.ts";

/**
 * Names that bound indices are taken from, in this order: the article's j, k, p first. l and L name layers,
 * n and m sizes in most texts, so they never name an index.
 */
const indexNames = ["j", "k", "p", "q", "r", "s", "t", "u", "v", "i", "g", "h", "w", "f", "c", "b", "a"];

/** An index name that is not in `taken`. */
export function freshIndex(taken: ReadonlySet<string>): string {
  for (let round = 0; ; round++) {
    const free = indexNames.map((name) => (round === 0 ? name : `${name}${round}`)).find((name) => !taken.has(name));
    if (free !== undefined) return free;
  }
}

/** Symbols that occur free: index names, layer names and scalars, not the bound indices of sums. */
export function freeSymbols(expr: Expr): ReadonlySet<string> {
  const known = free.get(expr);
  if (known !== undefined) return known;
  const v = view(expr);
  const found = new Set<string>(v.kind === "symbol" ? [v.name] : []);
  if (v.kind === "atom" && v.variable.layer !== null) freeSymbols(v.variable.layer).forEach((s) => found.add(s));
  if (v.kind === "call" && v.layer !== null) freeSymbols(v.layer).forEach((s) => found.add(s));
  for (const child of children(expr)) freeSymbols(child).forEach((s) => found.add(s));
  if (isBinder(v)) {
    found.delete(v.index);
    freeSymbols(v.to).forEach((s) => found.add(s));
  }
  free.set(expr, found);
  return found;
}

const free = new WeakMap<Expr, ReadonlySet<string>>();

/** All symbols, bound or free: what a fresh index has to avoid. */
export function allSymbols(expr: Expr): Set<string> {
  const v = view(expr);
  const found = new Set(freeSymbols(expr));
  if (isBinder(v)) found.add(v.index);
  for (const child of children(expr)) allSymbols(child).forEach((s) => found.add(s));
  return found;
}

/**
 * Replaces free symbols. A bound index that would capture a symbol of a replacement is renamed first, so
 * that Σ_j w_j z_k with k ↦ j becomes Σ_p w_p z_j.
 */
export function substitute(expr: Expr, replacements: ReadonlyMap<string, Expr>): Expr {
  const relevant = new Map([...replacements].filter(([name]) => freeSymbols(expr).has(name)));
  if (relevant.size === 0) return expr;
  const v = view(expr);
  if (v.kind === "symbol") return relevant.get(v.name) ?? expr;
  if (isBinder(v)) {
    const incoming = new Set([...relevant.values()].flatMap((r) => [...freeSymbols(r)]));
    const safe = incoming.has(v.index) ? renameBound(expr, new Set([...incoming, ...allSymbols(v.body)])) : v;
    return build({ ...safe, to: substitute(safe.to, relevant), body: substitute(safe.body, relevant) });
  }
  const parts = children(expr).map((child) => substitute(child, relevant));
  const node = withChildren(expr, parts);
  const w = view(node);
  if (w.kind === "atom" && w.variable.layer !== null) {
    return build({ ...w, variable: { ...w.variable, layer: substitute(w.variable.layer, relevant) } });
  }
  if (w.kind === "call" && w.layer !== null) return build({ ...w, layer: substitute(w.layer, relevant) });
  return node;
}

/** What binds an index: a sum, or a maximum. */
export type Binder = Extract<View, { kind: "sum" | "maximum" }>;
export const isBinder = (v: View): v is Binder => v.kind === "sum" || v.kind === "maximum";

/** The same with its bound index renamed to a name outside `taken`. */
function renameBound(expr: Expr, taken: ReadonlySet<string>): Binder {
  const v = view(expr);
  if (!isBinder(v)) throw new Error(`binds no index: ${print(expr)}`);
  const index = freshIndex(taken);
  return { ...v, index, body: substitute(v.body, new Map([[v.index, sym(index)]])) };
}

/** Renames every bound index of `expr` that is in `taken`, and makes nested ones distinct. */
export function renameApart(expr: Expr, taken: ReadonlySet<string>): Expr {
  const v = view(expr);
  if (!isBinder(v)) {
    const parts = children(expr);
    return parts.length === 0
      ? expr
      : withChildren(
          expr,
          parts.map((part) => renameApart(part, taken)),
        );
  }
  const index = taken.has(v.index) ? freshIndex(new Set([...taken, ...freeSymbols(v.body)])) : v.index;
  const body = index === v.index ? v.body : substitute(v.body, new Map([[v.index, sym(index)]]));
  return build({ ...v, index, body: renameApart(body, new Set([...taken, index])) });
}

/** The bound indices named by their depth: expressions that differ in the letters of these only become one. */
export function withNumberedBounds(expr: Expr, depth = 0): Expr {
  const v = view(expr);
  if (v.kind === "atom") return expr;
  if (!isBinder(v)) {
    const parts = children(expr);
    return parts.length === 0
      ? expr
      : withChildren(
          expr,
          parts.map((part) => withNumberedBounds(part, depth)),
        );
  }
  const index = `bound${depth}`;
  const body = substitute(v.body, new Map([[v.index, sym(index)]]));
  return build({ ...v, index, body: withNumberedBounds(body, depth + 1) });
}

/** Rebuilds the tree from the leaves up, each node passed through `change`. */
export function transform(expr: Expr, change: (node: Expr) => Expr): Expr {
  const parts = children(expr);
  const next = parts.map((part) => transform(part, change));
  return change(next.every((part, i) => part === parts[i]) ? expr : withChildren(expr, next));
}

/** Does any node of the tree satisfy `test`? */
export function some(expr: Expr, test: (node: Expr) => boolean): boolean {
  return test(expr) || children(expr).some((child) => some(child, test));
}
