import {
  deriveAdjoint,
  deriveFunction,
  deriveObjective,
  functionModel,
  rules,
  type Adjoint,
  type AdjointNaming,
  type Known,
  type KnownDerivative,
  type Rule,
  type RuleId,
  type Step,
} from "../calculus/index.ts";
import {
  genericEquations,
  genericSizes,
  leftSide,
  networkFunctions,
  networkModel,
  shift,
  variableKey,
  type Equation,
  type GenericEquations,
  type Model,
  type Range,
  type ScalarFunction,
} from "../equations/index.ts";
import { derivativeForm, drawPoints, randomNetworkPoint, randomPoint, type Points } from "../exact/index.ts";
import { sizeOf, sym, type Expr, type Variable } from "../expression/index.ts";
import type { Network } from "../network/index.ts";
import { certify } from "./certify.ts";
import type {
  CheckedStep,
  Derivation,
  DerivedEquation,
  DerivedFunction,
  ForwardEquation,
  LayerCondition,
  LossDerivative,
} from "./derivation.ts";
import { layerInstances } from "./instances.ts";
import { matrixForm } from "./forms.ts";
import type { EquationId } from "./reasons.ts";

const seed = 20160;
const draws = 3;

/**
 * Derives the four equations of backpropagation for `network`, every step of the trace checked exactly.
 *
 * @param ruleSet the rewrite rules; given only by tests that corrupt one
 * @throws RefusedStep where two sides of a step differ in an exact draw
 */
export function derive(network: Network, ruleSet: Readonly<Record<RuleId, Rule>> = rules): Derivation {
  const generic = genericEquations(network);
  const functions = networkFunctions(network).map((definition) => derivedFunction(definition, ruleSet));
  const forms = functions.map((f) => f.form);
  const model = networkModel(network);
  const lossDerivative = derivedLoss(network, generic.output, ruleSet);
  return {
    network,
    forward: forwardEquations(network, generic),
    functions,
    lossDerivative,
    equations: fourEquations(network, generic, { forms, objective: knownDerivative(lossDerivative) }, ruleSet),
    model,
    layers: layerInstances(network, model, forms, ruleSet),
  };
}

function forwardEquations(network: Network, { input, hidden, output }: GenericEquations): readonly ForwardEquation[] {
  const { opaque } = stepPoints(network, "any");
  const lifted = (equation: Equation): ForwardEquation => ({
    ...equation,
    matrix: matrixForm(leftSide(equation), equation.value, equation.ranges, genericSizes, opaque),
  });
  // a¹ is a second name for x, not something computed: there is nothing to hold it against.
  return [
    { ...input, matrix: null },
    ...hidden.equations.slice(0, 2).map(lifted),
    ...output.equations.slice(-1).map(lifted),
  ];
}

function derivedFunction(definition: ScalarFunction, ruleSet: Readonly<Record<RuleId, Rule>>): DerivedFunction {
  const form = derivativeForm(definition);
  const { goal, steps, result } = deriveFunction(definition, form, ruleSet);
  const points = drawPoints(draws, seed, (random) =>
    randomPoint(functionModel(definition), { l: 0, L: 0 }, random, [], [definition]),
  );
  const name = `derivative of ${definition.name}`;
  return { definition, form, goal, steps: checkedSteps(name, steps, [], () => points), derivative: result };
}

const outputActivation: Variable = { family: "a", layer: sym("L") };

function derivedLoss(network: Network, output: Model, ruleSet: Readonly<Record<RuleId, Rule>>): LossDerivative {
  const ranges: readonly Range[] = [{ index: "j", size: sizeOf(sym("L")) }];
  const { goal, steps, result } = deriveObjective(output, outputActivation, ranges, ruleSet);
  const { opaque } = stepPoints(network, "output");
  return { goal, ranges, steps: checkedSteps("derivative of the loss", steps, ranges, () => opaque), value: result };
}

const knownDerivative = ({ ranges, value }: LossDerivative): KnownDerivative => ({
  variable: outputActivation,
  indices: ranges.map(({ index }) => index),
  value,
});

function checkedSteps(
  name: string,
  steps: readonly Step[],
  ranges: readonly Range[],
  pointsOf: (nth: number) => Points,
): readonly CheckedStep[] {
  return steps.map((step, i) => ({
    ...step,
    check: certify(`${name}.${i + 1} ${step.rule}`, step.before, step.after, ranges, pointsOf(i)),
  }));
}

function fourEquations(
  network: Network,
  { hidden, output }: GenericEquations,
  known: Known,
  ruleSet: Readonly<Record<RuleId, Rule>>,
): readonly DerivedEquation[] {
  const [l, L] = [sym("l"), sym("L")];
  const at = (family: string, layer: Expr): Variable => ({ family, layer });
  const naming: AdjointNaming = {
    tracked: [at("z", l), at("z", shift(l, 1)), at("z", L), outputActivation],
    adjoints: new Map([l, shift(l, 1), L].map((layer) => [variableKey(at("z", layer)), at("delta", layer)])),
  };
  const j: Range = { index: "j", size: sizeOf(l) };
  const k: Range = { index: "k", size: sizeOf(shift(l, -1)) };
  const equation = (
    id: EquationId,
    condition: LayerCondition,
    model: Model,
    target: Variable,
    ...ranges: Range[]
  ): DerivedEquation =>
    checkedEquation(
      id,
      condition,
      deriveAdjoint(model, target, ranges, naming, known, ruleSet),
      stepPoints(network, condition),
    );
  return [
    equation("BP1", "output", output, at("z", L), { index: "j", size: sizeOf(L) }),
    equation("BP2", "hidden", hidden, at("z", l), j),
    equation("BP3", "any", hidden, at("b", l), j),
    equation("BP4", "any", hidden, at("W", l), j, k),
  ];
}

/** Where steps are checked: points with opaque activations, and points with those of the network. */
interface StepPoints {
  readonly opaque: Points;
  readonly known: Points;
}

function stepPoints(network: Network, condition: LayerCondition): StepPoints {
  // Where l may be the last layer, it is so in the first draw.
  const isLast = (nth: number): boolean => condition === "any" && nth === 0;
  const draw = (functions: readonly ScalarFunction[]): Points =>
    drawPoints(draws, seed, (random, nth) =>
      randomNetworkPoint(network, random, functions, (depth) => (isLast(nth) ? depth : random.whole(2, depth - 1))),
    );
  return { opaque: draw([]), known: draw(networkFunctions(network)) };
}

function checkedEquation(
  id: EquationId,
  condition: LayerCondition,
  adjoint: Adjoint,
  { opaque, known }: StepPoints,
): DerivedEquation {
  const check = (steps: readonly Step[], phase: string): readonly CheckedStep[] => {
    // From the step that puts in σ′ on, an equality holds for this activation and for no other.
    const first = steps.findIndex((step) => step.rule === "function-derivative");
    return checkedSteps(`${id}${phase}`, steps, adjoint.ranges, (i) => (first >= 0 && i >= first ? known : opaque));
  };
  const { goal, statement, evaluation, ranges } = adjoint;
  return {
    id,
    condition,
    ranges,
    goal,
    statement: statement.result,
    steps: check(statement.steps, ""),
    evaluated: evaluation.result,
    evaluation: check(evaluation.steps, ".evaluated"),
    matrix: matrixForm(goal, statement.result, ranges, genericSizes, opaque),
  };
}
