import {
  reasons,
  titles,
  type CheckedStep,
  type Derivation,
  type DerivedEquation,
  type Instance,
  type Language,
} from "../derivation/index.ts";
import { leftSide, type Equation, type Range } from "../equations/index.ts";
import { print, printEquality, type Expr } from "../expression/index.ts";
import { latex, typeset, typesetFormula, type Formula } from "../notation/index.ts";
import type { Rich } from "./content.ts";

/** A formula twice: `math` reads back to the identical tree, `latex` is what documents show. */
export interface JsonFormula {
  readonly math: string;
  readonly latex: string;
}

const expression = (expr: Expr): JsonFormula => ({ math: print(expr), latex: typeset(expr, latex).text });
const equality = (left: Expr, right: Expr): JsonFormula => ({
  math: printEquality(left, right),
  latex: typesetFormula({ kind: "equality", left, right }, latex),
});

/** The derivation for machines; the shape is a contract, keys are only added. */
export function toJson(derivation: Derivation, version: string): string {
  const { network, forward, functions, equations, model, layers } = derivation;
  const value = {
    deltarule: version,
    network,
    forward: forward.map(equationFormula),
    functions: functions.map(({ definition, form }) => ({
      name: definition.name,
      layer: definition.layer,
      value: expression(definition.value),
      derivative: { in: form.in, ...expression(form.formula) },
    })),
    equations: equations.map(equationJson),
    layers: layers.map(({ layer, delta, bias, weight }) => ({
      layer,
      delta: instanceJson(delta),
      bias: instanceJson(bias),
      weight: instanceJson(weight),
    })),
    gradients: Object.fromEntries(
      layers
        .flatMap(({ bias, weight }) => [weight, bias])
        .map((instance) => [instance.target.family, instanceJson(instance)]),
    ),
    model: model.equations.map(equationFormula),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

const rangesJson = (ranges: readonly Range[]): Readonly<Record<string, string>> =>
  Object.fromEntries(ranges.map(({ index, size }) => [index, `1:${print(size)}`]));

const equationFormula = (equation: Equation): JsonFormula & { readonly ranges: Readonly<Record<string, string>> } => ({
  ...equality(leftSide(equation), equation.value),
  ranges: rangesJson(equation.ranges),
});

function equationJson({
  id,
  condition,
  ranges,
  goal,
  statement,
  evaluated,
  matrix,
  steps,
  evaluation,
}: DerivedEquation): object {
  return {
    id,
    title: titles[id].title,
    condition,
    ranges: rangesJson(ranges),
    statement: equality(goal, statement),
    matrix:
      matrix === null
        ? null
        : { ...equality(matrix.goal, matrix.statement), shape: matrix.shape.map(print), check: matrix.check },
    evaluated: equality(goal, evaluated),
    steps: steps.map(stepJson),
    evaluation: evaluation.map(stepJson),
  };
}

function stepJson({ rule, before, after, slots, check }: CheckedStep): object {
  const formulas = Object.fromEntries(
    Object.entries(slots).map(([name, expr]): [string, Formula] => [name, { kind: "expression", expr }]),
  );
  const said = (language: Language): string => reasonText({ words: reasons[rule].reason[language], slots: formulas });
  return {
    rule,
    reason: { en: said("en"), zh: said("zh") },
    before: expression(before),
    after: expression(after),
    check,
  };
}

const reasonText = ({ words, slots }: Rich): string =>
  words.replace(/\{(\w+)\}/g, (_, name: string) => `$${typesetFormula(slots[name] as Formula, latex)}$`);

const instanceJson = ({ equation, goal, value, check }: Instance): object => ({
  equation,
  ...equality(goal, value),
  check,
});
