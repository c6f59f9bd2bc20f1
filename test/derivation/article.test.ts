import { describe, expect, test } from "vitest";
import { certify } from "../../src/derivation/certify.ts";
import {
  derive,
  languages,
  reasons,
  RefusedStep,
  titles,
  type DerivedEquation,
  type DerivedFunction,
} from "../../src/derivation/index.ts";
import {
  activationFormula,
  activations,
  isOfLayer,
  errorPairs,
  leftSide,
  networkModel,
  type Equation,
  type Model,
  type Range,
} from "../../src/equations/index.ts";
import { checkMatrixForm, drawPoints, randomPoint, type Points } from "../../src/exact/index.ts";
import { children, print, read, some, view, type Expr, type Variable } from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";

/**
 * The errors of the article that the seed of this project is: its four equations are right, these lines on the
 * way to them are not. Each is told from the right line, which passes, by the very check of a derivation.
 */
const scalar = (family: string): Variable => ({ family, layer: null });
const range = (index: string, size: string): Range => ({ index, size: read(size) });
const [j, k] = [range("j", "size(l)"), range("k", "size(l - 1)")];
const next = range("k", "size(l + 1)");

/** A network with an opaque activation, seen from l = 2 and from l = 3; no two neighbouring layers are of one size. */
const network = parseNetwork("2-3-4-2");
const points = drawPoints(2, 1, (random, nth) =>
  randomPoint(networkModel(network), { l: 2 + nth, L: 4 }, random, errorPairs(4), []),
);

/** One layer with the activation softmax: every output depends on every pre-activation. */
const softmax: Model = {
  tensors: [
    { variable: scalar("x"), role: "input", sizes: [read("2")] },
    { variable: scalar("W"), role: "parameter", sizes: [read("3"), read("2")] },
    { variable: scalar("y"), role: "target", sizes: [read("3")] },
  ],
  equations: [
    { variable: scalar("z"), ranges: [range("j", "3")], value: read("sum(k, 1:2, W[j, k] * x[k])") },
    { variable: scalar("a"), ranges: [range("j", "3")], value: read("exp(z[j]) / sum(k, 1:3, exp(z[k]))") },
    { variable: scalar("J"), ranges: [], value: read("1 / 6 * sum(j, 1:3, (a[j] - y[j]) ^ 2)") },
  ],
  objective: scalar("J"),
};
const softmaxPoints = drawPoints(2, 1, (random) =>
  randomPoint(softmax, { l: 0, L: 0 }, random, [{ of: scalar("z"), adjoint: scalar("delta") }], []),
);

interface Slip {
  readonly name: string;
  readonly ranges: readonly Range[];
  readonly before: string;
  /** The article's line. */
  readonly wrong: string;
  /** What the refusal says of it. */
  readonly why: string;
  readonly right: string;
  readonly points?: Points;
}

const slips: readonly Slip[] = [
  {
    name: "the note under three, “the gradient of any weight”",
    ranges: [j, k],
    before: "partial(J, W[l][j, k])",
    wrong: "delta[l][j]",
    why: "in exact draw 1 at j = 1, k = 1",
    right: "a[l - 1][k] * delta[l][j]",
  },
  {
    name: "the note under four, “the gradient of any bias”",
    ranges: [j],
    before: "partial(J, b[l][j])",
    wrong: "a[l - 1][k] * delta[l][j]",
    why: "the index k has no value",
    right: "delta[l][j]",
  },
  {
    name: "the note under four, at any k",
    ranges: [j, k],
    before: "partial(J, b[l][j])",
    wrong: "a[l - 1][k] * delta[l][j]",
    why: "in exact draw 1 at j = 1, k = 1",
    right: "delta[l][j]",
  },
  {
    name: "three: the weighted sum with a_j for a_k",
    ranges: [j],
    before: "z[l][j]",
    wrong: "sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][j]) + b[l][j]",
    why: "in exact draw 1 at j = 1",
    right: "sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][k]) + b[l][j]",
  },
  {
    name: "three: the line with a_j for a_k, an entry that layer l - 1 need not have",
    ranges: [j],
    before: "partial(J, z[l][j]) * partial(z[l][j], b[l][j])",
    wrong: "delta[l][j] * partial(sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][j]) + b[l][j], b[l][j])",
    why: "index 3 of x is outside 1..2",
    right: "delta[l][j] * partial(sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][k]) + b[l][j], b[l][j])",
  },
  {
    name: "three: ∂/∂b Σ … + b without parentheses",
    ranges: [j],
    before: "partial(J, z[l][j]) * partial(z[l][j], b[l][j])",
    wrong: "delta[l][j] * partial(sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][k]), b[l][j]) + b[l][j]",
    why: "in exact draw 1 at j = 1",
    right: "delta[l][j] * partial(sum(k, 1:size(l - 1), W[l][j, k] * a[l - 1][k]) + b[l][j], b[l][j])",
  },
  {
    name: "two: ∂/∂z Σ … + b without parentheses",
    ranges: [j, next],
    before: "partial(z[l + 1][k], z[l][j])",
    wrong: "partial(sum(p, 1:size(l), W[l + 1][k, p] * sigma(z[l][p])), z[l][j]) + b[l + 1][k]",
    why: "in exact draw 1 at j = 1, k = 1",
    right: "partial(sum(p, 1:size(l), W[l + 1][k, p] * sigma(z[l][p])) + b[l + 1][k], z[l][j])",
  },
  {
    name: "four: ∂/∂w Σ … + b without parentheses",
    ranges: [j, k],
    before: "partial(J, z[l][j]) * partial(z[l][j], W[l][j, k])",
    wrong: "partial(J, z[l][j]) * partial(sum(p, 1:size(l - 1), W[l][j, p] * a[l - 1][p]), W[l][j, k]) + b[l][j]",
    why: "in exact draw 1 at j = 1, k = 1",
    right: "partial(J, z[l][j]) * partial(sum(p, 1:size(l - 1), W[l][j, p] * a[l - 1][p]) + b[l][j], W[l][j, k])",
  },
  {
    name: "four: the bound k captures the k of w_jk",
    ranges: [j, k],
    before: "partial(sum(p, 1:size(l - 1), W[l][j, p] * a[l - 1][p]), W[l][j, k])",
    wrong: "sum(k, 1:size(l - 1), partial(W[l][j, k] * a[l - 1][k], W[l][j, k]))",
    why: "in exact draw 1 at j = 1, k = 1",
    right: "sum(p, 1:size(l - 1), partial(W[l][j, p] * a[l - 1][p], W[l][j, k]))",
  },
  {
    name: "one: “only ∂a_j/∂z_j ≠ 0”, where the activation is softmax",
    ranges: [range("j", "3")],
    before: "delta[j]",
    wrong: "partial(J, a[j]) * partial(a[j], z[j])",
    why: "in exact draw 1 at j = 1",
    right: "sum(k, 1:3, partial(J, a[k]) * partial(a[k], z[j]))",
    points: softmaxPoints,
  },
  {
    name: "one: a softmax's derivative without the terms beside the diagonal",
    ranges: [range("j", "3")],
    before: "delta[j]",
    wrong: "partial(J, a[j]) * a[j] * (1 - a[j])",
    why: "in exact draw 1 at j = 1",
    right: "sum(k, 1:3, partial(J, a[k]) * a[k] * (kronecker(k, j) - a[j]))",
    points: softmaxPoints,
  },
  {
    name: "the loss: k as the number of outputs, where k is an index",
    ranges: [],
    before: "J",
    wrong: "1 / (2 * k) * sum(j, 1:k, (a[L][j] - y[j]) ^ 2)",
    why: "the index or variable k has no value here",
    right: "1 / (2 * size(L)) * sum(j, 1:size(L), (a[L][j] - y[j]) ^ 2)",
  },
  {
    name: "the input as x¹, which no equation ties to a¹",
    ranges: [range("j", "size(2)")],
    before: "z[2][j]",
    wrong: "sum(k, 1:size(1), W[2][j, k] * x[1][k]) + b[2][j]",
    why: "the variable x1 has no value here",
    right: "sum(k, 1:size(1), W[2][j, k] * x[k]) + b[2][j]",
  },
];

describe("a line of the article is refused, and the right one passes", () => {
  test.each(slips)("$name", ({ name, ranges, before, wrong, why, right, points: at = points }) => {
    const claim = (after: string) => (): unknown => certify(name, read(before), read(after), ranges, at);
    expect(claim(wrong)).toThrow(RefusedStep);
    expect(claim(wrong)).toThrow(`step ${name} is refused: ${why}\n`);
    expect(claim(wrong)).toThrow(print(read(wrong)));
    expect(claim(right)).not.toThrow();
  });

  test("“only ∂a_j/∂z_j ≠ 0” holds where the activation acts entry by entry", () => {
    const collapsed = read("partial(J, a[l][j]) * partial(a[l][j], z[l][j])");
    expect(certify("one", read("delta[l][j]"), collapsed, [j], points).draws).toBe(2);
  });
});

describe("a matrix form of the article is refused, and the right one passes", () => {
  const outcome = (matrix: string, entries: string, ranges: readonly Range[]): string => {
    try {
      return checkMatrixForm(read(matrix), read(entries), ranges, points).holds ? "equal" : "different";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const two = "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j])";
  const one = "partial(J, a[L][j]) * sigma_prime(z[L][j])";

  test.each([
    [
      "two: W without its transpose",
      { entries: two, ranges: [j] },
      "W[l + 1][:, :] * delta[l + 1][:]",
      "no product of 4 × 3 and 4 × 1",
      "transpose(W[l + 1][:, :]) * delta[l + 1][:]",
    ],
    [
      "two: w^T, which names no variable, for W^T",
      { entries: two, ranges: [j] },
      "transpose(w[l + 1][:, :]) * delta[l + 1][:]",
      "w3 is neither a tensor nor defined by an equation",
      "transpose(W[l + 1][:, :]) * delta[l + 1][:]",
    ],
    [
      "one: ∇J, read as the gradient by the weights, for the gradient by a^L",
      { entries: one, ranges: [range("j", "size(L)")] },
      "partial(J, W[L][:, :]) .* sigma_prime(z[L][:])",
      "shapes differ: 2 × 4 and 2 × 1",
      "partial(J, a[L][:]) .* sigma_prime(z[L][:])",
    ],
    [
      "one: ∇J, read as the gradient by the biases, for the gradient by a^L",
      { entries: one, ranges: [range("j", "size(L)")] },
      "partial(J, b[L][:]) .* sigma_prime(z[L][:])",
      "different",
      "partial(J, a[L][:]) .* sigma_prime(z[L][:])",
    ],
    [
      "four: the product of the article's own order, without its transpose",
      { entries: "partial(J, W[l][j, k])", ranges: [j, k] },
      "a[l - 1][:] * delta[l][:]",
      "no product of 2 × 1 and 3 × 1",
      "delta[l][:] * transpose(a[l - 1][:])",
    ],
    [
      "four: the product of the article's own order, transposed",
      { entries: "partial(J, W[l][j, k])", ranges: [j, k] },
      "a[l - 1][:] * transpose(delta[l][:])",
      "different",
      "delta[l][:] * transpose(a[l - 1][:])",
    ],
  ])("%s", (_, { entries, ranges }, wrong, why, right) => {
    expect(outcome(wrong, entries, ranges)).toBe(why === "different" ? why : `${why}\n  in ${wrong}`);
    expect(outcome(right, entries, ranges)).toBe("equal");
  });
});

describe("a derivation says what the article leaves out", () => {
  const { forward, lossDerivative, equations } = derive(network);
  const trees = [
    ...forward.map(({ value }) => value),
    ...lossDerivative.steps.map(({ after }) => after),
    ...equations.flatMap(({ goal, steps, evaluation }) => [goal, ...[...steps, ...evaluation].map((s) => s.after)]),
  ];
  const ranges = [...forward, ...equations].flatMap((e) => e.ranges);
  const sums = trees.flatMap(nodes).flatMap((node) => {
    const v = view(node);
    return v.kind === "sum" ? [v] : [];
  });

  test("a¹ is x, before all else", () => {
    expect(print(leftSide(forward[0] as Equation))).toBe("a1[j]");
    expect(print(forward[0]?.value as Expr)).toBe("x[j]");
  });

  test("every sum has a bound, and none without one can be read", () => {
    expect(sums.length).toBeGreaterThan(20);
    expect(sums.map(({ to }) => view(to).kind).filter((kind) => kind !== "size")).toEqual([]);
    for (const sum of ["sum(k, W[l][j, k] * a[l - 1][k])", "sum(k, :, W[l][j, k] * a[l - 1][k])"])
      expect(() => read(sum)).toThrow("a sum is written sum(k, 1:n, body)");
  });

  test("no letter is an index here and a number there", () => {
    const indices = new Set([...sums, ...ranges].map(({ index }) => index));
    const sizes = [...sums.map(({ to }) => to), ...ranges.map(({ size }) => size)];
    const numbers = new Set([...trees, ...sizes].flatMap(quantities));
    expect([...indices].sort()).toEqual(["j", "k", "p", "q"]);
    expect([...numbers].filter((name) => indices.has(name))).toEqual([]);
    expect(new Set(sizes.flatMap(quantities))).toEqual(new Set(["l", "L"]));
  });

  test("δ is used where it has been defined", () => {
    const isDelta = (node: Expr): boolean => {
      const v = view(node);
      return v.kind === "atom" && v.variable.family === "delta";
    };
    const [{ goal, steps }] = equations as [DerivedEquation];
    expect(print(goal)).toBe("delta[L][j]");
    expect([steps[0]?.rule, print(steps[0]?.after as Expr)]).toEqual(["adjoint-definition", "partial(J, z[L][j])"]);
    // From there on a δ comes in by its definition alone.
    for (const { rule, before, after } of equations.flatMap((e) => [...e.steps, ...e.evaluation]))
      if (some(after, isDelta) && !some(before, isDelta)) expect(rule).toBe("adjoint-name");
  });

  const ofNumbers = Object.keys(activations).filter((name) => !isOfLayer(activationFormula(name)));
  test.each(ofNumbers)("σ = %s is given, and σ′ is worked out", (activation) => {
    const derived = derive(parseNetwork("2-3-1", { activation }));
    const [{ definition, goal, steps, derivative }] = derived.functions as [DerivedFunction];
    expect(some(definition.value, (node) => print(node) === "z")).toBe(true);
    expect(print(goal)).toBe("sigma_prime(z)");
    expect(print(steps[0]?.after as Expr)).toBe(`partial(${print(definition.value)}, z)`);
    for (const result of [derivative, ...derived.equations.map(({ evaluated }) => evaluated)])
      expect(print(result)).not.toMatch(/sigma_prime|partial/);
  });

  test("∂J/∂a is evaluated", () => {
    expect(print(lossDerivative.goal)).toBe("partial(J, a[L][j])");
    expect(print(lossDerivative.value)).toBe("1 / size(L) * (a[L][j] - y[j])");
    expect(print(equations[0]?.evaluated as Expr)).toContain(print(lossDerivative.value));
  });

  test("three and four have a matrix form", () => {
    expect(equations.slice(2).map(({ matrix }) => print(matrix?.statement as Expr))).toEqual([
      "delta[l][:]",
      "delta[l][:] * transpose(a[l - 1][:])",
    ]);
  });

  test("the note under three speaks of biases, the note under four of weights", () => {
    expect(titles.BP3.meaning.en).toMatch(/^(?!.*weight).*bias/);
    expect(titles.BP3.meaning.zh).toMatch(/^(?!.*权重).*偏置/);
    expect(titles.BP4.meaning.en).toMatch(/^(?!.*bias).*weight/);
    expect(titles.BP4.meaning.zh).toMatch(/^(?!.*偏置).*权重/);
  });

  test("of the terms of a sum one is non-zero: nothing is “differentiable only if p = j”", () => {
    expect(reasons.collapse.reason.en).toContain("non-zero");
    expect(reasons.collapse.reason.zh).toContain("不为零");
    for (const { name, reason } of [reasons.collapse, reasons["independent-entries"]])
      for (const language of languages)
        expect(`${name[language]} ${reason[language]}`).not.toMatch(/differentiable|可导|可微/);
  });
});

const nodes = (expr: Expr): readonly Expr[] => [expr, ...children(expr).flatMap(nodes)];

/** The symbols that stand for numbers, not those in the place of an index. */
function quantities(expr: Expr): readonly string[] {
  const v = view(expr);
  if (v.kind === "symbol") return [v.name];
  return v.kind === "atom" || v.kind === "kronecker" ? [] : children(expr).flatMap(quantities);
}
