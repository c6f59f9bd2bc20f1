import type { Expr } from "../expression/index.ts";
import type { Bounds, Formula } from "./content.ts";
import { compact, tensor, typeset, type Notation } from "./notation.ts";

/** A formula in the marks of one output language. */
export function typesetFormula(formula: Formula, notation: Notation): string {
  const print = (expr: Expr): string => typeset(expr, notation).text;
  switch (formula.kind) {
    case "expression":
      return print(formula.expr);
    case "equality":
      return typesetEquality(formula, notation);
    case "tensor":
      return tensor(formula.variable, notation);
    case "tensors-equal":
      return `${tensor(formula.left, notation)} = ${tensor(formula.right, notation)}`;
    case "shape":
      return formula.sizes.map(print).join(` ${notation.times} `);
    case "bounds":
      return typesetBounds(formula.bounds, notation);
    case "function":
      return notation.letter(formula.name);
    case "countdown":
      return countdown(formula, notation);
    case "update":
      return `${print(formula.left)} ${notation.arrow} ${print(formula.right)}`;
  }
}

type Of<K extends Formula["kind"]> = Extract<Formula, { kind: K }>;

function typesetEquality({ left, right, where = [], with: abbreviation }: Of<"equality">, notation: Notation): string {
  const equal = (a: Expr, b: Expr): string => `${typeset(a, notation).text} = ${typeset(b, notation).text}`;
  const conditions = [
    ...(abbreviation === undefined ? [] : [equal(abbreviation.left, abbreviation.right)]),
    ...where.map((bounds) => typesetBounds(bounds, notation)),
  ];
  return [equal(left, right), ...conditions].join(`,${notation.gap}`);
}

/** 1 ≤ j ≤ n; where both bounds are one, just j = 1. */
function typesetBounds({ least, index, most }: Bounds, notation: Notation): string {
  const [from, at, to] = [least, index, most].map((e) => compact(e, notation)) as [string, string, string];
  return from === to ? `${at} = ${from}` : `${from} ${notation.atMost} ${at} ${notation.atMost} ${to}`;
}

function countdown({ index, from, to }: Of<"countdown">, notation: Notation): string {
  const [at, first, last] = [index, from, to].map((e) => typeset(e, notation).text) as [string, string, string];
  return `${at} = ${first === last ? first : `${first}, ${notation.dots}, ${last}`}`;
}
