import { divide, multiply, negate, num, power, print, toNumber, view, type Expr } from "../expression/index.ts";

/** base^exponent, the exponent a whole number. */
export interface Factor {
  readonly base: Expr;
  readonly exponent: number;
}

/** ±Π base^exponent, no two bases alike. */
export interface Product {
  readonly isNegative: boolean;
  readonly factors: readonly Factor[];
}

/** A product in normal form: quotients, whole powers and signs resolved; an expression of another kind is one factor. */
export function productOf(expr: Expr): Product {
  const v = view(expr);
  switch (v.kind) {
    case "negate":
      return combined([productOf(v.of), { isNegative: true, factors: [] }]);
    case "multiply":
      return combined(v.factors.map(productOf));
    case "divide":
      return combined([productOf(v.over), raised(productOf(v.under), -1)]);
    case "power": {
      const exponent = view(v.exponent);
      const whole =
        exponent.kind === "number" && exponent.value.denominator === 1n ? toNumber(exponent.value) : undefined;
      return whole === undefined ? single(expr) : raised(productOf(v.base), whole);
    }
    case "number":
      return v.value.numerator === v.value.denominator ? { isNegative: false, factors: [] } : single(expr);
    default:
      return single(expr);
  }
}

const single = (base: Expr): Product => ({ isNegative: false, factors: [{ base, exponent: 1 }] });

const raised = ({ isNegative, factors }: Product, by: number): Product => ({
  isNegative: isNegative && by % 2 !== 0,
  factors: factors.map(({ base, exponent }) => ({ base, exponent: exponent * by })),
});

/** The product of products. */
export function combined(products: readonly Product[]): Product {
  return {
    isNegative: products.filter(({ isNegative }) => isNegative).length % 2 === 1,
    factors: collected(products.flatMap(({ factors }) => factors)),
  };
}

/** Equal bases brought together, in the order in which they come first. */
export function collected(factors: readonly Factor[]): readonly Factor[] {
  const known = new Map<string, Factor>();
  for (const factor of factors) {
    const key = print(factor.base);
    known.set(key, { base: factor.base, exponent: factor.exponent + (known.get(key)?.exponent ?? 0) });
  }
  return [...known.values()].filter(({ exponent }) => exponent !== 0);
}

/** The expression of a product; numbers that it is divided by stand in front as a fraction. */
export function expressionOf({ isNegative, factors }: Product): Expr {
  const isNumber = ({ base }: Factor): boolean => view(base).kind === "number";
  const raise = ({ base, exponent }: Factor): Expr =>
    Math.abs(exponent) === 1 ? base : power(base, num(Math.abs(exponent)));
  const fractions = factors
    .filter((factor) => factor.exponent < 0 && isNumber(factor))
    .map((factor) => divide(num(1), raise(factor)));
  const over = [...fractions, ...factors.filter(({ exponent }) => exponent > 0).map(raise)];
  const under = factors.filter((factor) => factor.exponent < 0 && !isNumber(factor)).map(raise);
  const whole = under.length === 0 ? multiply(...over) : divide(multiply(...over), multiply(...under));
  return isNegative ? negate(whole) : whole;
}

/** The argument of a call of the function, or null. */
export function argumentOf(name: string, expr: Expr): Expr | null {
  const v = view(expr);
  return v.kind === "call" && v.name === name && v.layer === null ? (v.args[0] as Expr) : null;
}

export const isOne = (expr: Expr): boolean => print(expr) === "1";

/** −u, without a second sign. */
export function minus(u: Expr): Expr {
  const { isNegative, factors } = productOf(u);
  return isNegative ? expressionOf({ isNegative: false, factors }) : negate(u);
}

/** u of 1 + exp(u) in either order, or null. */
export function exponentBesideOne(expr: Expr): Expr | null {
  const v = view(expr);
  if (v.kind !== "add" || v.terms.length !== 2) return null;
  const [first, second] = v.terms as [Expr, Expr];
  if (isOne(first)) return argumentOf("exp", second);
  return isOne(second) ? argumentOf("exp", first) : null;
}
