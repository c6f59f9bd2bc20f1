import {
  deriveAdjoint,
  deriveJacobian,
  deriveObjective,
  deriveUnderAssumption,
  rules,
  type Adjoint,
  type AdjointNaming,
  type DerivativeForm,
  type Jacobian,
  type Known,
  type KnownDerivative,
  type Rule,
  type RuleId,
  type Step,
} from "../calculus/index.ts";
import {
  genericEquations,
  genericSizes,
  isLayerActivation,
  leftSide,
  networkFunctions,
  networkModel,
  objectiveVariable,
  penaltyVariable,
  shift,
  variableKey,
  type Equation,
  type GenericActivation,
  type GenericEquations,
  type LayerSpan,
  type Model,
  type Range,
} from "../equations/index.ts";
import { num, print, sizeOf, substitute, sym, type Expr, type Variable } from "../expression/index.ts";
import type { Network } from "../network/index.ts";
import { checkedSteps } from "./certify.ts";
import type {
  CheckedStep,
  Derivation,
  DerivedEquation,
  DerivedJacobian,
  ForwardEquation,
  LossDerivative,
} from "./derivation.ts";
import { layerInstances } from "./instances.ts";
import { matrixForm } from "./forms.ts";
import { lossesOfOne, refuseJumps } from "./jumps.ts";
import { kinksOf } from "./kinks.ts";
import { derivedFunction } from "./functions.ts";
import { stepPoints, withProbabilities, type GenericLayer, type StepPoints } from "./points.ts";
import type { EquationId } from "./reasons.ts";

/**
 * Derives the four equations of backpropagation for `network`, every step of the trace checked exactly.
 *
 * @param ruleSet the rewrite rules; given only by tests that corrupt one
 * @throws RefusedStep where two sides of a step differ in an exact draw
 * @throws Problem where an activation or the loss jumps
 */
export function derive(network: Network, ruleSet: Readonly<Record<RuleId, Rule>> = rules): Derivation {
  refuseJumps(network);
  const generic = genericEquations(network);
  const definitions = networkFunctions(network);
  const pointsOf = stepPoints(network, definitions);
  const functions = definitions.map((definition) => derivedFunction(definition, ruleSet));
  const forms = functions.map((f) => f.form);
  const model = networkModel(network);
  const jacobians = generic.ofLayers.map((activation) => derivedJacobian(activation, pointsOf, ruleSet));
  const lossDerivative = derivedLoss(network, generic.output, pointsOf, ruleSet);
  const known: Known = { forms, objective: knownDerivative(lossDerivative) };
  return {
    network,
    forward: forwardEquations(generic, pointsOf),
    functions,
    jacobians,
    lossDerivative,
    equations: fourEquations(network, generic, known, jacobians, pointsOf, ruleSet),
    model,
    layers: layerInstances(network, model, forms, ruleSet),
  };
}

type PointsOf = (layer: GenericLayer) => StepPoints;
const anyLayer: GenericLayer = { condition: "any", activation: null };

function forwardEquations(generic: GenericEquations, pointsOf: PointsOf): readonly ForwardEquation[] {
  const { input, any, output, activations } = generic;
  const lifted = (equation: Equation, spans: readonly LayerSpan[], activation: string | null): ForwardEquation => {
    const condition = activation === null ? "any" : "hidden";
    const { opaque } = pointsOf({ condition, activation });
    return {
      ...equation,
      spans,
      matrix: matrixForm(leftSide(equation), equation.value, equation.ranges, genericSizes, opaque),
    };
  };
  const everyLayer: readonly LayerSpan[] = [{ from: num(2), to: sym("L") }];
  const [preActivation] = any.equations as [Equation];
  // a¹ is a second name for x, not something computed: there is nothing to hold it against.
  return [
    { ...input, spans: [], matrix: null },
    lifted(preActivation, everyLayer, null),
    ...activations.map(({ equation, spans, ofLayer }) => lifted(equation, spans, ofLayer)),
    ...output.equations.slice(2).map((equation) => lifted(equation, [], null)),
  ];
}

/** ∂a^l_p/∂z^l_j of an activation of the whole layer. */
function derivedJacobian(
  { equation, spans, ofLayer }: GenericActivation,
  pointsOf: PointsOf,
  ruleSet: Readonly<Record<RuleId, Rule>>,
): DerivedJacobian {
  const [of, by] = [equation.variable, { family: "z", layer: equation.variable.layer }];
  const ranges = ["p", "j"].map((index) => ({ index, size: (equation.ranges[0] as Range).size }));
  const model: Model = { tensors: [], equations: [equation], objective: objectiveVariable };
  const { goal, steps, result } = deriveJacobian(model, of, by, ranges, ruleSet);
  const { opaque } = pointsOf({ condition: "hidden", activation: ofLayer });
  const name = `derivative of ${print(leftSide(equation))}`;
  return { equation, spans, ranges, goal, steps: checkedSteps(name, steps, ranges, () => opaque), value: result };
}

/** The same for layer `to` instead of l. */
function knownJacobian({ equation, ranges, value }: DerivedJacobian, to: Expr): Jacobian {
  const at = (expr: Expr): Expr => substitute(expr, new Map([["l", to]]));
  return {
    of: { ...equation.variable, layer: to },
    by: { family: "z", layer: to },
    indices: ranges.map(({ index }) => index),
    value: at(value),
  };
}

const outputActivation: Variable = { family: "a", layer: sym("L") };

function derivedLoss(
  network: Network,
  output: Model,
  pointsOf: PointsOf,
  ruleSet: Readonly<Record<RuleId, Rule>>,
): LossDerivative {
  const ranges: readonly Range[] = [{ index: "j", size: sizeOf(sym("L")) }];
  const { goal, steps, result } = deriveObjective(output, outputActivation, ranges, ruleSet);
  const { opaque } = pointsOf({ condition: "output", activation: null });
  return {
    isKinked: hasKinks(network),
    goal,
    ranges,
    steps: checkedSteps("derivative of the loss", steps, ranges, () => opaque),
    value: result,
  };
}

/** Looked for in the loss of one output. */
const hasKinks = (network: Network): boolean =>
  lossesOfOne(network).some((definition) => {
    const form: DerivativeForm = { name: "loss", layer: null, in: "z", formula: num(0) };
    return kinksOf(definition, form, "loss").length > 0;
  });

const knownDerivative = ({ ranges, value }: LossDerivative): KnownDerivative => ({
  variable: outputActivation,
  indices: ranges.map(({ index }) => index),
  value,
});

function fourEquations(
  network: Network,
  { hidden, any, output, activations }: GenericEquations,
  known: Known,
  jacobians: readonly DerivedJacobian[],
  pointsOf: PointsOf,
  ruleSet: Readonly<Record<RuleId, Rule>>,
): readonly DerivedEquation[] {
  const [l, L] = [sym("l"), sym("L")];
  const at = (family: string, layer: Expr): Variable => ({ family, layer });
  const naming: AdjointNaming = {
    tracked: [at("z", l), at("z", shift(l, 1)), at("z", L), outputActivation, penaltyVariable],
    adjoints: new Map([l, shift(l, 1), L].map((layer) => [variableKey(at("z", layer)), at("delta", layer)])),
  };
  const j: Range = { index: "j", size: sizeOf(l) };
  const k: Range = { index: "k", size: sizeOf(shift(l, -1)) };
  const equation = (
    id: EquationId,
    layer: GenericLayer,
    spans: readonly LayerSpan[],
    model: Model,
    target: Variable,
    ...ranges: Range[]
  ): DerivedEquation => {
    const own = jacobians.find(
      ({ equation: of }) => of === activations.find((a) => a.ofLayer === layer.activation)?.equation,
    );
    const local = own === undefined ? [] : [knownJacobian(own, target.layer as Expr)];
    const adjoint = deriveAdjoint(model, target, ranges, naming, { ...known, jacobians: local }, ruleSet);
    return checkedEquation(id, layer, spans, model, adjoint, pointsOf(layer), ruleSet);
  };
  const last = isLayerActivation(network, network.sizes.length) ? (network.activations.at(-1) as string) : null;
  const everyLayer: readonly LayerSpan[] = [{ from: num(2), to: L }];
  return [
    equation("BP1", { condition: "output", activation: last }, [], output, at("z", L), { index: "j", size: sizeOf(L) }),
    ...hidden.map(({ model, spans, ofLayer }) =>
      equation("BP2", { condition: "hidden", activation: ofLayer }, spans, model, at("z", l), j),
    ),
    equation("BP3", anyLayer, everyLayer, any, at("b", l), j),
    equation("BP4", anyLayer, everyLayer, any, at("W", l), j, k),
  ];
}

function checkedEquation(
  id: EquationId,
  { condition }: GenericLayer,
  spans: readonly LayerSpan[],
  model: Model,
  adjoint: Adjoint,
  { opaque, known }: StepPoints,
  ruleSet: Readonly<Record<RuleId, Rule>>,
): DerivedEquation {
  const check = (steps: readonly Step[], phase: string): readonly CheckedStep[] => {
    // From the step that puts in σ′ on, an equality holds for this activation and for no other.
    const first = steps.findIndex((step) => step.rule === "function-derivative");
    return checkedSteps(`${id}${phase}`, steps, adjoint.ranges, (i, attempt) =>
      first >= 0 && i >= first ? known(attempt) : opaque,
    );
  };
  const { goal, statement, evaluation, ranges } = adjoint;
  const assumed = deriveUnderAssumption(model, evaluation.result, ranges, ruleSet);
  return {
    id,
    condition,
    spans,
    ranges,
    goal,
    statement: statement.result,
    steps: check(statement.steps, ""),
    evaluated: evaluation.result,
    evaluation: check(evaluation.steps, ".evaluated"),
    underAssumption: checkedSteps(`${id}.assumed`, assumed.steps, ranges, (_, attempt) =>
      withProbabilities(known(attempt)),
    ),
    matrix: matrixForm(goal, statement.result, ranges, genericSizes, opaque),
  };
}
