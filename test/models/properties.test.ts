import fc from "fast-check";
import { expect, test } from "vitest";
import { deriveModel } from "../../src/derivation/index.ts";
import { numbered, printEquations, readEquations, type ForwardModel } from "../../src/equations/index.ts";
import { centralDifference, double, seeded, type Bounded } from "../../src/exact/index.ts";
import { Problem } from "../../src/problem.ts";
import {
  boundedGradientAt,
  buildProgram,
  certifyProgram,
  drawPoint,
  gradientAt,
  slices,
  type GradientPoint,
  type Program,
} from "../../src/program/index.ts";
import { moduleOf, numbersOf, strategies, taskOfModel } from "./modules.ts";
import { randomEquations } from "./random-equations.ts";

/** More of them by hand: RANDOM_MODELS=2000 RANDOM_SEED=7 npx vitest run test/models/properties.test.ts */
const runs = { numRuns: Number(process.env.RANDOM_MODELS ?? 50), seed: Number(process.env.RANDOM_SEED ?? 1) };

/** Deviation allowed, in units of the first-order rounding error bound. */
const slack = 8;
const referenceNoise = 1e-40;

/** A point at which the gradient can be compared; null where every one is on a kink or out of range. */
function pointOf(program: Program): GradientPoint | null {
  try {
    return drawPoint(program, seeded(5));
  } catch (error) {
    if (error instanceof Problem && error.code === "not-finite") return null;
    throw error;
  }
}

/** What 64-digit differences of the forward equations say of each tensor, along a random direction. */
function expectDifferences(program: Program, point: GradientPoint, gradient: readonly number[]): void {
  const { model } = program.task;
  const tensors = new Map<string, readonly number[]>([
    ...program.inputs.map(({ key }, i) => [key, [...(point.inputs[i] as Float64Array)]] as const),
    ...slices([...point.theta], program.layout),
  ]);
  const { loss, gradient: bounds } = boundedGradientAt(program, point);
  const random = seeded(11);
  for (const { name, offset, rows, columns } of program.layout) {
    const direction = Array.from({ length: rows * columns }, () => random.real(0.5, 1));
    const total = (of: (at: number) => number): number => direction.reduce((sum, v, i) => sum + v * of(offset + i), 0);
    const expected = centralDifference(
      { model, functions: model.functions },
      tensors,
      new Map([[name, direction]]),
    ).toNumber();
    const size = total((at) => Math.abs(gradient[at] as number));
    const rounding = total((at) => (bounds[at] as Bounded).error) + rows * columns * Number.EPSILON * size;
    const allowed = slack * rounding + referenceNoise * Math.max(1, Math.abs(loss.value));
    const found = total((at) => gradient[at] as number);
    expect(Math.abs(found - expected), `d${name}: ${found}, differences say ${expected}`).toBeLessThanOrEqual(allowed);
  }
}

/** The module is its program to the last bit, and its gradient the derivative of the equations. */
async function expectGradient(model: ForwardModel, strategy: (typeof strategies)[number]): Promise<boolean> {
  const program = buildProgram(taskOfModel(model), strategy);
  certifyProgram(program);
  const point = pointOf(program);
  if (point === null) return false;
  const [loss = NaN, ...gradient] = numbersOf(await moduleOf(program), point);
  const expected = gradientAt(program, point, double, (value) => value);
  // The program subtracts from 0 where the module negates, so that zeros may differ in their sign.
  const numbers = [expected.loss, ...expected.gradient].map((value) => value + 0);
  expect([loss, ...gradient].map((value) => value + 0)).toEqual(numbers);
  expectDifferences(program, point, gradient);
  return true;
}

test("random equations are derived, emitted and printed right", async () => {
  let compared = 0;
  const property = fc.asyncProperty(randomEquations(), async (text) => {
    const file = readEquations(text, "random.eq");
    deriveModel("random.eq", file.model, file.sizes);
    const model = numbered(file);
    const printed = printEquations(model, new Map());
    expect(printEquations(numbered(readEquations(printed, "printed.eq")), new Map())).toBe(printed);
    const named = printEquations(file.model, file.sizes);
    expect(printEquations(numbered(readEquations(named, "named.eq")), new Map())).toBe(printed);
    for (const strategy of strategies) if (await expectGradient(model, strategy)) compared++;
  });
  await fc.assert(property, runs);
  expect(compared).toBeGreaterThan(1.6 * runs.numRuns);
}, 3_600_000);
