import {
  asPartials,
  compareModelWithDifferences,
  languages,
  modelMatrixForms,
  reasons,
  type CheckedStep,
  type MatrixForm,
  type ModelDerivation,
} from "../derivation/index.ts";
import { leftSide } from "../equations/index.ts";
import { print, printEquality, type Expr } from "../expression/index.ts";
import { asWritten, latex, typeset, typesetFormula, type Formula } from "../notation/index.ts";
import { sections } from "./content.ts";
import { rangesJson, reasonText, type JsonFormula } from "./json.ts";
import type { ModelArrangeOptions } from "./model-arrange.ts";

/** Writes formulas of one model: adjoints as ∂J/∂v, names in LaTeX as the file has them. */
interface Writer {
  readonly expression: (expr: Expr) => JsonFormula;
  readonly equality: (left: Expr, right: Expr) => JsonFormula;
  readonly step: (step: CheckedStep) => object;
  readonly matrix: (form: MatrixForm | null) => object | null;
}

/**
 * The derivation of a model for machines; the shape is a contract, keys are only added. What the options leave out
 * of a document is left out here too: the check and the code.
 *
 * @throws RefusedStep where a matrix form or the gradient is not what was derived
 */
export function modelToJson(derivation: ModelDerivation, version: string, options: ModelArrangeOptions = {}): string {
  const { name, model, sizes, functions, adjoints } = derivation;
  const partials = (expr: Expr): Expr => asPartials(expr, model.objective);
  const { equality, step, matrix } = writerFor(partials, (expr) => asWritten(partials(expr)));
  const ofFunctions = writerFor(asItIs, asItIs);
  const forms = modelMatrixForms(derivation);
  const value = {
    deltarule: version,
    model: name,
    sizes: Object.fromEntries(sizes),
    objective: model.objective.family,
    output: model.output.family,
    tensors: model.tensors.map(({ variable, role, sizes: own }) => ({
      name: variable.family,
      role,
      shape: own.map(print),
    })),
    forward: model.equations.map((equation, i) => ({
      variable: equation.variable.family,
      ranges: rangesJson(equation.ranges),
      ...equality(leftSide(equation), equation.value),
      matrix: matrix(forms.equations[i] ?? null),
    })),
    functions: functions.map(({ definition, form, kinks, goal, steps, derivative }) => ({
      name: definition.name,
      argument: definition.argument,
      value: ofFunctions.expression(definition.value),
      derivative: { in: form.in, ...ofFunctions.expression(form.formula) },
      derived: ofFunctions.equality(goal, derivative),
      kinks: kinks.map(({ at, left, right, chosen }) => ({
        at: print(at),
        left: print(left),
        right: print(right),
        chosen: print(chosen),
      })),
      steps: steps.map(ofFunctions.step),
    })),
    adjoints: adjoints.map(({ target, isParameter, ranges, goal, statement, evaluated, steps, evaluation }, i) => ({
      target: target.family,
      isParameter,
      ranges: rangesJson(ranges),
      statement: equality(goal, statement),
      evaluated: equality(goal, evaluated),
      matrix: matrix(forms.adjoints[i] ?? null),
      steps: steps.map(step),
      evaluation: evaluation.map(step),
    })),
    ...checkJson(derivation, options),
    ...codeJson(options, equality),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

const asItIs = (expr: Expr): Expr => expr;

/**
 * @param partials what a formula says, with adjoints as derivatives
 * @param shown the same as it is typeset
 */
function writerFor(partials: (expr: Expr) => Expr, shown: (expr: Expr) => Expr): Writer {
  const expression = (expr: Expr): JsonFormula => ({
    math: print(partials(expr)),
    latex: typeset(shown(expr), latex).text,
  });
  const equality = (left: Expr, right: Expr): JsonFormula => ({
    math: printEquality(partials(left), partials(right)),
    latex: typesetFormula({ kind: "equality", left: shown(left), right: shown(right) }, latex),
  });
  return {
    expression,
    equality,
    step: ({ rule, before, after, slots, check }) => {
      const formulas = Object.fromEntries(
        Object.entries(slots).map(([name, expr]): [string, Formula] => [
          name,
          { kind: "expression", expr: shown(expr) },
        ]),
      );
      const said = languages.map(
        (language) => [language, reasonText({ words: reasons[rule].reason[language], slots: formulas })] as const,
      );
      return { rule, reason: Object.fromEntries(said), before: expression(before), after: expression(after), check };
    },
    matrix: (form) =>
      form === null
        ? null
        : { ...equality(form.goal, form.statement), shape: form.shape.map(print), check: form.check },
  };
}

function checkJson(derivation: ModelDerivation, { sections: wanted = sections }: ModelArrangeOptions): object {
  if (!wanted.includes("check")) return {};
  const { sizes, tensors } = compareModelWithDifferences(derivation);
  return { agreement: { sizes: Object.fromEntries(sizes), tensors } };
}

function codeJson(
  { sections: wanted = sections, code }: ModelArrangeOptions,
  equality: (left: Expr, right: Expr) => JsonFormula,
): object {
  if (!wanted.includes("code") || code === undefined) return {};
  const places = code.references.map(({ equations, ranges }) => ({
    equations: equations.map(({ tag, goal, value }) => ({ tag, ...equality(goal, value) })),
    ranges,
  }));
  return { code: { command: code.command, places } };
}
