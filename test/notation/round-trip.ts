import { expect } from "vitest";
import { print, type Expr } from "../../src/expression/index.ts";
import {
  latex,
  readLatex,
  typesetFormula,
  type Bounds,
  type Formula,
  type Vocabulary,
} from "../../src/notation/index.ts";

const functions = new Set(["sigma", "f", "relu", "leaky_relu"]);
const layered = ["W", "b", "z", "a", "delta", "T", "R"];
/** The letters of a network. */
export const network: Vocabulary = {
  ranks: new Map([
    ...["b", "z", "a", "delta", "x", "y"].map((family) => [family, 1] as const),
    ...([
      ["J", 0],
      ["R", 0],
      ["W", 2],
      ["T", 3],
    ] as const),
  ]),
  layered: new Set(layered),
  functions,
  sizes: new Set(["h", "h2", "hidden"]),
};
/** The letters of a function of one variable: z and a are scalars. */
export const scalars: Vocabulary = { ranks: new Map(), layered: new Set(), functions };

/** A formula in one line, equal for two formulas when their trees are. */
export function describeFormula(formula: Formula): string {
  const bounds = ({ least, index, most }: Bounds): string => `${print(least)} <= ${print(index)} <= ${print(most)}`;
  switch (formula.kind) {
    case "expression":
      return print(formula.expr);
    case "equality":
      return [
        `${print(formula.left)} == ${print(formula.right)}`,
        ...(formula.with === undefined ? [] : [`with ${print(formula.with.left)} == ${print(formula.with.right)}`]),
        ...(formula.where ?? []).map(bounds),
      ].join("; ");
    case "chain":
      return `chain ${print(formula.first)} ${formula.links.map((l) => `${l.relation} ${print(l.expr)}`).join(" ")}`;
    case "shape":
      return `shape ${formula.sizes.map(print).join()}`;
    case "bounds":
      return bounds(formula.bounds);
    case "countdown":
      return `${print(formula.index)} from ${print(formula.from)} down to ${print(formula.to)}`;
    case "update":
      return `${print(formula.left)} <- ${print(formula.right)}`;
  }
}

export const expression = (expr: Expr): Formula => ({ kind: "expression", expr });
export const reread = (formula: Formula, vocabulary = network): string =>
  describeFormula(readLatex(typesetFormula(formula, latex), vocabulary));
export const expectSame = (formula: Formula, vocabulary = network): void =>
  expect(reread(formula, vocabulary), typesetFormula(formula, latex)).toBe(describeFormula(formula));
