import type { Expr } from "../expression/index.ts";
import type { Notation } from "./notation.ts";
import { compact, typeset } from "./typeset.ts";

/** A formula as data: trees and what stands around them. Each output language prints it in its own notation. */
export type Formula =
  | { readonly kind: "expression"; readonly expr: Expr }
  /** left = right, for the indices within `where`, writing `with` */
  | {
      readonly kind: "equality";
      readonly left: Expr;
      readonly right: Expr;
      readonly where?: readonly Bounds[];
      readonly with?: { readonly left: Expr; readonly right: Expr };
    }
  /** first = second ≈ third …: each link says how it is related to the one before. */
  | { readonly kind: "chain"; readonly first: Expr; readonly links: readonly Link[] }
  /** 3 × 2 */
  | { readonly kind: "shape"; readonly sizes: readonly Expr[] }
  | { readonly kind: "bounds"; readonly bounds: Bounds }
  /** index = from, …, to */
  | { readonly kind: "countdown"; readonly index: Expr; readonly from: Expr; readonly to: Expr }
  /** left ← right */
  | { readonly kind: "update"; readonly left: Expr; readonly right: Expr };

export type Relation = "=" | "≈" | "←";

export interface Link {
  readonly relation: Relation;
  readonly expr: Expr;
}

/** least ≤ index ≤ most */
export interface Bounds {
  readonly least: Expr;
  readonly index: Expr;
  readonly most: Expr;
}

/**
 * A formula in the marks of one output language.
 *
 * @param frame put around the equality itself, the conditions on it left outside
 */
export function typesetFormula(
  formula: Formula,
  notation: Notation,
  frame: (text: string) => string = (text) => text,
): string {
  const print = (expr: Expr): string => typeset(expr, notation).text;
  switch (formula.kind) {
    case "expression":
      return print(formula.expr);
    case "equality":
      return typesetEquality(formula, notation, frame);
    case "chain":
      return [
        print(formula.first),
        ...formula.links.map(({ relation, expr }) => `${relationSign(relation, notation)} ${print(expr)}`),
      ].join(" ");
    case "shape":
      return formula.sizes.map(print).join(` ${notation.times} `);
    case "bounds":
      return typesetBounds(formula.bounds, notation);
    case "countdown":
      return countdown(formula, notation);
    case "update":
      return `${print(formula.left)} ${notation.arrow} ${print(formula.right)}`;
  }
}

export const relationSign = (relation: Relation, notation: Notation): string =>
  ({ "=": "=", "≈": notation.approximately, "←": notation.arrow })[relation];

type Of<K extends Formula["kind"]> = Extract<Formula, { kind: K }>;

function typesetEquality(
  { left, right, where = [], with: abbreviation }: Of<"equality">,
  notation: Notation,
  frame: (text: string) => string,
): string {
  const equal = (a: Expr, b: Expr): string => `${typeset(a, notation).text} = ${typeset(b, notation).text}`;
  const conditions = [
    ...(abbreviation === undefined ? [] : [equal(abbreviation.left, abbreviation.right)]),
    ...where.map((bounds) => typesetBounds(bounds, notation)),
  ];
  return [frame(equal(left, right)), ...conditions].join(`,${notation.gap}`);
}

/** 1 ≤ j ≤ n; where both bounds are one, just j = 1. */
function typesetBounds({ least, index, most }: Bounds, notation: Notation): string {
  const [from, at, to] = [least, index, most].map((e) => compact(e, notation)) as [string, string, string];
  return from === to ? `${at} = ${from}` : [from, at, to].join(` ${notation.comparisons["<="]} `);
}

function countdown({ index, from, to }: Of<"countdown">, notation: Notation): string {
  const [at, first, last] = [index, from, to].map((e) => typeset(e, notation).text) as [string, string, string];
  const steps = Math.abs(Number(first) - Number(last));
  const list = steps === 0 ? [first] : steps === 1 ? [first, last] : [first, notation.listDots, last];
  return `${at} = ${list.join(", ")}`;
}
