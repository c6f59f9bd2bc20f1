import { modelAdjoints } from "../../src/derivation/index.ts";
import { sourceOf } from "../../src/emit/emit.ts";
import { loadSource, type GradientModule } from "../../src/emit/index.ts";
import type { ForwardModel } from "../../src/equations/index.ts";
import {
  adjointEquations,
  modelTask,
  type GradientPoint,
  type GradientTask,
  type Program,
} from "../../src/program/index.ts";

export const strategies = ["unrolled", "tiled"] as const;

/** The task of a model that has numbers for sizes. */
export const taskOfModel = (model: ForwardModel): GradientTask =>
  modelTask(model, adjointEquations(modelAdjoints(model)), {
    name: "model.eq",
    command: "deltarule emit --equations model.eq",
    about: [],
  });

/** The module of a program, imported without the checks that emitting makes, which take a second. */
export const moduleOf = async (program: Program): Promise<GradientModule> => loadSource(await sourceOf(program, "0"));

/** The loss, then the gradient. */
export function numbersOf({ backward }: GradientModule, { theta, inputs }: GradientPoint): readonly number[] {
  const gradient = new Float64Array(theta.length).fill(NaN);
  return [backward(theta, ...inputs, gradient), ...gradient];
}
