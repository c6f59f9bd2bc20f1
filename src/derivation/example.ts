import { leftSide, type Equation } from "../equations/index.ts";
import type { Expr } from "../expression/index.ts";
import type { Derivation } from "./derivation.ts";
import { descentStep, type ExampleUpdate } from "./descent-step.ts";
import type { ExampleData } from "./example-data.ts";
import { exampleLine, linesShown, shownTuples, type ExampleLine } from "./example-line.ts";
import type { EquationId } from "./reasons.ts";
import { equationOf, runExample } from "./run-example.ts";

export interface ExampleStage {
  /** The equation that the lines evaluate; null for the forward equations. */
  readonly equation: EquationId | null;
  readonly layer: number;
  /** null for entries left out */
  readonly lines: readonly (ExampleLine | null)[];
}

export interface WorkedExample {
  readonly data: ExampleData;
  readonly forward: readonly ExampleStage[];
  readonly loss: ExampleLine;
  readonly backward: readonly ExampleStage[];
  /** One step of gradient descent; null for networks too wide to go through whole, and where no rate lowers the loss. */
  readonly update: ExampleUpdate | null;
}

/**
 * Every intermediate value of one forward and one backward pass, in the order in which they are computed. The
 * values come from the equations at 64 digits; each line as printed, with its rounded numbers, is evaluated
 * again in doubles with error bounds and must come to the value printed.
 *
 * @param most how many terms of a sum are written before dots take their place
 * @throws RefusedStep where a printed line does not hold
 */
export function workedExample(derivation: Derivation, data: ExampleData, most: number): WorkedExample {
  const { model, layers } = derivation;
  const valuation = runExample(derivation, data.literals);
  const lines = (equation: Equation, goal: Expr): (ExampleLine | null)[] =>
    shownTuples(equation, linesShown(derivation.network, most)).map((tuple) =>
      tuple === null ? null : exampleLine(goal, equation, tuple, valuation, data, most),
    );
  const objective = model.equations.at(-1) as Equation;
  const forwardStages = model.equations.slice(0, -1).map((equation): ExampleStage => ({
    equation: null,
    layer: Number(/\d+$/.exec(equation.variable.family)?.[0]),
    lines: lines(equation, leftSide(equation)),
  }));
  const backward = layers.flatMap(({ layer, delta, bias, weight }) =>
    [delta, bias, weight].map((instance): ExampleStage => ({
      equation: instance.equation,
      layer,
      lines: lines(equationOf(instance), instance.goal),
    })),
  );
  const [loss] = lines(objective, leftSide(objective)) as [ExampleLine];
  return { data, forward: forwardStages, loss, backward, update: descentStep(derivation, data, valuation, most) };
}
