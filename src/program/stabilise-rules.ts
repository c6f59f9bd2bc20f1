import {
  add,
  call,
  choose,
  constantValue,
  divide,
  fold,
  isNegative,
  maximum,
  multiply,
  negate,
  num,
  power,
  print,
  rational,
  some,
  subtract,
  sum,
  view,
  type Elementary,
  type Expr,
  type View,
} from "../expression/index.ts";
import type { Method } from "./stabilise-check.ts";
import {
  argumentOf,
  collected,
  combined,
  exponentBesideOne,
  expressionOf,
  isOne,
  minus,
  productOf,
  type Factor,
  type Product,
} from "./stabilise-product.ts";
import { logarithmOfRest, ownTermTakenOut } from "./stabilise-rest.ts";
import { commonNumber, multipliedIn, overLogistics, sumOf, termsOf } from "./stabilise-sums.ts";

/** What a rewrite may know beside the expression itself. */
export interface Surroundings {
  /** An entry of a variable by its forward equation, or null. */
  readonly define: (entry: Expr) => Expr | null;
  /** Is logistic(u) computed in any case? */
  readonly hasLogistic: (u: Expr) => boolean;
  /** Are both logistic(u) and logistic(−u) computed? */
  readonly hasBothLogistics: (u: Expr) => boolean;
}

/** What an expression is replaced by; `before` is the expression with what is known of it put in. */
export interface Replacement {
  readonly before: Expr;
  readonly after: Expr;
  /** Puts into either side what is known of its entries, where the two are the same only then. */
  readonly open?: (side: Expr) => Expr;
}

interface ExpressionRewrite {
  /** How the two sides are held against each other. */
  readonly method: Method;
  readonly ofExpression: (expr: Expr, surroundings: Surroundings) => Replacement | null;
}

/** Acts on some of the factors of a product in normal form. */
interface ProductRewrite {
  readonly method: Method;
  readonly ofProduct: (
    factors: readonly Factor[],
    surroundings: Surroundings,
  ) => { readonly taken: readonly Factor[]; readonly put: readonly Factor[] } | null;
}

export type Rewrite = ExpressionRewrite | ProductRewrite;

/**
 * Forms that have accurate values wherever the true value is a double, for forms that overflow, underflow or
 * cancel on the way. The first that applies is taken, again and again until none does.
 */
export const rewrites = {
  /**
   * log(1 + exp(u)) = softplus(u). exp(u) overflows from u = 710 on, where the value is u; below −37 the sum is 1
   * and the value exp(u) is lost.
   */
  softplus: {
    method: "tower",
    ofExpression: (expr) => {
      const of = argumentOf("log", expr);
      const beside = argumentOf("log1p", expr);
      const u = of === null ? beside && argumentOf("exp", beside) : exponentBesideOne(of);
      return u === null ? null : { before: expr, after: f("softplus", u) };
    },
  },
  /**
   * Σ_m c_m·exp(u)^m / (1 + exp(u))^k = Σ_m c_m·logistic(u)^m·logistic(−u)^(k−m), as derivatives of u·logistic(u)
   * have it: from u = 710 on the sum is infinite, and so is what it is divided by.
   */
  "sum-over-logistics": { method: "tower", ofProduct: overLogistics },
  /**
   * exp(u)^m / (1 + exp(u))^k = logistic(u)^m·logistic(−u)^(k−m) for 0 ≤ m ≤ k. From u = 710 on the left side is
   * ∞/∞, or 0·∞ beside another factor; each logistic lies between 0 and 1. Plain 1 / (1 + exp(u)) is left as it is:
   * overflow makes it 0, which it is to within the smallest number.
   */
  logistic: { method: "tower", ofProduct: logisticFactors },
  /** 1 − logistic(u) = logistic(−u): from u = 37 on the difference is 0. */
  "one-minus-logistic": {
    method: "tower",
    ofExpression: (expr) => {
      const after = complement(expr);
      return after === null ? null : { before: expr, after: expressionOf(after) };
    },
  },
  /**
   * logistic(u) = 1/(1 + e) where u > 0, else e/(1 + e), with e = exp(−|u|), which is what logistic(−u) is made of
   * too: beside each other they take one exponential.
   */
  "shared-exponential": {
    method: "tower",
    ofExpression: (expr, { hasBothLogistics }) => {
      const u = argumentOf("logistic", expr);
      if (u === null || !hasBothLogistics(u)) return null;
      const { isNegative, factors } = productOf(u);
      const w = expressionOf({ isNegative: false, factors });
      const [zero, one] = [num(0), num(1)];
      const e = f("exp", choose(w, ">", zero, negate(w), w));
      const over = isNegative ? choose(w, ">", zero, e, one) : choose(w, ">", zero, one, e);
      // The divisor first: code shares the exponential only if it is computed in any case.
      return { before: expr, after: multiply(divide(one, add(one, e)), over) };
    },
  },
  /**
   * log(Σ_k exp(u_k)) = m + log(Σ_k exp(u_k − m)) for every m. With the greatest u_k for m no term overflows and
   * the sum is at least 1.
   */
  "log-sum-exp": {
    method: "digits",
    ofExpression: (expr) => {
      const of = argumentOf("log", expr);
      const shift = of === null ? null : shiftOf(of);
      if (of === null || shift === null) return null;
      return { before: expr, after: add(shift, f("log", shiftedBy(of, shift))) };
    },
  },
  /**
   * v − (m + log S) = (v − m) − log S: m and v may be large where their difference is small, and adding log S to m
   * would round it away.
   */
  "log-softmax": {
    method: "tower",
    ofExpression: (expr) => {
      const v = view(expr);
      const right = v.kind === "subtract" ? view(v.right) : null;
      if (v.kind !== "subtract" || right?.kind !== "add" || right.terms.length !== 2) return null;
      const [m, log] = right.terms as [Expr, Expr];
      if (view(m).kind !== "maximum" || argumentOf("log", log) === null) return null;
      return { before: expr, after: subtract(subtract(v.left, m), log) };
    },
  },
  /**
   * Π exp(v)·(Σ_k exp(u_k))^−q = Π exp(v − m)·(Σ_k exp(u_k − m))^−q for every m, with q exponentials above: the
   * quotient of two sums that may overflow, or both be 0, in terms that lie between 0 and 1 of which one is 1.
   */
  softmax: { method: "tower", ofProduct: softmaxFactors },
  /**
   * log(1 − a_p) = log Σ_{q≠p} exp(u_q) − log Σ_q exp(u_q) of a softmax a, each sum with its own greatest term taken
   * off: where a_p is near 1 the difference cancels, and is 0 where the others are small.
   */
  "log-of-softmax-rest": {
    method: "digits",
    ofExpression: (expr, { define }) => logarithmOfRest(expr, define),
  },
  /**
   * n_p/(1 − a_p) − a_p·Σ_k n_k/(1 − a_k) = n_p − Σ_{k≠p} n_k·exp(u_p)/Σ_{q≠k} exp(u_q) of a softmax a: where a_p is
   * near 1 the left side is a difference of two numbers that are large to the point of being infinite.
   */
  "softmax-rest": {
    method: "tower",
    ofExpression: (expr, { define }) => ownTermTakenOut(expr, define),
  },
  /**
   * The logarithm of exp(v), Σ exp(u), 1 + exp(u), or of their products and quotients, one by one: what is small
   * to the point of being 0 has a logarithm of ordinary size. An entry whose equation has such a form is put in,
   * so that a loss is computed from what the activation was computed from.
   */
  "log-of-product": {
    method: "digits",
    ofExpression: (expr, { define }) => {
      const of = argumentOf("log", expr);
      if (of === null) return null;
      const opened = withDefinitions(of, define);
      const after = logarithmOf(opened);
      return after === null || print(after) === print(expr) ? null : { before: f("log", opened), after };
    },
  },
  /**
   * log(cosh(u)) = |u| + log1p(expm1(−2|u|)/2): cosh overflows from |u| = 711 on, and near 0, where the value is
   * u²/2, it rounds to 1.
   */
  "log-cosh": {
    method: "digits",
    ofExpression: (expr) => {
      const of = argumentOf("log", expr);
      const u = of === null ? null : argumentOf("cosh", of);
      if (u === null) return null;
      const size = f("abs", u);
      const shrunk = divide(f("expm1", negate(multiply(num(2), size))), num(2));
      return { before: expr, after: add(size, f("log1p", shrunk)) };
    },
  },
  /** exp(u) + exp(−u) = 2·cosh(u), exp(u) − exp(−u) = 2·sinh(u): it is of these that quotients and logarithms have forms. */
  "hyperbolic-pair": {
    method: "tower",
    ofExpression: (expr) => {
      const v = view(expr);
      const parts = v.kind === "subtract" ? [v.left, v.right] : v.kind === "add" ? v.terms : [];
      const [u, w] = parts.map((part) => argumentOf("exp", part));
      if (parts.length !== 2 || u == null || w == null || print(minus(u)) !== print(w)) return null;
      const isPositive = !productOf(u).isNegative;
      const of = v.kind === "subtract" ? f("sinh", u) : f("cosh", isPositive ? u : w);
      return { before: expr, after: multiply(num(2), of) };
    },
  },
  /** w·cosh(u)² − w·sinh(u)² = w: from |u| = 356 on it is ∞ − ∞. */
  "cosh-squared": {
    method: "tower",
    ofExpression: (expr) => {
      const v = view(expr);
      if (v.kind !== "subtract") return null;
      const [left, right] = [productOf(v.left), productOf(v.right)];
      const square = left.factors.find(({ base, exponent }) => exponent === 2 && argumentOf("cosh", base) !== null);
      const u = square === undefined ? null : argumentOf("cosh", square.base);
      if (square === undefined || u === null) return null;
      const rest = { ...left, factors: left.factors.filter((factor) => factor !== square) };
      const other = combined([rest, { isNegative: false, factors: [{ base: f("sinh", u), exponent: 2 }] }]);
      const isSame = print(fold(subtract(expressionOf(right), expressionOf(other)))) === "0";
      return isSame ? { before: expr, after: expressionOf(rest) } : null;
    },
  },
  /** sinh(u)/cosh(u) = tanh(u), which is ∞/∞ from |u| = 711 on. */
  tanh: { method: "tower", ofProduct: tanhFactors },
  /** c + c·tanh(u) = 2c·logistic(2u), c − c·tanh(u) = 2c·logistic(−2u): from |u| = 19 on one of the sums is 0. */
  "one-plus-tanh": {
    method: "tower",
    ofExpression: (expr) => besideOne("tanh", expr, (u) => multiply(num(2), f("logistic", expressionOf(scaled(u, 2))))),
  },
  /** 1 − erf(u) = erfc(u), 1 + erf(u) = erfc(−u): from |u| = 6 on one of the sums is 0. */
  "one-minus-erf": { method: "tower", ofExpression: (expr) => besideOne("erf", expr, (u) => f("erfc", minus(u))) },
  /** 1 − tanh(u)² = sech(u)²: from |u| = 19 on the difference is 0. */
  "one-minus-tanh-squared": {
    method: "tower",
    ofExpression: (expr) => {
      const v = view(expr);
      const square = v.kind === "subtract" && isOne(v.left) ? view(v.right) : null;
      if (square?.kind !== "power" || print(square.exponent) !== "2") return null;
      const u = argumentOf("tanh", square.base);
      return u === null ? null : { before: expr, after: power(f("sech", u), num(2)) };
    },
  },
  /** c − c·x = c·(1 − x) for a number c, which shows what is a quotient's divisor beside it. */
  "common-number": {
    method: "tower",
    ofExpression: (expr) => {
      const after = commonNumber(expr);
      return after === null ? null : { before: expr, after };
    },
  },
  /**
   * (p/d − q)·d = p − q·d: where d, such as an output a or 1 − a, is 0 the left side is 0·∞. The slope of a loss
   * has such quotients, the slope of an activation such factors.
   */
  "multiply-in": { method: "tower", ofProduct: multipliedIn },
  /** u·sign(u) = |u|, which shows what cancels beside it. */
  abs: {
    method: "tower",
    ofProduct: (factors) => {
      for (const { base, exponent } of factors) {
        const u = exponent === 1 ? argumentOf("sign", base) : null;
        const size = factors.find((other) => u !== null && other.exponent === 1 && print(other.base) === print(u));
        if (u !== null && size !== undefined)
          return { taken: [size, { base, exponent }], put: [{ base: f("abs", u), exponent: 1 }] };
      }
      return null;
    },
  },
  /** 1/u − v/u² = (u − v)/u², where u − v is a number: the two fractions cancel where u is large. */
  "common-divisor": {
    method: "tower",
    ofExpression: (expr) => {
      const v = view(expr);
      if (v.kind !== "subtract") return null;
      const [left, right] = [productOf(v.left), productOf(v.right)];
      const below = left.factors.find(({ exponent }) => exponent < 0);
      if (left.isNegative || right.isNegative || left.factors.length !== 1 || below?.exponent !== -1) return null;
      const rest = right.factors.filter(({ base }) => print(base) !== print(below.base));
      const other = right.factors.find(({ base }) => print(base) === print(below.base));
      const over = fold(subtract(below.base, expressionOf({ isNegative: false, factors: rest })));
      if (other?.exponent !== -2 || view(over).kind !== "number") return null;
      return { before: expr, after: divide(over, power(below.base, num(2))) };
    },
  },
  /** exp(u) − 1 = expm1(u), and 1 − exp(u) its negative: near u = 0 the difference cancels. */
  expm1: {
    method: "tower",
    ofExpression: (expr) => {
      const v = view(expr);
      if (v.kind !== "subtract") return null;
      const [left, right] = [argumentOf("exp", v.left), argumentOf("exp", v.right)];
      if (left !== null && isOne(v.right)) return { before: expr, after: f("expm1", left) };
      return right !== null && isOne(v.left) ? { before: expr, after: negate(f("expm1", right)) } : null;
    },
  },
  /** log(1 + u) = log1p(u), log(1 − u) = log1p(−u): the sum rounds away what a small u adds. */
  log1p: {
    method: "tower",
    ofExpression: (expr) => {
      const of = argumentOf("log", expr);
      const v = of === null ? null : view(of);
      if (v?.kind === "subtract" && isOne(v.left)) return { before: expr, after: f("log1p", minus(v.right)) };
      if (v?.kind !== "add") return null;
      const at = v.terms.findIndex(isOne);
      return at < 0 ? null : { before: expr, after: f("log1p", add(...v.terms.filter((_, i) => i !== at))) };
    },
  },
  /** y·log(y) = xlogx(y), which is 0 at 0 where the product is 0·∞; also beside other terms, y·(log(y) − w). */
  xlogx: { method: "tower", ofProduct: xlogxFactors },
} as const satisfies Readonly<Record<string, Rewrite>>;

export type RewriteId = keyof typeof rewrites;

function f(name: Elementary, u: Expr): Expr {
  return call(name, null, u);
}

/** c·`plus(u)` for c + c·f(u), c·`plus(−u)` for c − c·f(u), c > 0, also among the terms of a longer sum; f is odd. */
function besideOne(name: Elementary, expr: Expr, plus: (u: Expr) => Expr): Replacement | null {
  const terms = termsOf(expr);
  if (terms.length < 2) return null;
  for (const term of terms) {
    const call = term.factors.find(({ base, exponent }) => exponent === 1 && argumentOf(name, base) !== null);
    const u = call === undefined ? null : argumentOf(name, call.base);
    const c = constantValue(expressionOf({ ...term, factors: term.factors.filter((factor) => factor !== call) }));
    if (u === null || c === null) continue;
    const positive = num(isNegative(c) ? rational(-c.numerator, c.denominator) : c);
    const other = terms.find((beside) => {
      const value = constantValue(expressionOf(beside));
      return value !== null && print(num(value)) === print(positive);
    });
    if (other === undefined) continue;
    const both = fold(multiply(positive, plus(isNegative(c) ? minus(u) : u)));
    const rest = terms.filter((beside) => beside !== term && beside !== other);
    return { before: expr, after: sumOf([productOf(both), ...rest]) };
  }
  return null;
}

const exponentialsOf = (factors: readonly Factor[]): readonly (Factor & { readonly of: Expr })[] =>
  factors.flatMap((factor) => {
    const of = argumentOf("exp", factor.base);
    return of === null ? [] : [{ ...factor, of }];
  });

function logisticFactors(
  factors: readonly Factor[],
  { hasLogistic }: Surroundings,
): ReturnType<ProductRewrite["ofProduct"]> {
  for (const factor of factors) {
    const u = factor.exponent < 0 ? exponentBesideOne(factor.base) : null;
    // −|w| in a shared exponential overflows nowhere.
    if (u === null || view(u).kind === "choose") continue;
    const [same, opposite] = [print(u), print(minus(u))];
    const exponentials = exponentialsOf(factors).filter(({ of }) => [same, opposite].includes(print(of)));
    const k = -factor.exponent;
    const m = exponentials.reduce((total, { of, exponent }) => total + (print(of) === same ? exponent : -exponent), 0);
    if (m < 0 || m > k || (k === 1 && m === 0 && !hasLogistic(minus(u)))) continue;
    return {
      taken: [factor, ...exponentials.map(({ base, exponent }) => ({ base, exponent }))],
      put: collected([
        { base: f("logistic", u), exponent: m },
        { base: f("logistic", minus(u)), exponent: k - m },
      ]),
    };
  }
  return null;
}

type SumView = Extract<View, { kind: "sum" }>;

/** u of Σ_k exp(u_k), or null; one whose greatest term has been taken off already is let be. */
function exponentInSum(expr: Expr): { readonly over: SumView; readonly u: Expr } | null {
  const over = view(expr);
  const u = over.kind === "sum" ? argumentOf("exp", over.body) : null;
  if (over.kind !== "sum" || u === null || some(u, (node) => view(node).kind === "maximum")) return null;
  return { over, u };
}

/** max_k u_k for Σ_k exp(u_k), else null. */
function shiftOf(expr: Expr): Expr | null {
  const found = exponentInSum(expr);
  return found === null ? null : maximum(found.over.index, found.over.to, found.u);
}

/** Σ_k exp(u_k − m) */
function shiftedBy(expr: Expr, m: Expr): Expr {
  const found = exponentInSum(expr);
  if (found === null) throw new Error(`not a sum of exponentials: ${print(expr)}`);
  return sum(found.over.index, found.over.to, f("exp", subtract(found.u, m)));
}

function softmaxFactors(factors: readonly Factor[]): ReturnType<ProductRewrite["ofProduct"]> {
  for (const factor of factors) {
    const shift = factor.exponent < 0 ? shiftOf(factor.base) : null;
    if (shift === null) continue;
    const exponentials = exponentialsOf(factors);
    if (exponentials.reduce((total, { exponent }) => total + exponent, 0) !== -factor.exponent) continue;
    return {
      taken: [factor, ...exponentials.map(({ base, exponent }) => ({ base, exponent }))],
      put: [
        ...exponentials.map(({ of, exponent }) => ({ base: f("exp", subtract(of, shift)), exponent })),
        { base: shiftedBy(factor.base, shift), exponent: factor.exponent },
      ],
    };
  }
  return null;
}

/** The expression with its entries given by their equations, in a product and as what is left to 1. */
function withDefinitions(expr: Expr, define: Surroundings["define"]): Expr {
  const v = view(expr);
  if (v.kind === "subtract" && isOne(v.left)) return subtract(v.left, withDefinitions(v.right, define));
  const { isNegative, factors } = productOf(expr);
  const opened = factors.map(({ base, exponent }) => ({ base: define(base) ?? base, exponent }));
  return expressionOf({ isNegative, factors: opened });
}

/** log of a product of positive factors that are known to be made of exponentials, and of at most one other; else null. */
function logarithmOf(expr: Expr): Expr | null {
  const { isNegative, factors } = complement(expr) ?? productOf(expr);
  if (isNegative) return null;
  const known = factors.map((factor) => ({ factor, log: logarithmOfFactor(factor.base) }));
  const others = known.filter(({ log }) => log === null);
  if (others.length === known.length || others.length > 1) return null;
  if (others.some(({ factor }) => Math.abs(factor.exponent) !== 1)) return null;
  return known
    .map(({ factor: { base, exponent }, log }) => expressionOf(scaled(log ?? f("log", base), exponent)))
    .reduce((left, right) => {
      const v = view(right);
      return v.kind === "negate" ? subtract(left, v.of) : add(left, right);
    });
}

const scaled = (expr: Expr, by: number): Product => productOf(multiply(num(by), expr));

function logarithmOfFactor(base: Expr): Expr | null {
  const exponent = argumentOf("exp", base);
  if (exponent !== null) return exponent;
  const beside = exponentBesideOne(base);
  if (beside !== null) return f("softplus", beside);
  const logistic = argumentOf("logistic", base);
  if (logistic !== null) return negate(f("softplus", minus(logistic)));
  if (argumentOf("cosh", base) !== null) return f("log", base);
  const v = view(base);
  const isSum = v.kind === "sum" && argumentOf("exp", v.body) !== null;
  return isSum ? f("log", base) : null;
}

/** What is left to 1 of a logistic, in any of its forms, as a product; else null. */
export function complement(expr: Expr): Product | null {
  const v = view(expr);
  if (v.kind !== "subtract" || !isOne(v.left)) return null;
  const { isNegative, factors } = productOf(v.right);
  if (isNegative) return null;
  const plain = logisticFactors(factors, {
    define: () => null,
    hasLogistic: () => true,
    hasBothLogistics: () => false,
  });
  const only = plain?.taken.length === factors.length ? plain.put : factors;
  const [factor] = only;
  const u = factor === undefined ? null : argumentOf("logistic", factor.base);
  if (u === null || only.length !== 1 || factor?.exponent !== 1) return null;
  return productOf(f("logistic", minus(u)));
}

function tanhFactors(factors: readonly Factor[]): ReturnType<ProductRewrite["ofProduct"]> {
  for (const above of factors) {
    const u = above.exponent > 0 ? argumentOf("sinh", above.base) : null;
    const below = factors.find(
      ({ base, exponent }) => exponent < 0 && u !== null && print(base) === print(f("cosh", u)),
    );
    if (u === null || below === undefined) continue;
    const count = Math.min(above.exponent, -below.exponent);
    const rest = [
      { ...above, exponent: above.exponent - count },
      { ...below, exponent: below.exponent + count },
    ].filter(({ exponent }) => exponent !== 0);
    return { taken: [above, below], put: [{ base: f("tanh", u), exponent: count }, ...rest] };
  }
  return null;
}

function xlogxFactors(factors: readonly Factor[]): ReturnType<ProductRewrite["ofProduct"]> {
  for (const factor of factors) {
    const logarithm = print(f("log", factor.base));
    if (factor.exponent !== 1) continue;
    for (const beside of factors) {
      if (beside.exponent !== 1) continue;
      const spread = print(beside.base) === logarithm ? f("xlogx", factor.base) : spreadOver(beside.base, factor.base);
      if (spread !== null) return { taken: [factor, beside], put: [{ base: spread, exponent: 1 }] };
    }
  }
  return null;
}

/** y·(log(y) − w) term by term, or null where no term is log(y). */
function spreadOver(terms: Expr, y: Expr): Expr | null {
  const v = view(terms);
  const logarithm = print(f("log", y));
  const times = (term: Expr): Expr =>
    print(term) === logarithm ? f("xlogx", y) : (spreadOver(term, y) ?? multiply(y, term));
  const parts = v.kind === "subtract" ? [v.left, v.right] : v.kind === "add" ? v.terms : [];
  const hasLogarithm = parts.some((part) => print(part) === logarithm || spreadOver(part, y) !== null);
  if (!hasLogarithm) return null;
  return v.kind === "subtract" ? subtract(times(v.left), times(v.right)) : add(...parts.map(times));
}
