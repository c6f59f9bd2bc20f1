import {
  deriveAdjoint,
  rules,
  type Adjoint,
  type AdjointNaming,
  type DerivativeForm,
  type Rule,
  type RuleId,
  type Step,
} from "../calculus/index.ts";
import {
  genericEquations,
  networkFunctions,
  networkModel,
  shift,
  variableKey,
  type Model,
  type Range,
  type ScalarFunction,
} from "../equations/index.ts";
import {
  checkMatrixForm,
  derivativeForm,
  drawPoints,
  randomNetworkPoint,
  type Points,
  type Verdict,
} from "../exact/index.ts";
import { num, print, sizeOf, sym, type Expr, type Variable } from "../expression/index.ts";
import type { Network } from "../network/index.ts";
import { certify, RefusedStep } from "./certify.ts";
import type { CheckedStep, Derivation, DerivedEquation, LayerCondition, MatrixForm } from "./derivation.ts";
import { layerInstances } from "./instances.ts";
import { lift } from "./matrix.ts";
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
  const functions = networkFunctions(network).map((definition) => ({ definition, form: derivativeForm(definition) }));
  const forms = functions.map((f) => f.form);
  const model = networkModel(network);
  return {
    network,
    forward: [generic.input, ...generic.hidden.equations.slice(0, 2), ...generic.output.equations.slice(-1)],
    functions,
    equations: fourEquations(network, forms, ruleSet),
    model,
    layers: layerInstances(network, model, forms, ruleSet),
  };
}

function fourEquations(
  network: Network,
  forms: readonly DerivativeForm[],
  ruleSet: Readonly<Record<RuleId, Rule>>,
): readonly DerivedEquation[] {
  const [l, L] = [sym("l"), sym("L")];
  const { hidden, output } = genericEquations(network);
  const at = (family: string, layer: Expr): Variable => ({ family, layer });
  const naming: AdjointNaming = {
    tracked: [at("z", l), at("z", shift(l, 1)), at("z", L), at("a", L)],
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
      deriveAdjoint(model, target, ranges, naming, forms, ruleSet),
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
    return steps.map((step, i) => ({
      ...step,
      check: certify(
        `${id}.${phase}${i + 1} ${step.rule}`,
        step.before,
        step.after,
        adjoint.ranges,
        first >= 0 && i >= first ? known : opaque,
      ),
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
  const verdicts = [
    checkMatrixForm(left, goal, ranges, points),
    checkMatrixForm(right, statement.result, ranges, points),
  ];
  const [{ holds }, verdict] = verdicts as [Verdict, Verdict];
  if (!holds || !verdict.holds)
    throw new RefusedStep(
      `${id} matrix form`,
      `the matrix form of ${id} is refused: ${print(right)} is not ${print(statement.result)}`,
    );
  return {
    goal: left,
    statement: right,
    shape: [...ranges.map(({ size }) => size), ...(ranges.length === 1 ? [num(1)] : [])],
    check: verdict.certificate,
  };
}
