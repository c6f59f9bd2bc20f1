import type { Equation, ForwardModel } from "../equations/index.ts";
import { build, children, isBinder, num, print, substitute, subtract, view, type Expr } from "../expression/index.ts";
import { meetings } from "./jumps.ts";
import { spelled } from "./spelled.ts";

/** Where the right side of an equation has no derivative, and whose value is taken there. */
export interface EquationKink {
  /** The two sides of the comparison that is a tie there. */
  readonly tie: { readonly left: Expr; readonly right: Expr };
  /** The branch of a choice, the argument of max or min; or sign(0), which abs and sign go by. */
  readonly chosen: Expr;
}

/** Ties in the right side of an equation at which the slopes on the two sides differ, as far as random lines meet them. */
export function equationKinks(equation: Equation, model: ForwardModel): readonly EquationKink[] {
  const known = new Set<string>();
  return comparisons(equation.value, []).filter(({ tie, chosen, bound }) => {
    const difference = subtract(tie.left, tie.right);
    const key = `${print(difference)} ${print(chosen)}`;
    if (known.has(key) || !isKink(equation.value, difference, bound, model)) return false;
    known.add(key);
    return true;
  });
}

interface Comparison extends EquationKink {
  /** The indices of the sums around it. */
  readonly bound: readonly string[];
}

function comparisons(node: Expr, bound: readonly string[]): readonly Comparison[] {
  const v = view(node);
  const inside = isBinder(v) ? [...bound, v.index] : bound;
  const inner = children(node).flatMap((child) => comparisons(child, inside));
  if (v.kind === "choose") {
    const chosen = v.relation.endsWith("=") ? v.then : v.otherwise;
    return [{ tie: { left: v.left, right: v.right }, chosen, bound }, ...inner];
  }
  if (v.kind !== "call") return inner;
  const [left, right = num(0)] = v.args as readonly [Expr, Expr?];
  if (v.name === "max" || v.name === "min") return [{ tie: { left, right }, chosen: left, bound }, ...inner];
  const isSign = v.name === "abs" || v.name === "sign";
  const signOfZero = build({ kind: "call", name: "sign", layer: null, args: [num(0)] });
  return isSign ? [{ tie: { left, right }, chosen: signOfZero, bound }, ...inner] : inner;
}

/** The tie is spelled out beside the right side, so that both speak of the same numbers: in a sum, those of the first term. */
function isKink(value: Expr, tie: Expr, bound: readonly string[], model: ForwardModel): boolean {
  const first = substitute(tie, new Map(bound.map((index) => [index, num(1)])));
  const both = spelled(build({ kind: "call", name: "pair", layer: null, args: [value, first] }), model);
  const [formula, met] = children(both.formula) as [Expr, Expr];
  for (const { sides } of meetings({ ...both, formula }, model.functions, [met])) if (sides.isKink) return true;
  return false;
}
