import {
  deriveAdjoint,
  deriveJacobian,
  rules,
  type Adjoint,
  type AdjointNaming,
  type DerivativeForm,
  type Jacobian,
  type Rule,
  type RuleId,
} from "../calculus/index.ts";
import {
  concreteVariable,
  errorPairs,
  networkFunctions,
  networkModel,
  penaltyVariable,
  variableKey,
  type Model,
  type Range,
} from "../equations/index.ts";
import { drawPoints, leaning, randomPoint, type Certificate, type Points } from "../exact/index.ts";
import { some, view, type Expr } from "../expression/index.ts";
import { countParameters, type Network } from "../network/index.ts";
import { certify, isVoid, RefusedStep } from "./certify.ts";
import type { Instance, LayerInstance } from "./derivation.ts";
import type { EquationId } from "./reasons.ts";

const seed = 20161;
const mostParametersInFull = 5_000;
/** Several, since a width at which a constant of the loss cancels takes other steps. */
const cutWidths = [5, 7, 4, 3];

/** How often other points are drawn where the loss has no value, as the logarithm of an output that relu makes 0. */
const mostAttempts = 60;

/** ∂J/∂v of every z, b and W of the numbered layers, in the order in which the backward pass needs them. */
export function layerAdjoints(
  model: Model,
  layers: number,
  forms: readonly DerivativeForm[],
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): readonly LayerAdjoints[] {
  const numbers = Array.from({ length: layers - 1 }, (_, i) => layers - i);
  const naming: AdjointNaming = {
    tracked: [...errorPairs(layers).map((pair) => pair.of), concreteVariable("a", layers), penaltyVariable],
    adjoints: new Map(errorPairs(layers).map((pair) => [variableKey(pair.of), pair.adjoint])),
  };
  const jacobians = numbers.flatMap((l) => numberedJacobian(model, l, ruleSet));
  const adjoint = (family: string, l: number, ...indices: string[]): Adjoint => {
    const target = concreteVariable(family, l);
    const sizes =
      model.tensors.find((t) => variableKey(t.variable) === variableKey(target))?.sizes ??
      model.equations.find((e) => variableKey(e.variable) === variableKey(target))?.ranges.map((r) => r.size) ??
      [];
    return deriveAdjoint(
      model,
      target,
      indices.map((index, i) => ({ index, size: sizes[i] as Expr })),
      naming,
      { forms, objective: null, jacobians },
      ruleSet,
    );
  };
  return numbers.map((layer) => ({
    layer,
    delta: adjoint("z", layer, "j"),
    bias: adjoint("b", layer, "j"),
    weight: adjoint("W", layer, "j", "k"),
  }));
}

/** ∂a_p/∂z_j of a numbered layer, where its activation is one of the whole layer. */
function numberedJacobian(model: Model, l: number, ruleSet: Readonly<Record<RuleId, Rule>>): readonly Jacobian[] {
  const [of, by] = [concreteVariable("a", l), concreteVariable("z", l)];
  const equation = model.equations.find((e) => variableKey(e.variable) === variableKey(of));
  if (equation === undefined || !some(equation.value, (node) => view(node).kind === "sum")) return [];
  const ranges = ["p", "j"].map((index) => ({ index, size: (equation.ranges[0] as Range).size }));
  const { result } = deriveJacobian({ ...model, equations: [equation] }, of, by, ranges, ruleSet);
  return [{ of, by, indices: ["p", "j"], value: result }];
}

export interface LayerAdjoints {
  readonly layer: number;
  readonly delta: Adjoint;
  readonly bias: Adjoint;
  readonly weight: Adjoint;
}

/**
 * The equations of every layer with numbers for sizes. They are checked at those very sizes; for a network too
 * wide for that, the same derivation is run and checked on the network with each layer cut to a few neurons,
 * and must take the same steps.
 */
export function layerInstances(
  network: Network,
  model: Model,
  forms: readonly DerivativeForm[],
  ruleSet: Readonly<Record<RuleId, Rule>>,
): readonly LayerInstance[] {
  const layers = network.sizes.length;
  const adjoints = layerAdjoints(model, layers, forms, ruleSet);
  const sample = sampleFor(network, adjoints, forms, ruleSet);
  const functions = networkFunctions(network);
  const pointsAt = (attempt: number): Points =>
    drawPoints(1, seed + attempt, (random) =>
      randomPoint(sample.model, { l: 2, L: layers }, random, errorPairs(layers), functions, leaning(attempt)),
    );
  let points = pointsAt(0);
  let attempts = 0;
  const certified = (name: string, { goal, evaluation, ranges }: Adjoint): Certificate => {
    try {
      return certify(name, goal, evaluation.result, ranges, points, 4);
    } catch (error) {
      if (!isVoid(error) || attempts === mostAttempts) throw error;
    }
    attempts += 1;
    points = pointsAt(attempts);
    return certified(name, { goal, evaluation, ranges } as Adjoint);
  };
  const instance = (equation: EquationId, layer: number, adjoint: Adjoint, checked: Adjoint): Instance => {
    const { target, ranges, goal, evaluation } = adjoint;
    const check = certified(`${equation} at layer ${layer}`, checked);
    return { equation, target, ranges, goal, value: evaluation.result, check: { ...check, sizes: sample.sizes } };
  };
  return adjoints.map(({ layer, delta, bias, weight }, i) => {
    const checked = sample.adjoints[i] as LayerAdjoints;
    return {
      layer,
      delta: instance(layer === layers ? "BP1" : "BP2", layer, delta, checked.delta),
      bias: instance("BP3", layer, bias, checked.bias),
      weight: instance("BP4", layer, weight, checked.weight),
    };
  });
}

interface Sample {
  readonly sizes: readonly number[];
  readonly model: Model;
  readonly adjoints: readonly LayerAdjoints[];
}

/** The network itself where it is small, else one cut to a width at which its derivation takes the same steps. */
function sampleFor(
  network: Network,
  adjoints: readonly LayerAdjoints[],
  forms: readonly DerivativeForm[],
  ruleSet: Readonly<Record<RuleId, Rule>>,
): Sample {
  const { sizes } = network;
  if (countParameters(network) <= mostParametersInFull) return { sizes, model: networkModel(network), adjoints };
  for (const width of cutWidths) {
    const cut = sizes.map((size) => Math.min(size, width));
    const model = networkModel({ ...network, sizes: cut });
    const sample = layerAdjoints(model, sizes.length, forms, ruleSet);
    if (rulesOf(sample) === rulesOf(adjoints)) return { sizes: cut, model, adjoints: sample };
  }
  throw new RefusedStep(
    "instances",
    `no smaller network takes the steps of ${sizes.join("-")}, so that they are not checked`,
  );
}

const rulesOf = (adjoints: readonly LayerAdjoints[]): string =>
  adjoints
    .flatMap(({ delta, bias, weight }) => [delta, bias, weight])
    .flatMap(({ statement, evaluation }) => [...statement.steps, ...evaluation.steps].map((step) => step.rule))
    .join();
