import { leftSide, targetVariable, variableKey } from "../equations/index.ts";
import {
  add,
  children,
  divide,
  fold,
  freeSymbols,
  isElementary,
  multiply,
  num,
  same,
  some,
  substitute,
  subtract,
  sum,
  sym,
  view,
  negate,
  withChildren,
  type Expr,
} from "../expression/index.ts";
import { cancelled, isVarying, tuplesOfLetters, withCommonFactor, withValueNamed } from "./algebra.ts";
import { entryWithValue, valueAt } from "./context.ts";
import { type Rule, type Scope } from "./rule.ts";

/** Rules of sums, brackets and factors. */
export const algebraRules = {
  /** Σ_k e → e at k = j where e vanishes for every other k, and j runs over the same range. */
  collapse: (node, _, scope) => {
    const v = view(node);
    if (v.kind !== "sum") return null;
    for (const factor of kroneckers(v.body)) {
      const other = pinnedTo(factor, v.index);
      if (other === null || !sameRange(other, v.to, scope) || !vanishesWithout(v.body, factor)) continue;
      const rest = replacing(v.body, factor, num(1));
      return { after: substitute(rest, new Map([[v.index, other]])), slots: { index: sym(v.index), value: other } };
    }
    return null;
  },

  /** Σ_k c·e_k → c·Σ_k e_k where c does not mention k. */
  hoist: (node) => {
    const v = view(node);
    if (v.kind !== "sum") return null;
    const isFixed = (e: Expr): boolean => !freeSymbols(e).has(v.index);
    const body = view(v.body);
    if (body.kind === "negate") {
      const after = negate(sum(v.index, v.to, body.of));
      return { after, slots: { factor: num(-1), index: sym(v.index) } };
    }
    const quotient = body.kind === "divide" ? body : { over: v.body, under: num(1) };
    const over = view(quotient.over);
    const factors = over.kind === "multiply" ? over.factors : [quotient.over];
    const fixed = factors.filter((f) => isFixed(f) && !same(f, num(1)));
    const isUnderFixed = body.kind === "divide" && isFixed(quotient.under);
    if (fixed.length === 0 && !isUnderFixed) return null;
    const varying = multiply(...factors.filter((f) => !fixed.includes(f)));
    const inside = body.kind === "divide" && !isUnderFixed ? divide(varying, quotient.under) : varying;
    const outside = isUnderFixed ? [divide(multiply(...fixed), quotient.under)] : fixed;
    return {
      after: multiply(sum(v.index, v.to, inside), ...outside),
      slots: { factor: multiply(...outside), index: sym(v.index) },
    };
  },

  /** Exact arithmetic: zero terms and unit factors vanish, constants and equal factors combine. */
  fold: (node) => {
    const after = fold(node);
    return same(after, node) ? null : { after };
  },

  /** Σ_k (u − v)·c → Σ_k uc − Σ_k vc where a bracket in u or v then leaves one term of its sum. */
  distribute: (node, _, scope) => {
    const v = view(node);
    if (v.kind !== "sum") return null;
    const isPinned = kroneckers(v.body).some((bracket) => {
      const other = pinnedTo(bracket, v.index);
      return other !== null && sameRange(other, v.to, scope);
    });
    const body = view(v.body);
    const factors = body.kind === "multiply" ? body.factors : [v.body];
    const split = factors.find((f) => ["add", "subtract"].includes(view(f).kind) && kroneckers(f).length > 0);
    if (!isPinned || split === undefined) return null;
    const over = (term: Expr): Expr =>
      sum(v.index, v.to, fold(multiply(...factors.map((factor) => (factor === split ? term : factor)))));
    const terms = view(split);
    const after =
      terms.kind === "subtract"
        ? subtract(over(terms.left), over(terms.right))
        : add(...(terms.kind === "add" ? terms.terms : [split]).map(over));
    return { after, slots: { factor: split, index: sym(v.index) } };
  },

  /** uc − vc → (u − v)c */
  "common-factor": (node) => {
    const after = withCommonFactor(node, isVarying);
    return after === null ? null : { after };
  },

  /** Multiplying out where that cancels a divisor. */
  cancel: (node) => {
    const after = cancelled(node);
    return after === null || same(after, node) ? null : { after };
  },

  /** The formula of an entry, such as exp(z_p)/Σ_q exp(z_q), → the entry, a_p. */
  "entry-value": (node, { named }, { ranges }) => {
    const v = view(node);
    if (v.kind === "call" && isElementary(v.name)) {
      const name = entryWithValue(node, v.args[0] as Expr, named);
      return name === null ? null : { after: name, slots: { value: name, formula: node } };
    }
    if (v.kind !== "multiply" && v.kind !== "divide") return null;
    for (const equation of named.equations) {
      if (view(equation.value).kind !== "divide" || !some(equation.value, (n) => view(n).kind === "sum")) continue;
      for (const at of tuplesOfLetters(node, equation.ranges, ranges)) {
        const name = leftSide(equation, at);
        const value = valueAt(equation, at, new Set());
        const after = withValueNamed(node, value, name);
        if (after !== null) return { after, slots: { value: name, formula: value } };
      }
    }
    return null;
  },

  /** Σ_p y_p → 1: an assumption on the targets, not an identity. */
  "targets-sum": (node) => {
    const v = view(node);
    const body = v.kind === "sum" ? view(v.body) : null;
    if (v.kind !== "sum" || body?.kind !== "atom") return null;
    const isTarget = variableKey(body.variable) === variableKey(targetVariable);
    return isTarget && same(body.indices[0] as Expr, sym(v.index)) ? { after: num(1), slots: { sum: node } } : null;
  },
} satisfies Record<string, Rule>;

/** The brackets of a summand; those of a sum inside are that sum's own business. */
function kroneckers(expr: Expr): readonly Expr[] {
  const { kind } = view(expr);
  if (kind === "kronecker") return [expr];
  return kind === "sum" ? [] : children(expr).flatMap(kroneckers);
}

/** Is the expression zero wherever the bracket is? */
const vanishesWithout = (expr: Expr, bracket: Expr): boolean => same(fold(replacing(expr, bracket, num(0))), num(0));

/** A factor of one is left out of a product. */
function replacing(expr: Expr, part: Expr, by: Expr): Expr {
  if (same(expr, part)) return by;
  const v = view(expr);
  if (v.kind === "multiply" && same(by, num(1)))
    return multiply(...v.factors.filter((f) => !same(f, part)).map((f) => replacing(f, part, by)));
  const parts = children(expr);
  return parts.length === 0
    ? expr
    : withChildren(
        expr,
        parts.map((p) => replacing(p, part, by)),
      );
}

/** For [k = e] or [e = k]: e, provided that it is free of k. */
function pinnedTo(factor: Expr, index: string): Expr | null {
  const v = view(factor);
  if (v.kind !== "kronecker") return null;
  const isIndex = (e: Expr): boolean => same(e, sym(index));
  const other = isIndex(v.left) ? v.right : isIndex(v.right) ? v.left : null;
  return other === null || freeSymbols(other).has(index) ? null : other;
}

function sameRange(index: Expr, to: Expr, scope: Scope): boolean {
  const v = view(index);
  const range = v.kind === "symbol" ? scope.ranges.get(v.name) : undefined;
  return range !== undefined && same(range, to);
}
