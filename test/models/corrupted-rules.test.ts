import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules, type Rule, type RuleId } from "../../src/calculus/index.ts";
import { deriveModel, modelAdjoints, RefusedStep } from "../../src/derivation/index.ts";
import { numbered, readEquations, type EquationFile, type ForwardModel } from "../../src/equations/index.ts";
import {
  add,
  build,
  children,
  divide,
  kronecker,
  multiply,
  negate,
  num,
  substitute,
  sum,
  sym,
  transform,
  view,
  type Expr,
} from "../../src/expression/index.ts";
import { adjointEquations, buildProgram, certifyProgram, modelTask } from "../../src/program/index.ts";

const fileOf = (name: string): EquationFile =>
  readEquations(readFileSync(new URL(`../samples/models/${name}.eq`, import.meta.url), "utf8"), `${name}.eq`);

type Rules = Readonly<Record<RuleId, Rule>>;

/** The rules with another result of one of them. */
const spoiled = (id: RuleId, spoil: (after: Expr, before: Expr) => Expr): Rules => {
  const rule: Rule = (node, context, scope) => {
    const rewrite = rules[id](node, context, scope);
    return rewrite === null ? null : { ...rewrite, after: spoil(rewrite.after, node) };
  };
  return { ...rules, [id]: rule };
};

function certify(model: ForwardModel, ruleSet: Rules): void {
  const adjoints = adjointEquations(modelAdjoints(model, undefined, ruleSet));
  const about = { name: "spoiled", command: "", about: [] };
  for (const strategy of ["unrolled", "tiled"] as const)
    certifyProgram(buildProgram(modelTask(model, adjoints, about), strategy));
}

const inSums = (expr: Expr, change: (body: Expr, index: string) => Expr): Expr =>
  transform(expr, (node) => {
    const v = view(node);
    return v.kind === "sum" ? sum(v.index, v.to, change(v.body, v.index)) : node;
  });

const withoutFirst = (expr: Expr): Expr => {
  const v = view(expr);
  return v.kind === "multiply" ? multiply(...v.factors.slice(1)) : expr;
};

/** Sums over the first index of the left side, which then is not free any more: Σ_q x_q·w_j becomes Σ_j x_j·w_j. */
const withCapture = (expr: Expr, free: Expr): Expr => {
  const own = view(children(free)[0] ?? num(1));
  return transform(expr, (node) => {
    const v = view(node);
    if (v.kind !== "sum" || own.kind !== "symbol") return node;
    return sum(own.name, v.to, substitute(v.body, new Map([[v.index, sym(own.name)]])));
  });
};

const isZeroOrOne = (expr: Expr): boolean => ["number", "kronecker"].includes(view(expr).kind);

const rows: readonly [claim: string, id: RuleId, model: string, spoil: (after: Expr, before: Expr) => Expr][] = [
  [
    "one use of a shared weight",
    "adjoint-sum",
    "shared",
    (a) => {
      const v = view(a);
      return v.kind === "add" && v.terms.length > 2 ? add(...v.terms.slice(1)) : a;
    },
  ],
  ["the adjoint beside a derivative", "adjoint-sum", "attention", (a) => inSums(a, withoutFirst)],
  ["the name of a letter that is bound anew", "adjoint-sum", "residual", withCapture],
  [
    "the sum over what reads a variable",
    "adjoint-sum",
    "layer-norm",
    (a) => {
      const v = view(a);
      return v.kind === "sum" ? substitute(v.body, new Map([[v.index, num(1)]])) : a;
    },
  ],
  ["the only term of a sum, taken twice", "collapse", "autoencoder", (a) => multiply(a, num(2))],
  [
    "the factor before a sum",
    "hoist",
    "layer-norm",
    (a) => {
      const v = view(a);
      return v.kind === "multiply" ? (v.factors[0] as Expr) : a;
    },
  ],
  [
    "rows and columns",
    "independent-entries",
    "shared",
    (a) => {
      const v = view(a);
      if (v.kind !== "multiply" || v.factors.length !== 2) return a;
      const [left, right] = v.factors.map(children) as [readonly Expr[], readonly Expr[]];
      return multiply(kronecker(left[0] as Expr, right[1] as Expr), kronecker(right[0] as Expr, left[1] as Expr));
    },
  ],
  ["the sign of a derivative", "scalar-derivative", "recurrent-by-hand", (a) => (isZeroOrOne(a) ? a : negate(a))],
  [
    "a term of a sum",
    "linearity",
    "shared",
    (a) => {
      const v = view(a);
      return v.kind === "add" ? build({ ...v, terms: [...v.terms.slice(1), num(0)] }) : a;
    },
  ],
  ["what is constant", "constant", "bilinear", () => num(1)],
  ["the name of a value", "entry-value", "attention", (a) => divide(a, num(2))],
];

describe("a rule that loses something is refused", () => {
  test.each(rows)("%s (%s, in %s)", (_, id, name, spoil) => {
    const file = fileOf(name);
    const ruleSet = spoiled(id, spoil);
    expect(() => deriveModel(name, file.model, file.sizes, ruleSet)).toThrow(RefusedStep);
    expect(() => certify(numbered(file), ruleSet)).toThrow(/fails the exact check/);
  });
});
