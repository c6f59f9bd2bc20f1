import {
  confirmedAgreement,
  reasons,
  titles,
  workedExample,
  type CheckedStep,
  type Derivation,
  type DerivedEquation,
  type ExampleLine,
  type ExampleStage,
  type Instance,
  type Language,
  type MatrixForm,
  type WorkedExample,
} from "../derivation/index.ts";
import { leftSide, type Equation, type Range } from "../equations/index.ts";
import { print, printEquality, type Expr } from "../expression/index.ts";
import { latex, typeset, typesetFormula, type Formula } from "../notation/index.ts";
import { costOf } from "../program/index.ts";
import { exampleOf, type ArrangeOptions } from "./arrange.ts";
import { sections, type Rich } from "./content.ts";
import type { EmittedCode } from "./numbers.ts";
import { brief } from "./written.ts";

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

/**
 * The derivation for machines; the shape is a contract, keys are only added. What the options leave out of a
 * document is left out here too: the example, the check, the cost and the code.
 */
export function toJson(derivation: Derivation, version: string, options: ArrangeOptions = {}): string {
  const { network, forward, functions, jacobians, lossDerivative, equations, model, layers } = derivation;
  const value = {
    deltarule: version,
    network,
    forward: forward.map((equation) => ({ ...equationFormula(equation), matrix: matrixJson(equation.matrix) })),
    functions: functions.map(({ definition, form, kinks, goal, steps, derivative }) => ({
      name: definition.name,
      layer: definition.layer,
      value: expression(definition.value),
      derivative: { in: form.in, ...expression(form.formula) },
      derived: equality(goal, derivative),
      kinks: kinks.map(({ at, left, right, chosen }) => ({
        at: print(at),
        left: print(left),
        right: print(right),
        chosen: print(chosen),
      })),
      steps: steps.map(stepJson),
    })),
    jacobians: jacobians.map(({ equation, ranges, goal, value, steps }) => ({
      activation: equationFormula(equation),
      ...equality(goal, value),
      ranges: rangesJson(ranges),
      steps: steps.map(stepJson),
    })),
    lossDerivative: {
      ...equality(lossDerivative.goal, lossDerivative.value),
      ranges: rangesJson(lossDerivative.ranges),
      steps: lossDerivative.steps.map(stepJson),
    },
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
    ...numbersJson(derivation, options),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function numbersJson(derivation: Derivation, options: ArrangeOptions): object {
  const { sections: wanted = sections, elision = brief, code } = options;
  const data = exampleOf(derivation, options);
  return {
    ...(wanted.includes("cost") ? { cost: costOf(derivation.network) } : {}),
    ...(wanted.includes("example") ? { example: exampleJson(workedExample(derivation, data(), elision.terms)) } : {}),
    ...(wanted.includes("check") ? { agreement: confirmedAgreement(derivation, data()) } : {}),
    ...(wanted.includes("code") && code !== undefined ? { code: codeJson(code) } : {}),
  };
}

function exampleJson({ data, forward, loss, backward, update }: WorkedExample): object {
  const line = (entry: ExampleLine | null): object | null =>
    entry === null
      ? null
      : {
          ...equality(entry.goal, entry.formula),
          substituted: expression(entry.substituted),
          value: expression(entry.value),
        };
  const stage = ({ equation, layer, lines }: ExampleStage): object => ({ equation, layer, lines: lines.map(line) });
  return {
    source: data.source,
    given: Object.fromEntries([...data.literals].map(([name, literals]) => [name, literals.map(Number)])),
    forward: forward.map(stage),
    loss: line(loss),
    backward: backward.map(stage),
    update:
      update === null
        ? null
        : {
            learningRate: Number(update.learningRate),
            lines: update.lines.map(line),
            lossAfter: expression(update.lossAfter),
          },
  };
}

const codeJson = ({ command, references }: EmittedCode): object => ({
  command,
  places: references.map(({ equations, ranges }) => ({
    equations: equations.map(({ tag, goal, value }) => ({ tag, ...equality(goal, value) })),
    ranges,
  })),
});

const matrixJson = (matrix: MatrixForm | null): object | null =>
  matrix === null
    ? null
    : { ...equality(matrix.goal, matrix.statement), shape: matrix.shape.map(print), check: matrix.check };

export const rangesJson = (ranges: readonly Range[]): Readonly<Record<string, string>> =>
  Object.fromEntries(ranges.map(({ index, size }) => [index, `1:${print(size)}`]));

const equationFormula = (equation: Equation): JsonFormula & { readonly ranges: Readonly<Record<string, string>> } => ({
  ...equality(leftSide(equation), equation.value),
  ranges: rangesJson(equation.ranges),
});

function equationJson({
  id,
  condition,
  spans,
  ranges,
  goal,
  statement,
  evaluated,
  matrix,
  steps,
  evaluation,
  underAssumption,
}: DerivedEquation): object {
  return {
    id,
    title: titles[id].title,
    condition,
    layers: spans.map(({ from, to }) => `${print(from)}:${print(to)}`),
    ranges: rangesJson(ranges),
    statement: equality(goal, statement),
    matrix: matrixJson(matrix),
    evaluated: equality(goal, evaluated),
    steps: steps.map(stepJson),
    evaluation: evaluation.map(stepJson),
    underAssumption: underAssumption.map(stepJson),
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

export const reasonText = ({ words, slots }: Rich): string =>
  words.replace(/\{(\w+)\}/g, (_, name: string) => `$${typesetFormula(slots[name] as Formula, latex)}$`);

const instanceJson = ({ equation, goal, value, check }: Instance): object => ({
  equation,
  ...equality(goal, value),
  check,
});
