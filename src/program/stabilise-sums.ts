import {
  add,
  call,
  divide,
  fold,
  multiply,
  negate,
  num,
  power,
  print,
  some,
  subtract,
  view,
  type Expr,
} from "../expression/index.ts";
import {
  argumentOf,
  collected,
  combined,
  exponentBesideOne,
  expressionOf,
  minus,
  productOf,
  type Factor,
  type Product,
} from "./stabilise-product.ts";

/** Some of the factors of a product, and what stands for them. */
export interface FactorsFound {
  readonly taken: readonly Factor[];
  readonly put: readonly Factor[];
}

/** More terms than these are no formula that a person has written. */
const mostTerms = 32;

/** (Σ_m c_m·exp(u)^m) / (1 + exp(u))^k as Σ_m c_m·logistic(u)^m·logistic(−u)^(k−m), for 0 ≤ m ≤ k throughout; or null. */
export function overLogistics(factors: readonly Factor[]): FactorsFound | null {
  for (const below of factors) {
    const u = below.exponent < 0 ? exponentBesideOne(below.base) : null;
    if (u === null || view(u).kind === "choose") continue;
    const above = factors.find(({ base, exponent }) => exponent === 1 && isSumOver(base, u));
    const coefficients = above === undefined ? null : coefficientsOf(above.base, u);
    if (above === undefined || coefficients === null) continue;
    const beside = factors.filter(({ base }) => powerIn(base, u) !== 0);
    const shift = beside.reduce((total, { base, exponent }) => total + exponent * powerIn(base, u), 0);
    const k = -below.exponent;
    const powers = coefficients.map(({ m, of }) => ({ m: m + shift, of }));
    if (powers.some(({ m }) => m < 0 || m > k)) continue;
    const terms = powers.map(({ m, of }) =>
      multiply(of, power(call("logistic", null, u), num(m)), power(call("logistic", null, minus(u)), num(k - m))),
    );
    return { taken: [above, below, ...beside], put: [{ base: fold(add(...terms)), exponent: 1 }] };
  }
  return null;
}

/** (p/d − q)·d as p − q·d: where d is 0 the quotient is none, and the value is p. Or null. */
export function multipliedIn(factors: readonly Factor[]): FactorsFound | null {
  for (const sum of factors) {
    const terms = sum.exponent === 1 ? termsOf(sum.base) : [];
    if (terms.length < 2) continue;
    const divisors = new Set(
      terms.flatMap((term) => term.factors.filter(({ exponent }) => exponent < 0).map(({ base }) => print(base))),
    );
    const over = factors.filter(({ base, exponent }) => exponent > 0 && divisors.has(print(base)));
    if (over.length === 0) continue;
    const whole: Product = { isNegative: false, factors: over };
    return { taken: [sum, ...over], put: [{ base: sumOf(terms.map((term) => combined([term, whole]))), exponent: 1 }] };
  }
  return null;
}

/** The terms of a sum or a difference with their signs; one of what is none. */
export function termsOf(expr: Expr): readonly Product[] {
  const v = view(expr);
  if (v.kind === "add") return v.terms.flatMap(termsOf);
  if (v.kind === "subtract") return [...termsOf(v.left), ...termsOf(negate(v.right))];
  if (v.kind === "negate")
    return termsOf(v.of).map(({ isNegative, factors }) => ({ isNegative: !isNegative, factors }));
  return [productOf(expr)];
}

/** The sum of products, those with a minus taken off. */
export const sumOf = (terms: readonly Product[]): Expr =>
  terms.map(expressionOf).reduce((left, right) => {
    const v = view(right);
    return v.kind === "negate" ? subtract(left, v.of) : add(left, right);
  });

/** The m of exp(m·u), m = ±1; 0 for another expression. */
function powerIn(expr: Expr, u: Expr): number {
  const of = argumentOf("exp", expr);
  if (of === null) return 0;
  return print(of) === print(u) ? 1 : print(of) === print(minus(u)) ? -1 : 0;
}

const isSumOver = (expr: Expr, u: Expr): boolean =>
  termsOf(expr).length > 1 && some(expr, (node) => powerIn(node, u) !== 0);

interface Coefficient {
  readonly m: number;
  readonly of: Expr;
}

/** The sum as a polynomial in exp(u), powers below 0 included; null where it is none, or a long one. */
function coefficientsOf(sum: Expr, u: Expr): readonly Coefficient[] | null {
  const terms = expanded(termsOf(sum), u);
  if (terms === null) return null;
  const byPower = new Map<number, Expr[]>();
  for (const { isNegative, factors } of terms) {
    const m = factors.reduce((total, { base, exponent }) => total + exponent * powerIn(base, u), 0);
    const rest = factors.filter(({ base }) => powerIn(base, u) === 0);
    if (rest.some(({ base }) => some(base, (node) => powerIn(node, u) !== 0))) return null;
    byPower.set(m, [...(byPower.get(m) ?? []), expressionOf({ isNegative, factors: rest })]);
  }
  return [...byPower].map(([m, parts]) => ({ m, of: fold(add(...parts)) })).filter(({ of }) => print(of) !== "0");
}

/** The terms with each factor that is such a sum multiplied out. */
function expanded(terms: readonly Product[], u: Expr): readonly Product[] | null {
  if (terms.length > mostTerms) return null;
  const at = terms.findIndex(({ factors }) => factors.some(({ base, exponent }) => exponent > 0 && isSumOver(base, u)));
  const term = terms[at];
  const inner = term?.factors.find(({ base, exponent }) => exponent > 0 && isSumOver(base, u));
  if (term === undefined || inner === undefined) return terms;
  const rest: Product = {
    ...term,
    factors: collected([...term.factors, { base: inner.base, exponent: -1 }]),
  };
  const opened = termsOf(inner.base).map((part) => combined([rest, part]));
  return expanded([...terms.slice(0, at), ...opened, ...terms.slice(at + 1)], u);
}

/** c − c·x as c·(1 − x) for a number c, or null. */
export function commonNumber(expr: Expr): Expr | null {
  const v = view(expr);
  if (v.kind !== "subtract" || view(v.left).kind !== "number" || print(v.left) === "1") return null;
  const rest = fold(divide(v.right, v.left));
  const quotient = productOf(v.right).factors.some(({ base }) => print(base) === print(v.left));
  return quotient ? multiply(v.left, fold(add(num(1), negate(rest)))) : null;
}
