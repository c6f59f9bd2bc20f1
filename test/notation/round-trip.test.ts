import { describe, expect, test } from "vitest";
import { derive, type CheckedStep, type Derivation, type MatrixForm } from "../../src/derivation/index.ts";
import { genericEquations, leftSide, type Equation, type Range } from "../../src/equations/index.ts";
import {
  atom,
  call,
  entriesMatrix,
  multiply,
  num,
  read,
  spellOut,
  sym,
  tensorEntries,
  type Expr,
} from "../../src/expression/index.ts";
import {
  latex,
  readLatex,
  typesetFormula,
  type Bounds,
  type Formula,
  type Notation,
} from "../../src/notation/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { randomTree } from "./random-tree.ts";
import { describeFormula, expectSame, expression, network, scalars } from "./round-trip.ts";

describe("everything in a derivation reads back as the tree that was checked", () => {
  const bounds = (ranges: readonly Range[]): Bounds[] =>
    ranges.map(({ index, size }) => ({ least: num(1), index: sym(index), most: size }));
  const equality = (left: Expr, right: Expr, ranges: readonly Range[] = []): Formula => ({
    kind: "equality",
    left,
    right,
    where: bounds(ranges),
  });
  const ofEquation = (e: Equation): Formula => equality(leftSide(e), e.value, e.ranges);

  const ofSteps = (steps: readonly CheckedStep[]): Formula[] =>
    steps.flatMap(({ before, after, slots }) => [equality(before, after), ...Object.values(slots).map(expression)]);
  const ofMatrix = ({ goal, statement, shape, shapes }: MatrixForm): Formula[] => [
    equality(goal, statement),
    { kind: "shape", sizes: shape },
    ...(shapes === null ? [] : [expression(shapes)]),
  ];

  const formulasOf = ({ equations, lossDerivative, model, layers }: Derivation): Formula[] => [
    equality(lossDerivative.goal, lossDerivative.value, lossDerivative.ranges),
    ...ofSteps(lossDerivative.steps),
    ...equations.flatMap(({ goal, statement, ranges, steps, evaluated, evaluation, matrix }) => [
      equality(goal, statement, ranges),
      expression(evaluated),
      ...ofSteps([...steps, ...evaluation]),
      ...(matrix === null ? [] : ofMatrix(matrix)),
    ]),
    ...model.equations.map(ofEquation),
    ...layers.flatMap((layer) =>
      [layer.delta, layer.bias, layer.weight].map(({ goal, value, ranges }) => equality(goal, value, ranges)),
    ),
  ];

  const rows = [
    ["2-3-1", {}],
    ["4-2", {}],
    ["3-4-2", { activation: "tanh,z/(1+exp(-z))", loss: "mean(exp(a-y))*3" }],
    ["2-3-4-5-6", { activation: "softplus" }],
  ] as const;
  const derivations = rows.map(([sizes, options]) => [sizes, derive(parseNetwork(sizes, options))] as const);

  test.each(derivations)("%s", (_, derivation) => {
    const formulas = formulasOf(derivation);
    expect(formulas.length).toBeGreaterThan(40);
    for (const formula of formulas) expectSame(formula);
  });

  test.each(derivations)("the functions of %s", (_, { functions: derived }) => {
    for (const { definition, form, goal, steps, derivative } of derived) {
      const value = call("sigma", definition.layer === null ? null : num(definition.layer), sym("z"));
      expectSame(equality(value, definition.value), scalars);
      expectSame(equality(goal, derivative), scalars);
      expectSame(
        { kind: "equality", left: goal, right: form.formula, with: { left: sym("a"), right: value } },
        scalars,
      );
      for (const formula of ofSteps(steps)) expectSame(formula, scalars);
    }
  });

  test.each(derivations)("the equations of a generic layer, for %s", (_, derivation) => {
    const { hidden, output } = genericEquations(derivation.network);
    for (const equation of [...hidden.flatMap(({ model }) => model.equations), ...output.equations])
      expectSame(ofEquation(equation));
  });

  test.each(derivations)("sums of %s written out, in full and with dots", (_, { model, layers }) => {
    const values = [
      ...model.equations.map((e) => e.value),
      ...layers.flatMap(({ delta, bias, weight }) => [delta.value, bias.value, weight.value]),
    ];
    for (const value of values) for (const most of [3, 10]) expectSame(expression(spellOut(value, most)));
  });
});

describe("matrices and sums, elided or not", () => {
  const variables = [
    [{ family: "W2", layer: null }, [2, 3], 4],
    [{ family: "W2", layer: null }, [20, 30], 4],
    [{ family: "W2", layer: null }, [2, 784], 4],
    [{ family: "W2", layer: null }, [784, 1], 4],
    [{ family: "W", layer: sym("l") }, [1, 30], 3],
    [{ family: "b3", layer: null }, [4], 4],
    [{ family: "delta3", layer: null }, [784], 4],
    [{ family: "x", layer: null }, [100], 2],
  ] as const;
  test.each(variables)("%o of %o with at most %i lines", (variable, sizes, most) =>
    expectSame(expression(tensorEntries(variable, sizes, most))),
  );

  test("a matrix of products", () => {
    const entry = (i: number, j: number): Expr =>
      multiply(atom({ family: "delta2", layer: null }, [num(i)]), atom({ family: "x", layer: null }, [num(j)]));
    expectSame(expression(entriesMatrix(30, 784, 4, entry)));
  });

  test("a wide sum", () => expectSame(expression(spellOut(read("sum(k, 1:784, W2[12, k] * x[k]) + b2[12]"), 4))));
});

describe("random trees read back as themselves", () => {
  test.each([1, 2, 3, 4, 5])("400 trees from seed %i", (seed) => {
    for (let nth = 0; nth < 400; nth++) expectSame(expression(randomTree(seed * 1000 + nth)));
  });
});

describe("a printer that shows something else is found out", () => {
  const formula: Formula = {
    kind: "equality",
    left: read("delta[l][:]"),
    right: read(
      "(transpose(W[l + 1][:, :]) * delta[l + 1][:]) .* sigma_prime(z[l][:]) - sum(k, 1:3, x[k]) * (J + 2 * 3) + abs(J) * (J > 0 ? 1 : 2) - maximum(k, 1:3, x[k])",
    ),
  };
  test("but not the printer as it is", () => expectSame(formula));
  test.each<[string, Partial<Notation>]>([
    ["σ for δ", { letter: (name) => latex.letter(name === "delta" ? "sigma" : name) }],
    ["plus for minus", { minus: "+" }],
    ["a product for ⊙", { hadamard: "\\cdot" }],
    ["the transpose left out", { transposed: "1" }],
    ["σ for σ′", { scripts: (base, below, above) => latex.scripts(base, below, above === "\\prime" ? "" : above) }],
    ["a layer above as an index", { scripts: (base, below, above) => latex.scripts(base, above, below) }],
    ["parentheses left out", { parentheses: (inside) => inside }],
    ["dots between numbers left out", { product: (left, right) => `${left} ${right}` }],
    ["sums from zero", { sum: (index, to) => `\\sum_{${index}=0}^{${to}}` }],
    ["the opposite of a choice", { comparisons: { ...latex.comparisons, ">": "<", "<=": "\\ge" } }],
    ["a choice that overlaps itself", { comparisons: { ...latex.comparisons, "<=": "\\ge" } }],
    ["the other case first", { choice: (first, other) => latex.choice(other, first) }],
    ["a maximum as a sum", { maximum: latex.sum }],
    ["an absolute value as its argument", { absolute: (argument) => latex.parentheses(argument, false) }],
    ["bounds of sums one short", { sum: (index, to) => latex.sum(index, `${to}-1`) }],
  ])("%s", (_, wrong) => {
    const text = typesetFormula(formula, { ...latex, ...wrong });
    const seen = (): string => describeFormula(readLatex(text, network));
    expect(tryTo(seen), text).not.toBe(describeFormula(formula));
  });
});

function tryTo(read: () => string): string {
  try {
    return read();
  } catch (error) {
    return `refused: ${String(error)}`;
  }
}
