import { describe, expect, test } from "vitest";
import { deriveAdjoint, rules, type Rule, type RuleId } from "../../src/calculus/index.ts";
import { derive, deriveModel, RefusedStep } from "../../src/derivation/index.ts";
import { readEquations, type Model } from "../../src/equations/index.ts";
import {
  allSymbols,
  multiply,
  negate,
  children,
  num,
  partial,
  print,
  read,
  substitute,
  subtract,
  sum,
  sym,
  view,
  type Expr,
} from "../../src/expression/index.ts";
import { parseNetwork, type NetworkOptions } from "../../src/network/index.ts";

const network = parseNetwork("2-3-1");

describe("the four equations", () => {
  const { equations } = derive(network);

  test.each([
    ["BP1", "partial(J, a[L][j]) * sigma_prime(z[L][j])", "1 / size(L) * (a[L][j] - y[j]) * a[L][j] * (1 - a[L][j])"],
    [
      "BP2",
      "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j]) * sigma_prime(z[l][j])",
      "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j]) * a[l][j] * (1 - a[l][j])",
    ],
    ["BP3", "delta[l][j]", "delta[l][j]"],
    ["BP4", "delta[l][j] * a[l - 1][k]", "delta[l][j] * a[l - 1][k]"],
  ])("%s comes out", (id, statement, evaluated) => {
    const equation = equations.find((e) => e.id === id);
    expect(print(equation?.statement as Expr)).toBe(statement);
    expect(print(equation?.evaluated as Expr)).toBe(evaluated);
  });

  test("every step starts where the one before ended, and carries its check", () => {
    for (const { goal, steps, statement, evaluation, evaluated } of equations) {
      const chain = [...steps, ...evaluation];
      expect(chain.map((s) => print(s.before))).toEqual([goal, ...chain.slice(0, -1).map((s) => s.after)].map(print));
      expect(print(steps.at(-1)?.after as Expr)).toBe(print(statement));
      expect(print(chain.at(-1)?.after as Expr)).toBe(print(evaluated));
      expect(chain.every((s) => s.check.draws >= 3)).toBe(true);
    }
  });

  test("no line binds an index that is free in it, or twice", () => {
    const check = (node: Expr, bound: ReadonlySet<string>): void => {
      const v = view(node);
      if (v.kind === "sum") expect(bound.has(v.index), print(node)).toBe(false);
      const inner = v.kind === "sum" ? new Set([...bound, v.index]) : bound;
      if (v.kind === "sum") return check(v.body, inner);
      children(node).forEach((child) => check(child, inner));
    };
    for (const { ranges, steps } of equations)
      for (const { after } of steps) check(after, new Set(ranges.map((r) => r.index)));
  });

  test("change the activation and the loss, and the equations follow", () => {
    const [bp1, bp2] = derive(parseNetwork("2-3-1", { activation: "tanh", loss: "mean(exp(a-y))" })).equations;
    expect(print(bp1?.evaluated as Expr)).toBe("1 / size(L) * exp(a[L][j] - y[j]) * (1 - a[L][j] ^ 2)");
    expect(print(bp2?.evaluated as Expr)).toBe(
      "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j]) * (1 - a[l][j] ^ 2)",
    );
  });
});

describe("capture", () => {
  // f_j = Σ_j w_j v_j: the bound index of the equation has the name of its free index, and of the target's.
  const model: Model = {
    tensors: [
      { variable: { family: "w", layer: null }, role: "parameter", sizes: [num(3), num(3)] },
      { variable: { family: "v", layer: null }, role: "input", sizes: [num(3)] },
    ],
    equations: [
      {
        variable: { family: "f", layer: null },
        ranges: [{ index: "j", size: num(3) }],
        value: read("sum(k, 1:3, w[j, k] * v[k])"),
      },
      { variable: { family: "J", layer: null }, ranges: [], value: read("sum(j, 1:3, f[j] * v[j])") },
    ],
    objective: { family: "J", layer: null },
  };

  test.each([
    ["j", "k"],
    ["k", "j"],
    ["p", "q"],
  ])("cannot happen with target indices %s, %s", (first, second) => {
    const f = { family: "f", layer: null };
    const adjoint = deriveAdjoint(
      model,
      { family: "w", layer: null },
      [first, second].map((index) => ({ index, size: num(3) })),
      { tracked: [f], adjoints: new Map() },
      { forms: [], objective: null },
    );
    expect(print(adjoint.evaluation.result)).toBe(`v[${first}] * v[${second}]`);
    for (const { after } of adjoint.statement.steps)
      expect([...allSymbols(after)].filter((s) => s === first).length).toBeLessThanOrEqual(1);
  });
});

/** The rule, wrong the first time that it applies. */
const corrupted = (rule: Rule): Rule => {
  let isSpoiled = false;
  return (node, context, scope) => {
    const rewrite = rule(node, context, scope);
    if (rewrite === null || isSpoiled) return rewrite;
    isSpoiled = true;
    return { ...rewrite, after: wrong(rewrite.after) };
  };
};
const wrong = (expr: Expr): Expr => {
  const v = view(expr);
  if (v.kind === "number" && v.value.numerator === 0n) return num(1);
  if (v.kind === "sum") return sum(v.index, v.to, wrong(v.body));
  if (v.kind === "subtract") return subtract(v.right, v.left);
  return v.kind === "partial" ? negate(expr) : multiply(num(2), expr);
};

const softmax = { activation: "sigmoid,softmax", loss: "cross-entropy" };
/** Options with which a derivation takes the rule; most are in every derivation. */
const usedBy: Partial<Record<RuleId, NetworkOptions>> = {
  // No activation that has a name is a product or a power of what depends on z.
  "product-rule": { activation: "z * exp(z)" },
  "power-rule": { activation: "z ^ 3 + z" },
  piecewise: { activation: "leaky-relu" },
  distribute: softmax,
  "common-factor": softmax,
  jacobian: softmax,
  "entry-value": softmax,
  "targets-sum": softmax,
  cancel: { loss: "binary-cross-entropy" },
  "chain-rule-several": { l2: "0.1" },
  "added-term": { l2: "0.1" },
  "layer-term": { l2: "0.1" },
};
const ofModels: ReadonlySet<string> = new Set(["adjoint-sum", "adjoint-value"]);
const softmaxModel = readEquations(
  `
  index j in 1..n, p in 1..k, q in 1..k
  parameter W[p,j]
  input x[j], y[p]
  z[p] = sum(W[p,j]*x[j], j)
  a[p] = exp(z[p]) / sum(exp(z[q]), q)
  J = -sum(y[p]*log(a[p]), p)
  with n=3, k=2`,
  "model.eq",
);

describe("a corrupted rule is refused by the exact check", () => {
  test.each(Object.keys(rules) as RuleId[])("%s", (id) => {
    const spoiled = (): unknown => {
      const ruleSet = { ...rules, [id]: corrupted(rules[id]) };
      return ofModels.has(id)
        ? deriveModel("model.eq", softmaxModel.model, softmaxModel.sizes, ruleSet)
        : derive(parseNetwork("2-3-1", usedBy[id] ?? {}), ruleSet);
    };
    expect(spoiled).toThrow(RefusedStep);
    expect(spoiled).toThrow(new RegExp(`step [^\n]+\\.\\d+ ${id} is refused`));
  });

  test("the article's slip: Σ_k moved into ∂/∂w_jk without renaming k", () => {
    const capturing: Rule = (node, context, scope) => {
      const v = view(node);
      if (v.kind !== "partial") return null;
      const of = view(v.of);
      return of.kind === "sum" && print(v.by) === "W[l][j, k]"
        ? { after: sum("k", of.to, partial(substitute(of.body, new Map([[of.index, sym("k")]])), v.by)) }
        : rules.linearity(node, context, scope);
    };
    expect(() => derive(network, { ...rules, linearity: capturing })).toThrow(/step BP4\.\d+ linearity is refused/);
  });

  test("a collapse that keeps the bound index", () => {
    const careless: Rule = (node, context, scope) => {
      const rewrite = rules.collapse(node, context, scope);
      return rewrite === null ? null : { after: read(print(rewrite.after).replace("[l + 1][k, j]", "[l + 1][j, k]")) };
    };
    expect(() => derive(network, { ...rules, collapse: careless })).toThrow();
  });
});

test("a rule that never ends is stopped", () => {
  const growing: Rule = (node) => (view(node).kind === "partial" ? { after: multiply(num(1), node) } : null);
  expect(() => derive(network, { ...rules, linearity: growing })).toThrow(/no end/);
  expect(print(sym("x"))).toBe("x");
});
