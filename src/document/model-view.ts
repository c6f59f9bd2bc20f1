import {
  asPartials,
  modelMatrixForms,
  type CheckedStep,
  type DerivedAdjoint,
  type MatrixForm,
  type ModelDerivation,
} from "../derivation/index.ts";
import { leftSide, variableKey, type Equation, type ForwardModel, type Range } from "../equations/index.ts";
import { isBinder, some, sym, view, wholeTensor, type Expr, type Variable } from "../expression/index.ts";
import { asWritten, type Formula } from "../notation/index.ts";
import type { Block } from "./content.ts";
import { equality, overRanges, type Speak } from "./phrase.ts";
import { stepLines } from "./steps.ts";

/** A derivation of a model as documents show it: z̄ as ∂J/∂z, and names as the file has them. */
export interface ModelView {
  readonly derivation: ModelDerivation;
  readonly show: (expr: Expr) => Expr;
  /** J */
  readonly objective: Expr;
  /** Matrix forms of the equations and of the adjoints, as they are shown. */
  readonly forms: () => { readonly equations: readonly ShownForm[]; readonly adjoints: readonly ShownForm[] };
}
type ShownForm = MatrixForm | null;

export function modelView(derivation: ModelDerivation): ModelView {
  const { objective } = derivation.model;
  const show = (expr: Expr): Expr => asWritten(asPartials(expr, objective));
  const shown = (form: ShownForm): ShownForm =>
    form === null ? null : { ...form, goal: show(form.goal), statement: show(form.statement) };
  let known: ReturnType<ModelView["forms"]> | null = null;
  const forms = (): ReturnType<ModelView["forms"]> => {
    const { equations, adjoints } = modelMatrixForms(derivation);
    return { equations: equations.map(shown), adjoints: adjoints.map(shown) };
  };
  return { derivation, show, objective: sym(objective.family), forms: () => (known ??= forms()) };
}

/** A tensor or variable of the model without its indices. */
export function symbolOf(variable: Variable, { derivation: { model }, show }: ModelView): Expr {
  return show(wholeTensor(variable, sizesOf(variable, model).length));
}

/** The sizes of the indices of a tensor or a variable. */
export function sizesOf(variable: Variable, { tensors, equations }: ForwardModel): readonly Expr[] {
  const key = variableKey(variable);
  const tensor = tensors.find((t) => variableKey(t.variable) === key);
  const equation = equations.find((e) => variableKey(e.variable) === key);
  return tensor?.sizes ?? equation?.ranges.map(({ size }) => size) ?? [];
}

/** The equations whose right sides mention a variable. */
export function usersOf(variable: Variable, { equations }: ForwardModel): readonly Equation[] {
  const key = variableKey(variable);
  return equations.filter(({ value }) =>
    some(value, (node) => {
      const v = view(node);
      return v.kind === "atom" ? variableKey(v.variable) === key : v.kind === "symbol" && v.name === key;
    }),
  );
}

/** The letters that count entries in the equations, each with its size. */
export function indicesOf({ equations }: ForwardModel): readonly Range[] {
  const found = new Map<string, Expr>();
  const add = (index: string, size: Expr): void => void found.set(index, found.get(index) ?? size);
  for (const { ranges, value } of equations) {
    ranges.forEach(({ index, size }) => add(index, size));
    some(value, (node) => {
      const v = view(node);
      if (isBinder(v)) add(v.index, v.to);
      return false;
    });
  }
  return [...found].map(([index, size]) => ({ index, size }));
}

export const equationFormula = (equation: Equation, { show }: ModelView): Formula =>
  equality(show(leftSide(equation)), show(equation.value), overRanges(equation.ranges));

export const adjointFormula = ({ goal, evaluated, ranges }: DerivedAdjoint, { show }: ModelView): Formula =>
  equality(show(goal), show(evaluated), overRanges(ranges));

/** Steps with everything in them as it is shown. */
const shownSteps = (steps: readonly CheckedStep[], { show }: ModelView): readonly CheckedStep[] =>
  steps.map((step) => ({
    ...step,
    before: show(step.before),
    after: show(step.after),
    slots: Object.fromEntries(Object.entries(step.slots).map(([name, slot]) => [name, show(slot)])),
  }));

/** @param start the number of the first step: a derivation may go on after some words */
export const stepsBlock = (
  left: Expr,
  steps: readonly CheckedStep[],
  of: ModelView,
  speak: Speak,
  start = 1,
): Block => ({
  kind: "steps",
  left: of.show(left),
  lines: stepLines(shownSteps(steps, of), speak.language),
  start,
});
