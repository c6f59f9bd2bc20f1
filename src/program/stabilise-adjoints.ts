import { variableKey } from "../equations/index.ts";
import { call, children, fold, num, some, subtract, transform, view, type Expr } from "../expression/index.ts";
import { argumentOf, expressionOf, isOne, minus } from "./stabilise-product.ts";
import { complement } from "./stabilise-rules.ts";
import type { Assignment } from "./task.ts";

/** What tells an adjoint from a value of the forward pass, and an entry by its equation. */
export interface Equations {
  readonly isAdjoint: (key: string) => boolean;
  readonly isForward: (key: string) => boolean;
  readonly define: (entry: Expr) => Expr | null;
}

/**
 * The assignment with every adjoint that divides by an output, −y/a or 1/(1 − a), put in, in the stable form of the
 * whole: where a is 0 the adjoint is infinite, and the slope of the activation beside it 0. Null where there is
 * none, or where the form still divides by an output.
 */
export function withoutVanishingDivisors(
  assignment: Assignment,
  equations: Equations,
  stable: (assignment: Assignment) => Assignment,
): Assignment | null {
  const value = transform(assignment.value, (node) => {
    const v = view(node);
    if (v.kind !== "atom" || !equations.isAdjoint(variableKey(v.variable))) return node;
    const definition = equations.define(node);
    return definition !== null && dividesByOutput(definition, equations) ? withLogistics(definition, equations) : node;
  });
  if (value === assignment.value) return null;
  const next = stable({ ...assignment, value: fold(value) });
  return dividesByOutput(next.value, equations) ? null : next;
}

/** Outputs that are logistics as such. */
const withLogistics = (expr: Expr, { define }: Equations): Expr =>
  transform(expr, (node) => {
    const value = view(node).kind === "atom" ? define(node) : null;
    const rest = value === null ? null : complement(subtract(num(1), value));
    const u = rest === null ? null : argumentOf("logistic", expressionOf(rest));
    return u === null ? node : call("logistic", null, minus(u));
  });

const dividesByOutput = (expr: Expr, equations: Equations): boolean =>
  some(expr, (node) => {
    const v = view(node);
    return v.kind === "divide" && isOutput(v.under, equations);
  });

/** a, 1 − a, or a product or power of such. */
function isOutput(expr: Expr, equations: Equations): boolean {
  const v = view(expr);
  if (v.kind === "call") return v.name === "logistic";
  if (v.kind === "atom") return equations.isForward(variableKey(v.variable));
  if (v.kind === "subtract") return isOne(v.left) && isOutput(v.right, equations);
  return ["multiply", "power", "negate"].includes(v.kind) && children(expr).some((part) => isOutput(part, equations));
}
