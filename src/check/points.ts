import { double, seeded } from "../exact/index.ts";
import { some, view } from "../expression/index.ts";
import type { BatchPoint } from "../implementation/index.ts";
import { drawPoint, type DrawOptions, type Program } from "../program/index.ts";
import { referenceAt } from "./reference.ts";

/** Points at which a gradient is compared in doubles, at the least. */
export const pointCount = 5;
const seed = 31337;

/**
 * Random points, of which the last has targets far from the outputs where the loss allows it: large gradients show
 * what clips them.
 *
 * @param samples in each point
 * @param isDistribution do targets sum to 1?
 */
export function drawPoints(program: Program, samples: number, isDistribution: boolean): readonly BatchPoint[] {
  const targets = isDistribution ? "distribution" : "free";
  const points = Array.from({ length: pointCount }, (_, nth) => drawBatch(program, samples, seed + nth, targets));
  if (isDistribution || !takesAnyTarget(program)) return points;
  return [...points.slice(0, -1), drawBatch(program, samples, seed + pointCount - 1, "large")];
}

function drawBatch(
  program: Program,
  samples: number,
  from: number,
  targets: NonNullable<DrawOptions["targets"]>,
): BatchPoint {
  const random = seeded(from);
  const first = drawPoint(program, random, { targets, isSingle: true });
  const { theta } = first;
  const rest = Array.from({ length: samples - 1 }, () =>
    drawPoint(program, random, { theta, targets, isSingle: true }),
  );
  return { theta, samples: [first, ...rest].map(({ inputs }) => inputs) };
}

/** A loss without a logarithm has a meaning for every target, one of probabilities only between 0 and 1. */
const takesAnyTarget = ({ task: { objective } }: Program): boolean =>
  !some(objective.value, (node) => {
    const v = view(node);
    return v.kind === "call" && (v.name === "log" || v.name === "xlogx");
  });

/** Do the outputs sum to 1, as those of softmax do? Then the targets are distributions, too. */
export function givesDistribution(program: Program): boolean {
  const { theta, inputs } = drawPoint(program, seeded(seed));
  const lists = { theta: Array.from(theta), samples: [inputs.map((values) => Array.from(values))] };
  const { output } = referenceAt(program, lists, double);
  return output.length > 1 && Math.abs(output.reduce((sum, a) => sum + a, 0) - 1) < 1e-12;
}
