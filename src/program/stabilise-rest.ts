import { wholeNumber } from "../exact/index.ts";
import {
  add,
  call,
  freshIndex,
  freeSymbols,
  kronecker,
  maximum,
  multiply,
  num,
  print,
  substitute,
  subtract,
  sum,
  sym,
  transform,
  view,
  type Expr,
} from "../expression/index.ts";
import { argumentOf, combined, expressionOf, isOne, productOf, type Product } from "./stabilise-product.ts";
import { sumOf, termsOf } from "./stabilise-sums.ts";

/** An entry by its equation, or null. */
type Define = (entry: Expr) => Expr | null;

/** exp(u_p) / Σ_k exp(u_k) */
interface Softmax {
  /** u, with the index k. */
  readonly u: Expr;
  readonly k: string;
  readonly size: Expr;
  readonly p: string;
}

/**
 * log(1 − a_p) of a softmax a as log Σ_{q≠p} exp(u_q) − log Σ_q exp(u_q), each with its own greatest term taken off;
 * or null.
 */
export function logarithmOfRest(expr: Expr, define: Define): { readonly before: Expr; readonly after: Expr } | null {
  const of = argumentOf("log", expr);
  const a = of === null ? null : takenFromOne(of);
  const value = a === null ? null : (define(a) ?? a);
  const softmax = value === null ? null : softmaxOf(value);
  if (value === null || softmax === null) return null;
  const { u, k, size } = softmax;
  const m = maximum(k, size, u);
  const all = call("log", null, sum(k, size, call("exp", null, subtract(u, m))));
  const rest = call("log", null, sumOfOthers(softmax));
  const after = subtract(add(subtract(greatestOther(softmax), m), rest), all);
  return { before: call("log", null, subtract(num(1), value)), after };
}

/**
 * T_p − a_p·Σ_k (T_k + …) with T = n/(1 − a) of a softmax a as n_p − a_p·Σ_k … − Σ_{k≠p} n_k·(a_p/(1 − a_k)), or null.
 * For k ≠ p the quotient is exp(u_p)/Σ_{q≠k} exp(u_q), which is at most 1.
 */
export function ownTermTakenOut(
  expr: Expr,
  define: Define,
): { readonly before: Expr; readonly after: Expr; readonly open: (side: Expr) => Expr } | null {
  const terms = termsOf(expr);
  for (const own of terms) {
    const below = own.factors.find(({ base, exponent }) => exponent === -1 && softmaxIn(base, define) !== null);
    const a = below === undefined ? null : takenFromOne(below.base);
    const softmax = below === undefined ? null : softmaxIn(below.base, define);
    if (below === undefined || a === null || softmax === null) continue;
    const over: Product = { ...own, factors: own.factors.filter((factor) => factor !== below) };
    for (const beside of terms) {
      const rest = withoutOwn(beside, own, a, softmax.p);
      if (rest === null) continue;
      const others = terms.filter((term) => term !== own && term !== beside);
      const quotients = productOf(quotientsOfOthers(over, softmax, rest.k));
      const after = sumOf([...others, over, ...rest.left, combined([minusOne, quotients])]);
      return { before: expr, after, open: (side) => opened(side, a, define) };
    }
  }
  return null;
}

const minusOne: Product = { isNegative: true, factors: [] };

/** What is left of −a·Σ_k (own_k + …) without the own_k, and the k; null where it is no such product. */
function withoutOwn(
  beside: Product,
  own: Product,
  a: Expr,
  p: string,
): { readonly left: readonly Product[]; readonly k: string } | null {
  const total = beside.factors.find(({ base, exponent }) => exponent === 1 && view(base).kind === "sum");
  const v = total === undefined ? null : view(total.base);
  const isOther = beside.factors.some(({ base, exponent }) => exponent === 1 && print(base) === print(a));
  if (total === undefined || v?.kind !== "sum" || !isOther || beside.factors.length !== 2) return null;
  const wanted = keyOf(productOf(substitute(expressionOf(own), new Map([[p, sym(v.index)]]))), !beside.isNegative);
  const terms = termsOf(v.body);
  const at = terms.findIndex((term) => keyOf(term, false) === wanted);
  if (at < 0) return null;
  const others = terms.filter((_, i) => i !== at);
  const left = { base: sum(v.index, v.to, others.length === 0 ? num(0) : sumOf(others)), exponent: 1 };
  const factors = beside.factors.map((factor) => (factor === total ? left : factor));
  return { left: others.length === 0 ? [] : [{ ...beside, factors }], k: v.index };
}

/** The same for products that differ in the order of their factors. */
const keyOf = ({ isNegative, factors }: Product, isFlipped: boolean): string =>
  [
    String(isNegative !== isFlipped),
    ...factors.map(({ base, exponent }) => `${print(base)} ^ ${exponent}`).sort(),
  ].join();

/** Σ_{k≠p} n_k·exp(u_p)/Σ_{q≠k} exp(u_q) */
function quotientsOfOthers(over: Product, softmax: Softmax, k: string): Expr {
  const inner = freshIndex(new Set([k, softmax.p, ...freeSymbols(softmax.u)]));
  const u = substitute(softmax.u, new Map([[softmax.k, sym(inner)]]));
  const others: Softmax = { ...softmax, u, k: inner, p: k };
  const own = substitute(softmax.u, new Map([[softmax.k, sym(softmax.p)]]));
  const n = productOf(substitute(expressionOf(over), new Map([[softmax.p, sym(k)]])));
  const quotient: Product = {
    isNegative: false,
    factors: [
      { base: exponentialUnless(kronecker(sym(k), sym(softmax.p)), subtract(own, greatestOther(others))), exponent: 1 },
      { base: sumOfOthers(others), exponent: -1 },
    ],
  };
  return sum(k, softmax.size, expressionOf(combined([n, quotient])));
}

/** The greatest u_q with q ≠ p: for u_p stands one less than another, which is not the greatest and ties with none. */
function greatestOther({ u, k, size, p }: Softmax): Expr {
  const entry = (index: number): Expr => substitute(u, new Map([[k, num(index)]]));
  const another = add(entry(1), multiply(kronecker(sym(p), num(1)), subtract(entry(2), entry(1))));
  const instead = subtract(subtract(another, num(1)), u);
  return maximum(k, size, add(u, multiply(kronecker(sym(k), sym(p)), instead)));
}

/** Σ_{q≠p} exp(u_q − m) with the greatest of these for m. */
function sumOfOthers(softmax: Softmax): Expr {
  const { u, k, size, p } = softmax;
  return sum(k, size, exponentialUnless(kronecker(sym(k), sym(p)), subtract(u, greatestOther(softmax))));
}

/** exp(d), and 0 where the bracket is 1: there 1 − 1, since exp(d) may be infinite. */
const exponentialUnless = (bracket: Expr, d: Expr): Expr =>
  subtract(call("exp", null, subtract(d, multiply(bracket, d))), bracket);

/** a of 1 − a, or null. */
function takenFromOne(expr: Expr): Expr | null {
  const v = view(expr);
  return v.kind === "subtract" && isOne(v.left) ? v.right : null;
}

function softmaxIn(expr: Expr, define: Define): Softmax | null {
  const a = takenFromOne(expr);
  const value = a === null ? null : define(a);
  return value === null ? null : softmaxOf(value);
}

/** The softmax that an expression is, of at least two, whether or not the greatest exponent has been taken off; else null. */
function softmaxOf(expr: Expr): Softmax | null {
  const { isNegative, factors } = productOf(expr);
  const [over, under] = [
    factors.find(({ exponent }) => exponent === 1),
    factors.find(({ exponent }) => exponent === -1),
  ];
  const of = over === undefined ? null : argumentOf("exp", over.base);
  const total = under === undefined ? null : view(under.base);
  const body = total?.kind === "sum" ? argumentOf("exp", total.body) : null;
  if (isNegative || factors.length !== 2 || of === null || total?.kind !== "sum" || body === null) return null;
  const [own, u] = [unshifted(of), unshifted(body)];
  const p = [...freeSymbols(own)].find(
    (index) => print(substitute(u, new Map([[total.index, sym(index)]]))) === print(own),
  );
  if (p === undefined || wholeNumber(total.to) < 2) return null;
  return { u, k: total.index, size: total.to, p };
}

function unshifted(exponent: Expr): Expr {
  const v = view(exponent);
  return v.kind === "subtract" && view(v.right).kind === "maximum" ? v.left : exponent;
}

/** With every entry of the variable that `a` is an entry of given by its equation. */
function opened(side: Expr, a: Expr, define: Define): Expr {
  const of = view(a);
  return transform(side, (node) => {
    const v = view(node);
    const isEntry = v.kind === "atom" && of.kind === "atom" && v.variable.family === of.variable.family;
    return isEntry ? (define(node) ?? node) : node;
  });
}
