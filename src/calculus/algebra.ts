import type { Range } from "../equations/index.ts";
import {
  add,
  allSymbols,
  children,
  divide,
  fold,
  isBinder,
  multiply,
  negate,
  num,
  print,
  some,
  subtract,
  sym,
  toNumber,
  transform,
  view,
  withNumberedBounds,
  type Expr,
} from "../expression/index.ts";

/** Number of nodes: of two forms of one expression the one with fewer reads better. */
const weigh = (expr: Expr): number => 1 + children(expr).reduce((total, child) => total + weigh(child), 0);

/** Divisions by something that varies. */
const countDivisions = (expr: Expr): number => {
  const v = view(expr);
  const own = v.kind === "divide" && !isFixed(v.under) ? 1 : 0;
  return children(expr).reduce((total, child) => total + countDivisions(child), own);
};

const isFixed = (expr: Expr): boolean =>
  !some(expr, (node) => !["number", "size", "symbol", "multiply", "divide"].includes(view(node).kind));

const mostTerms = 64;

/**
 * Multiplies out what is divided by something that a factor beside it cancels: (1 − y)/(1 − a) · a(1 − a) is
 * (1 − y)a. The form is given only where a division goes away and fewer nodes are left.
 */
export function cancelled(expr: Expr): Expr | null {
  const divisions = countDivisions(expr);
  if (divisions === 0) return null;
  const partly = fold(add(...multipliedOut(expr, (factor) => countDivisions(factor) > 0).map(fold)));
  const forms = [partly];
  if (countDivisions(partly) === 0) {
    const fully = fold(add(...multipliedOut(partly, () => true).map((term) => fold(ordered(term)))));
    forms.push(fully, withCommonFactor(fully, () => true) ?? fully);
  }
  const best = forms.reduce((a, b) => (weigh(b) < weigh(a) ? b : a));
  return countDivisions(best) < divisions && weigh(best) < weigh(expr) ? best : null;
}

/** The terms of a product or sum when the sums among its factors that `isSplit` names are multiplied out. */
function multipliedOut(expr: Expr, isSplit: (factor: Expr) => boolean): readonly Expr[] {
  const v = view(expr);
  const split = (part: Expr): readonly Expr[] => multipliedOut(part, isSplit);
  switch (v.kind) {
    case "add":
      return v.terms.flatMap(split);
    case "subtract":
      return [...split(v.left), ...split(v.right).map(negate)];
    case "negate":
      return split(v.of).map(negate);
    case "divide":
      return split(v.over).map((term) => divide(term, v.under));
    case "multiply": {
      let products: readonly Expr[] = [num(1)];
      for (const factor of v.factors) {
        const parts = isSplit(factor) ? split(factor) : [factor];
        if (products.length * parts.length > mostTerms) return [expr];
        products = products.flatMap((product) => parts.map((part) => multiply(product, part)));
      }
      return products;
    }
    case "power": {
      const exponent = view(v.exponent);
      const times = exponent.kind === "number" ? toNumber(exponent.value) : 0;
      if (!isSplit(expr) || ![2, 3, 4].includes(times)) return [expr];
      return split(multiply(...Array.from({ length: times }, () => v.base)));
    }
    default:
      return [expr];
  }
}

/** The factors of a product in the order of their names, so that like terms look alike. */
function ordered(term: Expr): Expr {
  const v = view(term);
  if (v.kind === "negate") return negate(ordered(v.of));
  if (v.kind !== "multiply") return term;
  return multiply(...[...v.factors].sort((a, b) => (print(a) < print(b) ? -1 : 1)));
}

interface SignedTerm {
  readonly isNegative: boolean;
  readonly factors: readonly Expr[];
}

/** uc − vc as (u − v)c, where the terms of a sum have factors in common that `isWanted` names; else null. */
export function withCommonFactor(expr: Expr, isWanted: (factor: Expr) => boolean): Expr | null {
  const terms = signedTerms(expr);
  const [first] = terms;
  if (terms.length < 2 || first === undefined) return null;
  let rests = terms;
  const common: Expr[] = [];
  for (const factor of first.factors) {
    const places = rests.map(({ factors }) => factors.findIndex((f) => print(f) === print(factor)));
    if (!isWanted(factor) || places.includes(-1)) continue;
    common.push(factor);
    rests = rests.map((term, i) => ({ ...term, factors: term.factors.filter((_, at) => at !== places[i]) }));
  }
  if (common.length === 0) return null;
  const inner = rests.reduce<Expr | null>((sum, { isNegative, factors }) => {
    const term = multiply(...factors);
    if (sum === null) return isNegative ? negate(term) : term;
    return isNegative ? subtract(sum, term) : add(sum, term);
  }, null);
  return multiply(...common, inner as Expr);
}

function signedTerms(expr: Expr, isNegative = false): readonly SignedTerm[] {
  const v = view(expr);
  if (v.kind === "add") return v.terms.flatMap((term) => signedTerms(term, isNegative));
  if (v.kind === "subtract") return [...signedTerms(v.left, isNegative), ...signedTerms(v.right, !isNegative)];
  if (v.kind === "negate") return signedTerms(v.of, !isNegative);
  return [{ isNegative, factors: factorsOf(expr) }];
}

function factorsOf(expr: Expr): readonly Expr[] {
  const v = view(expr);
  if (v.kind === "multiply") return v.factors.flatMap(factorsOf);
  if (v.kind === "divide" && view(v.over).kind !== "number") return [...factorsOf(v.over), divide(num(1), v.under)];
  return [expr];
}

/** Is a factor more than a number? */
export const isVarying = (factor: Expr): boolean => !isFixed(factor);

/**
 * `expr` with the quotient `value` in it replaced by `name`, or null where that leaves as much as before.
 * Bound indices may have other letters in the two.
 */
export function withValueNamed(expr: Expr, value: Expr, name: Expr): Expr | null {
  const bound = new Map<string, Expr>();
  some(expr, (node) => {
    if (isBinder(view(node))) bound.set(print(withNumberedBounds(node)), node);
    return false;
  });
  const aligned = transform(value, (node) =>
    isBinder(view(node)) ? (bound.get(print(withNumberedBounds(node))) ?? node) : node,
  );
  const rest = fold(divide(expr, aligned));
  const v = view(aligned);
  // Where the numerator is not among the factors of `expr`, dividing by it has put it under the fraction.
  const isUnder = v.kind === "divide" && weigh(fold(multiply(rest, v.over))) < weigh(rest);
  const after = fold(multiply(name, rest));
  return weigh(after) < weigh(expr) && !isUnder ? after : null;
}

/** The index letters of an expression at which an entry with the ranges `of` may stand in it. */
export function tuplesOfLetters(
  expr: Expr,
  of: readonly Range[],
  scope: ReadonlyMap<string, Expr>,
): readonly (readonly Expr[])[] {
  const found = allSymbols(expr);
  return of.reduce<readonly (readonly Expr[])[]>(
    (tuples, { size }) =>
      tuples.flatMap((tuple) =>
        [...scope]
          .filter(([letter, range]) => found.has(letter) && print(range) === print(size))
          .map(([letter]) => [...tuple, sym(letter)]),
      ),
    [[]],
  );
}
