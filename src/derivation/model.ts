import {
  deriveLocalAdjoint,
  rules,
  type Adjoint,
  type DerivativeForm,
  type KnownDerivative,
  type Rule,
  type RuleId,
} from "../calculus/index.ts";
import { variableKey, type ForwardModel, type Range } from "../equations/index.ts";
import {
  children,
  allSymbols,
  freshIndex,
  isBinder,
  print,
  some,
  view,
  type Expr,
  type Variable,
} from "../expression/index.ts";
import { derivativeForm } from "../exact/index.ts";
import { adjointVariable } from "./adjoint-variable.ts";
import { checkedSteps } from "./certify.ts";
import type { CheckedStep, DerivedFunction, MatrixForm } from "./derivation.ts";
import { derivedFunction } from "./functions.ts";
import { refuseModelJumps } from "./jumps.ts";
import { localPoints } from "./model-points.ts";

/** The adjoint of a variable or parameter of a model, v̄ = ∂J/∂v, with its derivation. */
export interface DerivedAdjoint {
  readonly target: Variable;
  readonly isParameter: boolean;
  readonly ranges: readonly Range[];
  /** v̄_I */
  readonly goal: Expr;
  readonly statement: Expr;
  readonly steps: readonly CheckedStep[];
  /** The same with the derivatives of functions put in. */
  readonly evaluated: Expr;
  readonly evaluation: readonly CheckedStep[];
  readonly matrix: MatrixForm | null;
}

/** What is derived from a list of forward equations. */
export interface ModelDerivation {
  readonly name: string;
  readonly model: ForwardModel;
  /** Values of the named sizes. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly functions: readonly DerivedFunction[];
  /** In the order in which they are computed: from J back to the first variable, then the parameters. */
  readonly adjoints: readonly DerivedAdjoint[];
}

/**
 * Derives the adjoint of every variable and parameter of a model, every step checked exactly at random sizes.
 *
 * @param model with sizes that have names, `size(h)`, or are numbers
 * @throws RefusedStep where two sides of a step differ in an exact draw
 * @throws Problem where an equation or a function jumps
 */
export function deriveModel(
  name: string,
  model: ForwardModel,
  sizes: ReadonlyMap<string, number>,
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): ModelDerivation {
  refuseModelJumps(model);
  const functions = model.functions.map((definition) => derivedFunction(definition, ruleSet));
  const points = localPoints(model, sizes);
  const forms = functions.map(({ form }) => form);
  const parameters = new Set(model.tensors.flatMap((t) => (t.role === "parameter" ? [variableKey(t.variable)] : [])));
  const adjoints = modelAdjoints(model, forms, ruleSet).map(({ target, ranges, goal, statement, evaluation }) => {
    const title = `adjoint of ${variableKey(target)}`;
    return {
      target,
      isParameter: parameters.has(variableKey(target)),
      ranges,
      goal,
      statement: statement.result,
      steps: checkedSteps(title, statement.steps, ranges, () => points),
      evaluated: evaluation.result,
      evaluation: checkedSteps(`${title}.evaluated`, evaluation.steps, ranges, () => points),
      matrix: null,
    };
  });
  return { name, model, sizes, functions, adjoints };
}

/** The adjoint of every variable that J depends on, in the order in which they are computed, then those of the parameters. */
export function modelAdjoints(
  model: ForwardModel,
  forms: readonly DerivativeForm[] = model.functions.map(derivativeForm),
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): readonly Adjoint[] {
  const computed = model.equations.filter(({ variable }) => variableKey(variable) !== variableKey(model.objective));
  const parameters = model.tensors.filter(({ role }) => role === "parameter");
  const adjoints = new Map(
    [...computed, ...parameters].map(({ variable }) => [variableKey(variable), adjointVariable(variable)]),
  );
  const values: KnownDerivative[] = [];
  const derived: Adjoint[] = [];
  const targets = [
    ...[...computed].reverse().map(({ variable, ranges }) => ({ variable, ranges, isParameter: false })),
    ...parameters.map(({ variable, sizes }) => ({ variable, ranges: withLetters(sizes, model), isParameter: true })),
  ];
  for (const { variable, ranges, isParameter } of targets) {
    const known = { forms, objective: null, adjointValues: isParameter ? [] : values };
    const adjoint = deriveLocalAdjoint(model, variable, ranges, adjoints, known, ruleSet);
    derived.push(adjoint);
    if (isAwkward(adjoint.evaluation.result, adjoints))
      values.push({
        variable: adjointVariable(variable),
        indices: ranges.map(({ index }) => index),
        value: adjoint.evaluation.result,
      });
  }
  return derived;
}

/**
 * Is an adjoint better put in than computed by itself? −y/a, a derivative of the loss alone, has no value at a = 0,
 * and a factor a beside it cancels.
 */
function isAwkward(value: Expr, adjoints: ReadonlyMap<string, Variable>): boolean {
  const names = new Set([...adjoints.values()].map(({ family }) => family));
  const mentionsAdjoint = some(value, (node) => {
    const v = view(node);
    return v.kind === "atom" && names.has(v.variable.family);
  });
  const divides = some(value, (node) => {
    const v = view(node);
    return v.kind === "divide" && mayVanish(v.under);
  });
  return divides && !mentionsAdjoint;
}

/** Has a divisor an entry in it as it stands? One under a function, as in cosh(a), is left alone. */
const mayVanish = (under: Expr): boolean =>
  view(under).kind === "atom" || (view(under).kind !== "call" && children(under).some(mayVanish));

/** Letters for the indices of a tensor: those that the equations use for indices of these sizes, else fresh ones. */
function withLetters(sizes: readonly Expr[], model: ForwardModel): readonly Range[] {
  const known = lettersOf(model);
  const variables = [...model.tensors, ...model.equations].map(({ variable }) => variable.family);
  const symbols = [...model.tensors.flatMap((t) => t.sizes), ...known.map(({ size }) => size)].flatMap((size) => [
    ...allSymbols(size),
  ]);
  const names = [...known.map(({ index }) => index), ...variables, ...symbols];
  const taken = new Set<string>();
  return sizes.map((size) => {
    const letter = known.find((range) => print(range.size) === print(size) && !taken.has(range.index))?.index;
    const index = letter ?? freshIndex(new Set([...taken, ...names]));
    taken.add(index);
    return { index, size };
  });
}

function lettersOf({ equations }: ForwardModel): readonly Range[] {
  const found = new Map<string, Expr>();
  for (const { ranges, value } of equations) {
    ranges.forEach(({ index, size }) => found.set(index, found.get(index) ?? size));
    some(value, (node) => {
      const v = view(node);
      if (isBinder(v) && !found.has(v.index)) found.set(v.index, v.to);
      return false;
    });
  }
  return [...found].map(([index, size]) => ({ index, size }));
}
