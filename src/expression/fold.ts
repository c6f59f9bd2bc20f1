import {
  equals,
  isInteger,
  isNegative,
  isOne,
  isZero,
  negated,
  one,
  plus,
  power as ratPower,
  rational,
  times,
  toNumber,
  zero,
  type Rational,
} from "./rational.ts";
import { transform } from "./substitution.ts";
import { print } from "./text.ts";
import { add, divide, multiply, negate, num, power, subtract } from "./nodes.ts";
import { view, type Expr } from "./tree.ts";

/**
 * Exact simplification with rational coefficients: drops zeros and ones, merges constants, collects equal
 * factors into powers and equal terms into multiples. It never rounds, never expands, and treats every
 * variable as generic (x/x is 1). mathjs's `simplify` does none of these safely.
 */
export function fold(expr: Expr): Expr {
  return transform(expr, foldNode);
}

function foldNode(node: Expr): Expr {
  const v = view(node);
  switch (v.kind) {
    case "add":
    case "subtract":
    case "negate":
      return fromTerms(terms(node, one));
    case "multiply":
    case "divide":
    case "power":
      return fromProduct(product(node));
    case "sum":
      return isNumber(v.body, zero) ? num(0) : isNumber(v.body, one) ? v.to : node;
    case "choose":
      return print(v.then) === print(v.otherwise) ? v.then : node;
    case "kronecker":
      return print(v.left) === print(v.right) ? num(1) : node;
    default:
      return node;
  }
}

const isNumber = (expr: Expr, value: Rational): boolean => {
  const v = view(expr);
  return v.kind === "number" && equals(v.value, value);
};

interface Term {
  readonly coefficient: Rational;
  readonly of: Expr;
}

/** The terms of a sum, each with its rational coefficient; the constant term is the multiple of 1. */
function terms(expr: Expr, coefficient: Rational): Term[] {
  const v = view(expr);
  switch (v.kind) {
    case "add":
      return v.terms.flatMap((t) => terms(t, coefficient));
    case "subtract":
      return [...terms(v.left, coefficient), ...terms(v.right, negated(coefficient))];
    case "negate":
      return terms(v.of, negated(coefficient));
    default: {
      const { coefficient: own, factors } = product(expr);
      return [{ coefficient: times(coefficient, own), of: fromProduct({ coefficient: one, factors }) }];
    }
  }
}

function fromTerms(list: readonly Term[]): Expr {
  const collected = new Map<string, Term>();
  for (const term of list) {
    const key = print(term.of);
    const known = collected.get(key);
    collected.set(
      key,
      known === undefined ? term : { ...term, coefficient: plus(known.coefficient, term.coefficient) },
    );
  }
  const kept = [...collected.values()].filter((t) => !isZero(t.coefficient));
  // A leading minus reads worse than a difference: 1 - a rather than -a + 1.
  const ordered = isNegative(kept[0]?.coefficient ?? one)
    ? [...kept.filter((t) => !isNegative(t.coefficient)), ...kept.filter((t) => isNegative(t.coefficient))]
    : kept;
  let result: Expr | null = null;
  for (const { coefficient, of } of ordered) {
    const magnitude = isNegative(coefficient) ? negated(coefficient) : coefficient;
    const term = scaled(magnitude, of);
    if (result === null) result = isNegative(coefficient) ? negate(term) : term;
    else result = isNegative(coefficient) ? subtract(result, term) : add(result, term);
  }
  return result ?? num(0);
}

const scaled = (coefficient: Rational, of: Expr): Expr => {
  const { coefficient: own, factors } = product(of);
  return fromProduct({ coefficient: times(coefficient, own), factors });
};

interface Factor {
  readonly base: Expr;
  readonly exponent: number;
}

interface Product {
  readonly coefficient: Rational;
  readonly factors: readonly Factor[];
}

function product(expr: Expr): Product {
  const v = view(expr);
  switch (v.kind) {
    case "number":
      return { coefficient: v.value, factors: [] };
    case "negate":
      return combine(product(v.of), { coefficient: rational(-1), factors: [] });
    case "multiply":
      return v.factors.map(product).reduce(combine, { coefficient: one, factors: [] });
    case "divide":
      return combine(product(v.over), raised(product(v.under), -1, v.under));
    case "power": {
      const exponent = view(fold(v.exponent));
      const whole =
        exponent.kind === "number" && isInteger(exponent.value)
          ? toNumber(exponent.value)
          : exponent.kind === "negate"
            ? wholeNegative(exponent.of)
            : null;
      return whole === null
        ? { coefficient: one, factors: [{ base: expr, exponent: 1 }] }
        : raised(product(v.base), whole, v.base);
    }
    default:
      return { coefficient: one, factors: [{ base: expr, exponent: 1 }] };
  }
}

function wholeNegative(of: Expr): number | null {
  const v = view(of);
  return v.kind === "number" && isInteger(v.value) ? -toNumber(v.value) : null;
}

function raised({ coefficient, factors }: Product, exponent: number, from: Expr): Product {
  if (exponent === 0) return { coefficient: one, factors: [] };
  // 1/0 stays as it is written: folding must not hide a division by zero, nor turn it into another number.
  if (exponent < 0 && isZero(coefficient)) return { coefficient: one, factors: [{ base: from, exponent }] };
  return {
    coefficient: ratPower(coefficient, exponent),
    factors: factors.map((f) => ({ base: f.base, exponent: f.exponent * exponent })),
  };
}

function combine(a: Product, b: Product): Product {
  const factors = new Map<string, Factor>();
  for (const factor of [...a.factors, ...b.factors]) {
    const key = print(factor.base);
    const known = factors.get(key);
    factors.set(key, known === undefined ? factor : { base: factor.base, exponent: known.exponent + factor.exponent });
  }
  return {
    coefficient: times(a.coefficient, b.coefficient),
    factors: [...factors.values()].filter((f) => f.exponent !== 0),
  };
}

/**
 * Divisors that are the same for every index (sizes, numbers) go in front as one fraction, 1/(2n)·…; others
 * make the whole a fraction.
 */
function fromProduct({ coefficient, factors }: Product): Expr {
  if (isZero(coefficient)) return num(0);
  const magnitude = isNegative(coefficient) ? negated(coefficient) : coefficient;
  const sign = (e: Expr): Expr => (isNegative(coefficient) ? negate(e) : e);
  const over = factors
    .filter((f) => f.exponent > 0)
    .map(({ base, exponent }) => (exponent === 1 ? base : power(base, num(exponent))));
  const under = factors.filter((f) => f.exponent < 0);
  const isConstant = under.every(({ base }) => view(base).kind === "size");
  const divisors = under.map(({ base, exponent }) => (exponent === -1 ? base : power(base, num(-exponent))));
  if (under.length === 0) return sign(isOne(magnitude) ? multiply(...over) : multiply(num(magnitude), ...over));
  const [n, d] = [rational(magnitude.numerator), rational(magnitude.denominator)];
  const denominator = multiply(...(isOne(d) ? [] : [num(d)]), ...divisors);
  if (isConstant) return sign(multiply(divide(num(n), denominator), ...over));
  return sign(divide(multiply(...(isOne(n) && over.length > 0 ? [] : [num(n)]), ...over), denominator));
}

/** The value of an expression without variables, or null. */
export function constantValue(expr: Expr): Rational | null {
  const { coefficient, factors } = product(fold(expr));
  return factors.length === 0 ? coefficient : null;
}
