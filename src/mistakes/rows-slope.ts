import { add, build, divide, multiply, negate, power, subtract, view, type Expr } from "../expression/index.ts";
import { typesetFormula, unicode } from "../notation/index.ts";
import { derivativeOf } from "./functions.ts";
import {
  allLayers,
  at,
  firstOf,
  formula,
  instead,
  mutation,
  scopesOf,
  type Edit,
  type Mutation,
  type Row,
  type Scope,
} from "./mutation.ts";
import { entry, type Parts, type Shape } from "./parts.ts";

/** σ′ written with a slip: a factor, a term or a power left out of its formula, a sign turned, or all of it twice. */
export const slopeSlips: Row = (shape, _, parts) =>
  scopesOf(slopedLayers(shape, parts), shape).flatMap((scope) => [...slipsOf(shape, scope), twice(scope)]);

/** The layers whose σ′ is a factor by itself, and another than 1. */
const slopedLayers = ({ network }: Shape, parts: Parts): readonly number[] =>
  allLayers({ network } as Shape).filter((l) => parts.has(`slope${l}`) && network.activations[l - 2] !== "identity");

function slipsOf({ network }: Shape, scope: Scope): readonly Mutation[] {
  const [text, ...others] = new Set(scope.layers.map((l) => network.activations[l - 2] as string));
  // Layers with activations of their own have no formula in common that could have a slip.
  if (text === undefined || others.length > 0) return [];
  const { form } = derivativeOf(text, network.constants);
  const short = slips(form.formula).filter(({ how }) => how.length <= longest);
  return short.map(({ value, how }) =>
    row(scope, `σ′ of ${scope.text} ${how}`, (l) =>
      instead(() => at(value, form.in, entry(`${form.in === "a" ? "a" : "z"}${l}`, "j"))),
    ),
  );
}

/** What takes longer to tell is no slip; and each is tried with every other mistake. */
const longest = 48;

const twice = (scope: Scope): Mutation =>
  row(scope, `the δ of ${scope.text} is multiplied by σ′ twice`, () => formula((value) => multiply(value, value)));

const row = (scope: Scope, message: string, edit: (layer: number) => Edit): Mutation =>
  mutation(
    "wrong-activation-derivative",
    `delta${firstOf(scope)}`,
    message,
    Object.fromEntries(scope.layers.map((l) => [`slope${l}`, edit(l)])),
  );

/** A formula with one slip in it, told by what stands there. */
interface Slip {
  readonly value: Expr;
  /** "lacks its factor 1 − a", "has 1 + a in place of 1 − a". */
  readonly how: string;
}

function slips(expr: Expr): readonly Slip[] {
  const v = view(expr);
  switch (v.kind) {
    case "multiply":
      return [
        ...v.factors.flatMap((factor, i) =>
          view(factor).kind === "number"
            ? []
            : [{ value: product(v.factors.toSpliced(i, 1)), how: `lacks its factor ${told(factor)}` }],
        ),
        ...v.factors.flatMap((factor, i) => inside(factor, (own) => multiply(...v.factors.with(i, own)))),
      ];
    case "add":
      return [
        ...v.terms.flatMap((term, i) => [
          ...(view(term).kind === "number"
            ? []
            : [{ value: total(v.terms.toSpliced(i, 1)), how: `lacks its term ${told(term)}` }]),
          changed(expr, add(...v.terms.with(i, negate(term)))),
        ]),
        ...v.terms.flatMap((term, i) => ofTerm(term, expr, (own) => add(...v.terms.with(i, own)))),
      ];
    case "subtract":
      return [
        changed(expr, add(v.left, v.right)),
        ...ofTerm(v.left, expr, (own) => subtract(own, v.right)),
        ...ofTerm(v.right, expr, (own) => subtract(v.left, own)),
      ];
    case "power":
      return [changed(expr, v.base), ...inside(v.base, (own) => power(own, v.exponent))];
    case "divide":
      return [
        ...inside(v.over, (own) => divide(own, v.under)),
        // Beneath the line only a power is forgotten.
        ...(view(v.under).kind === "power" ? slips(v.under).slice(0, 1) : []).map(({ value, how }) => ({
          value: divide(v.over, value),
          how,
        })),
      ];
    case "choose":
      return [
        ...inside(v.then, (then) => build({ ...v, then })),
        ...inside(v.otherwise, (otherwise) => build({ ...v, otherwise })),
      ];
    default:
      return [];
  }
}

const inside = (part: Expr, around: (part: Expr) => Expr): readonly Slip[] =>
  slips(part).map(({ value, how }) => ({ value: around(value), how }));

/** A power left out of a term is told by the whole sum: 1 − a in place of 1 − a². */
const ofTerm = (term: Expr, whole: Expr, around: (term: Expr) => Expr): readonly Slip[] =>
  view(term).kind === "power" ? slips(term).map(({ value }) => changed(whole, around(value))) : inside(term, around);

const changed = (right: Expr, value: Expr): Slip => ({ value, how: `has ${told(value)} in place of ${told(right)}` });

const product = (factors: readonly Expr[]): Expr =>
  factors.length === 1 ? (factors[0] as Expr) : multiply(...factors);
const total = (terms: readonly Expr[]): Expr => (terms.length === 1 ? (terms[0] as Expr) : add(...terms));

/** Without layers a raised 2 is a square, as it is in words. */
const told = (expr: Expr): string =>
  typesetFormula({ kind: "expression", expr }, unicode).replaceAll("^2", "²").replaceAll("^3", "³");
