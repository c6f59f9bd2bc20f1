import { deriveAdjoint, rules, type Adjoint, type AdjointNaming, type DerivativeForm, type Rule, type RuleId, type Step } from "../calculus/index.ts";
import { concreteVariable, errorPairs, genericEquations, networkFunctions, networkModel, shift, variableKey, type Equation, type Model, type Range, type ScalarFunction } from "../equations/index.ts";
import { checkIdentity, checkMatrixForm, derivativeForm, drawPoints, randomNetworkPoint, randomPoint, type Certificate, type Points, type Verdict } from "../exact/index.ts";
import { num, print, sizeOf, sym, type Expr, type Variable } from "../expression/index.ts";
import { countParameters, type Network } from "../network/index.ts";
import { lift } from "./matrix.ts";
import type { EquationId } from "./reasons.ts";

/** A step of the trace that held in every exact draw. */
export interface CheckedStep extends Step {
  readonly check: Certificate;
}

/** For which layers an equation holds. */
export type LayerCondition = "output" | "hidden" | "any";

/** One of the four equations with its derivation. */
export interface DerivedEquation {
  readonly id: EquationId;
  readonly condition: LayerCondition;
  readonly ranges: readonly Range[];
  readonly goal: Expr;
  /** What the goal equals in terms of σ′ and ∂J/∂a. */
  readonly statement: Expr;
  readonly steps: readonly CheckedStep[];
  /** The same with σ′ and ∂J/∂a worked out. Where layers differ in their activation σ′ stays. */
  readonly evaluated: Expr;
  readonly evaluation: readonly CheckedStep[];
  /** The statement in matrix form with the shape of its value; null where no pattern of matrix algebra fits. */
  readonly matrix: MatrixForm | null;
}

export interface MatrixForm {
  readonly goal: Expr;
  readonly statement: Expr;
  readonly shape: readonly Expr[];
  readonly check: Certificate;
}

/** The four equations at one numbered layer, with numbers for sizes. */
export interface LayerInstance {
  readonly layer: number;
  readonly delta: Instance;
  readonly bias: Instance;
  readonly weight: Instance;
}

export interface Instance {
  readonly equation: EquationId;
  readonly target: Variable;
  readonly ranges: readonly Range[];
  readonly goal: Expr;
  readonly value: Expr;
  /** With the sizes that it was checked at. */
  readonly check: Certificate & { readonly sizes: readonly number[] };
}

/** The activation functions of a network with their derivatives. */
export interface DerivedFunction {
  readonly definition: ScalarFunction;
  readonly form: DerivativeForm;
}

export interface Derivation {
  readonly network: Network;
  /** a¹ = x, then z^l, a^l and J in terms of a generic layer. */
  readonly forward: readonly Equation[];
  readonly functions: readonly DerivedFunction[];
  readonly equations: readonly DerivedEquation[];
  /** The network's own equations with numbers for sizes. */
  readonly model: Model;
  /** From the output layer down to layer 2: the order in which they are evaluated. */
  readonly layers: readonly LayerInstance[];
}

/** A step that the exact check refuses: the derivation stops, nothing is written. */
export class RefusedStep extends Error {
  readonly step: string;

  constructor(step: string, message: string) {
    super(message);
    this.name = "RefusedStep";
    this.step = step;
  }
}

const seed = 20160;
const cutSize = 5;
const mostParametersInFull = 5_000;
const draws = 3;

/**
 * Derives the four equations of backpropagation for `network`, every step of the trace checked exactly.
 *
 * @param ruleSet the rewrite rules; given only by tests that corrupt one
 * @throws RefusedStep where two sides of a step differ in an exact draw
 */
export function derive(network: Network, ruleSet: Readonly<Record<RuleId, Rule>> = rules): Derivation {
  const generic = genericEquations(network);
  const functions = networkFunctions(network).map((definition) => ({ definition, form: derivativeForm(definition) }));
  const model = networkModel(network);
  return {
    network,
    forward: [generic.input, ...generic.hidden.equations.slice(0, 2), ...generic.output.equations.slice(-1)],
    functions,
    equations: fourEquations(network, functions.map((f) => f.form), ruleSet),
    model,
    layers: layerInstances(network, model, functions.map((f) => f.form), ruleSet),
  };
}

function fourEquations(network: Network, forms: readonly DerivativeForm[], ruleSet: Readonly<Record<RuleId, Rule>>): readonly DerivedEquation[] {
  const [l, L] = [sym("l"), sym("L")];
  const { hidden, output } = genericEquations(network);
  const at = (family: string, layer: Expr): Variable => ({ family, layer });
  const naming: AdjointNaming = {
    tracked: [at("z", l), at("z", shift(l, 1)), at("z", L), at("a", L)],
    adjoints: new Map([l, shift(l, 1), L].map((layer) => [variableKey(at("z", layer)), at("delta", layer)])),
  };
  const points = stepPoints(network);
  const j: Range = { index: "j", size: sizeOf(l) };
  const k: Range = { index: "k", size: sizeOf(shift(l, -1)) };
  const equation = (id: EquationId, condition: LayerCondition, model: Model, target: Variable, ...ranges: Range[]): DerivedEquation =>
    checkedEquation(id, condition, deriveAdjoint(model, target, ranges, naming, forms, ruleSet), points);
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

function stepPoints(network: Network): StepPoints {
  const draw = (functions: readonly ScalarFunction[]): Points => drawPoints(draws, seed, (random) => randomNetworkPoint(network, random, functions));
  return { opaque: draw([]), known: draw(networkFunctions(network)) };
}

function checkedEquation(id: EquationId, condition: LayerCondition, adjoint: Adjoint, { opaque, known }: StepPoints): DerivedEquation {
  const check = (steps: readonly Step[], phase: string): readonly CheckedStep[] => {
    // From the step that puts in σ′ on, an equality holds for this activation and for no other.
    const first = steps.findIndex((step) => step.rule === "function-derivative");
    return steps.map((step, i) => ({
      ...step,
      check: certify(`${id}.${phase}${i + 1} ${step.rule}`, step.before, step.after, adjoint.ranges, first >= 0 && i >= first ? known : opaque),
    }));
  };
  return {
    id,
    condition,
    ranges: adjoint.ranges,
    goal: adjoint.goal,
    statement: adjoint.statement.result,
    steps: check(adjoint.statement.steps, ""),
    evaluated: adjoint.evaluation.result,
    evaluation: check(adjoint.evaluation.steps, "e"),
    matrix: matrixForm(id, adjoint, opaque),
  };
}

function matrixForm(id: EquationId, { goal, statement, ranges }: Adjoint, points: Points): MatrixForm | null {
  const axes = ranges.map(({ index }) => index);
  const [left, right] = [lift(goal, axes), lift(statement.result, axes)];
  if (left === null || right === null) return null;
  const verdicts = [checkMatrixForm(left, goal, ranges, points), checkMatrixForm(right, statement.result, ranges, points)];
  const [{ holds }, verdict] = verdicts as [Verdict, Verdict];
  if (!holds || !verdict.holds) throw new RefusedStep(`${id} matrix form`, `the matrix form of ${id} is refused: ${print(right)} is not ${print(statement.result)}`);
  return { goal: left, statement: right, shape: [...ranges.map(({ size }) => size), ...(ranges.length === 1 ? [num(1)] : [])], check: verdict.certificate };
}

function certify(step: string, before: Expr, after: Expr, ranges: readonly Range[], points: Points, mostTuples?: number): Certificate {
  const verdict = verdictOn(step, before, after, ranges, points, mostTuples);
  if (verdict.holds) return verdict.certificate;
  const at = Object.entries(verdict.counterexample.indices).map(([index, value]) => `${index} = ${value}`);
  const where = at.length > 0 ? ` at ${at.join(", ")}` : "";
  throw new RefusedStep(step, `step ${step} is refused: in exact draw ${verdict.counterexample.draw + 1}${where}\n  ${print(before)}\nis not equal to\n  ${print(after)}`);
}

/** A side that has no value, such as one with an index outside its range, is refused like a wrong one. */
function verdictOn(step: string, before: Expr, after: Expr, ranges: readonly Range[], points: Points, mostTuples?: number): Verdict {
  try {
    return checkIdentity(before, after, ranges, points, mostTuples);
  } catch (error) {
    throw new RefusedStep(step, `step ${step} is refused: ${(error as Error).message}\n  in ${print(before)}\n  or ${print(after)}`);
  }
}

/** ∂J/∂v of every z, b and W of the numbered layers, in the order in which the backward pass needs them. */
export function layerAdjoints(model: Model, layers: number, forms: readonly DerivativeForm[], ruleSet: Readonly<Record<RuleId, Rule>> = rules): readonly LayerAdjoints[] {
  const numbers = Array.from({ length: layers - 1 }, (_, i) => layers - i);
  const naming: AdjointNaming = {
    tracked: [...errorPairs(layers).map((pair) => pair.of), concreteVariable("a", layers)],
    adjoints: new Map(errorPairs(layers).map((pair) => [variableKey(pair.of), pair.adjoint])),
  };
  const adjoint = (family: string, l: number, ...indices: string[]): Adjoint => {
    const target = concreteVariable(family, l);
    const sizes = model.tensors.find((t) => variableKey(t.variable) === variableKey(target))?.sizes ?? model.equations.find((e) => variableKey(e.variable) === variableKey(target))?.ranges.map((r) => r.size) ?? [];
    return deriveAdjoint(model, target, indices.map((index, i) => ({ index, size: sizes[i] as Expr })), naming, forms, ruleSet);
  };
  return numbers.map((layer) => ({ layer, delta: adjoint("z", layer, "j"), bias: adjoint("b", layer, "j"), weight: adjoint("W", layer, "j", "k") }));
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
function layerInstances(network: Network, model: Model, forms: readonly DerivativeForm[], ruleSet: Readonly<Record<RuleId, Rule>>): readonly LayerInstance[] {
  const layers = network.sizes.length;
  const isWide = countParameters(network) > mostParametersInFull;
  const checked: Network = isWide ? { ...network, sizes: network.sizes.map((size) => Math.min(size, cutSize)) } : network;
  const checkedModel = networkModel(checked);
  const samples = layerAdjoints(checkedModel, layers, forms, ruleSet);
  const points = drawPoints(1, seed, (random) => randomPoint(checkedModel, { l: 2, L: layers }, random, errorPairs(layers), networkFunctions(network)));
  const instance = (equation: EquationId, layer: number, { target, ranges, goal, evaluation, statement }: Adjoint, sample: Adjoint): Instance => {
    const name = `${equation} at layer ${layer}`;
    const rulesOf = (a: Pick<Adjoint, "statement" | "evaluation">): string => [...a.statement.steps, ...a.evaluation.steps].map((s) => s.rule).join();
    if (rulesOf(sample) !== rulesOf({ statement, evaluation })) throw new RefusedStep(name, `${name} takes other steps at sizes ${checked.sizes.join("-")}, so that it is not checked`);
    const check = certify(name, sample.goal, sample.evaluation.result, sample.ranges, points, 4);
    return { equation, target, ranges, goal, value: evaluation.result, check: { ...check, sizes: checked.sizes } };
  };
  return layerAdjoints(model, layers, forms, ruleSet).map(({ layer, delta, bias, weight }, i) => {
    const sample = samples[i] as LayerAdjoints;
    return {
      layer,
      delta: instance(layer === layers ? "BP1" : "BP2", layer, delta, sample.delta),
      bias: instance("BP3", layer, bias, sample.bias),
      weight: instance("BP4", layer, weight, sample.weight),
    };
  });
}
