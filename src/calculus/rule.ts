import { variableKey } from "../equations/index.ts";
import { view, type Expr } from "../expression/index.ts";
import { variableOf, type Context } from "./context.ts";

/** What a rule puts in the place of a node, and the expressions that its reason speaks of. */
export interface Rewrite {
  readonly after: Expr;
  readonly slots?: Readonly<Record<string, Expr>>;
}

/** Where a node stands: the sizes of all indices in scope, and every name that a new index has to avoid. */
export interface Scope {
  readonly ranges: ReadonlyMap<string, Expr>;
  readonly taken: ReadonlySet<string>;
  /** Is the node the whole expression? */
  readonly isWhole: boolean;
}

/** A rewrite of equals by equals. The condition under which it holds is tested inside; null means it does not apply. */
export type Rule = (node: Expr, context: Context, scope: Scope) => Rewrite | null;

export type PartialView = Extract<ReturnType<typeof view>, { kind: "partial" }>;
export const asPartial = (node: Expr): PartialView | null => {
  const v = view(node);
  return v.kind === "partial" ? v : null;
};

export const isObjective = (node: Expr, { model }: Context): boolean => {
  const own = variableOf(node);
  return own !== null && variableKey(own) === variableKey(model.objective);
};

export const isEntryOf = (node: Expr, by: Expr): boolean => {
  const [own, other] = [variableOf(node), variableOf(by)];
  return own !== null && other !== null && variableKey(own) === variableKey(other);
};
