import { expect, test } from "vitest";
import { derive, type CheckedStep, type Derivation } from "../../src/derivation/index.ts";
import { printModule } from "../../src/emit/print.ts";
import { loadSource } from "../../src/emit/index.ts";
import { verifyNumbers } from "../../src/emit/verify.ts";
import { activations, leftSide, losses } from "../../src/equations/index.ts";
import type { Expr } from "../../src/expression/index.ts";
import { parseNetwork, type Network } from "../../src/network/index.ts";
import { latex, readLatex, typesetFormula, type Formula } from "../../src/notation/index.ts";
import { Problem } from "../../src/problem.ts";
import { buildProgram, certifyProgram, type Strategy } from "../../src/program/index.ts";
import { asSeen, vocabularyFor } from "../document/documents.ts";
import { describeFormula } from "../notation/round-trip.ts";
import { strategies } from "./modules.ts";

/** Pairs whose loss has no value at any point, with the code of the problem that says so. */
const refused: Readonly<Record<string, string>> = {
  // The logarithm of a logarithm of a probability, a negative number.
  "log-softmax with binary-cross-entropy": "not-finite",
  "log-softmax with cross-entropy": "not-finite",
  "log-softmax with kl": "not-finite",
};

/**
 * A test for each activation with each loss, in all layers of a network of these sizes.
 *
 * @param turn 0 or 1: with which strategy the rows begin, in turns, so that each activation and each loss meets both
 */
export function testTable(sizes: string, turn: number): void {
  const rows = Object.keys(activations).flatMap((activation, i) =>
    Object.keys(losses).map((loss, k) => {
      const strategy = strategies[(i + k + turn) % strategies.length] as Strategy;
      return [activation, loss, strategy, refused[`${activation} with ${loss}`] ?? "equal"] as const;
    }),
  );
  test.each(rows)("%s with %s, %s: %s", async (activation, loss, strategy, outcome) => {
    expect(await outcomeOf(parseNetwork(sizes, { activation, loss }), strategy)).toBe(outcome);
  });
}

/**
 * Derives a network, every step checked, reads all formulas back from their LaTeX, and holds its module against
 * differences at 64 digits.
 *
 * @returns "equal", or the code of the problem where the gradient has no value to compare
 */
export async function outcomeOf(network: Network, strategy: Strategy | undefined): Promise<string> {
  expectReadable(derive(network));
  const program = buildProgram(network, strategy);
  certifyProgram(program);
  const module = await loadSource(printModule(program, "0"));
  try {
    verifyNumbers(module, program, 1, 0);
    return "equal";
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

/** What is printed of a derivation, read again, is the same trees. */
export function expectReadable(derivation: Derivation): void {
  for (const formula of formulasOf(derivation)) {
    const text = typesetFormula(formula, latex);
    expect(describeFormula(readLatex(text, vocabularyFor(formula, derivation))), text).toBe(
      describeFormula(asSeen(formula)),
    );
  }
}

/** The forward equations, all chains of steps, the statements, the matrix forms and the equations of each layer. */
function formulasOf(derivation: Derivation): readonly Formula[] {
  const { forward, functions, jacobians, lossDerivative, equations, layers } = derivation;
  return [
    ...forward.flatMap((equation) => [equality(leftSide(equation), equation.value), ...matrixOf(equation)]),
    ...functions.flatMap(({ goal, steps }) => chain(goal, steps)),
    ...jacobians.flatMap(({ equation, goal, steps }) => [
      equality(leftSide(equation), equation.value),
      ...chain(goal, steps),
    ]),
    ...chain(lossDerivative.goal, lossDerivative.steps),
    ...equations.flatMap(({ goal, statement, steps, evaluation, evaluated, underAssumption, matrix }) => [
      equality(goal, statement),
      ...chain(goal, steps),
      ...chain(statement, evaluation),
      ...chain(evaluated, underAssumption),
      ...matrixOf({ matrix }),
    ]),
    ...layers
      .flatMap(({ delta, bias, weight }) => [delta, bias, weight])
      .map(({ goal, value }) => equality(goal, value)),
  ];
}

const equality = (left: Expr, right: Expr): Formula => ({ kind: "equality", left, right });

const matrixOf = ({ matrix }: Pick<Derivation["forward"][number], "matrix">): readonly Formula[] =>
  matrix === null ? [] : [equality(matrix.goal, matrix.statement)];

const chain = (first: Expr, steps: readonly CheckedStep[]): readonly Formula[] =>
  steps.length === 0
    ? []
    : [{ kind: "chain", first, links: steps.map(({ after }) => ({ relation: "=", expr: after })) }];
