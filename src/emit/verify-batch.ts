import type { Random } from "../exact/index.ts";
import {
  arithmeticOf,
  batchOf,
  drawPoint,
  execute,
  isLarge,
  partOfBlock,
  type Batch,
  type GradientPoint,
  type InputPlace,
  type Program,
} from "../program/index.ts";
import { VerificationFailure } from "./failure.ts";
import type { GradientModule } from "./load.ts";

/** How far the mean may be from that of single gradients, in units of the last place of what is added up. */
const mostUlps = 64;

/**
 * Runs `backwardBatch` with full blocks and others: it must equal its program in doubles to the last bit, whatever was
 * in `gradient` and whatever ran before; be the mean of what `backward` gives; and refuse arrays of another length.
 *
 * @throws VerificationFailure naming the entry
 */
export function verifyBatch(module: GradientModule, program: Program, random: Random): void {
  const batch = batchOf(program);
  const { samples } = batch;
  const counts = isLarge(program)
    ? [samples, 1]
    : [...new Set([7, 1, samples - 1, samples, samples + 1, 7])].filter((n) => n > 0);
  const first = drawPoint(program, random);
  const points = [first];
  const scaled = (by: number): GradientPoint => ({
    theta: first.theta,
    inputs: first.inputs.map((values) => values.map((value) => value * by)),
  });
  while (points.length < Math.max(...counts))
    points.push(
      isLarge(program) ? scaled(1 / (1 + points.length)) : drawPoint(program, random, { theta: first.theta }),
    );
  for (const count of isLarge(program) ? counts : [...counts, counts[0] as number]) {
    const found = runBatch(module, program, points.slice(0, count));
    compare(found, expectedOf(batch, points.slice(0, count)), `${count} samples are not what its program says`);
    compareWithMean(found, module, program, points.slice(0, count));
  }
  refusesWrong(module, program, first);
}

interface Result {
  readonly gradient: Float64Array;
  readonly loss: number;
}

/** The arrays of a batch, one sample after another. */
const joined = (points: readonly GradientPoint[], { inputs }: Program): Float64Array[] =>
  inputs.map((_, i) => Float64Array.from(points.flatMap((point) => [...(point.inputs[i] as Float64Array)])));

function runBatch(module: GradientModule, program: Program, points: readonly GradientPoint[]): Result {
  const gradient = new Float64Array(program.parameterCount).fill(NaN);
  const { theta } = points[0] as GradientPoint;
  const loss = module.backwardBatch(theta, ...joined(points, program), gradient, points.length);
  return { gradient, loss };
}

function expectedOf(batch: Batch, points: readonly GradientPoint[]): Result {
  const { theta } = points[0] as GradientPoint;
  const gradient = Array.from(theta, () => 0);
  let total = 0;
  for (let from = 0; from < points.length; from += batch.samples) {
    const block = points.slice(from, from + batch.samples);
    const given = joined(block, batch).map((values, i): readonly [string, number[]] => {
      const { name, length } = batch.inputs[i] as InputPlace;
      return [
        name,
        batch.areZeroed ? [...values, ...Array.from({ length: length - values.length }, () => 0)] : [...values],
      ];
    });
    const arrays = { ...Object.fromEntries(given), theta: [...theta], gradient };
    total += execute(partOfBlock(batch, block.length), "accumulate", arrays, arithmeticOf(batch)) as number;
  }
  const share = 1 / points.length;
  return { gradient: Float64Array.from(gradient, (sum) => sum * share), loss: total * share };
}

function compare(found: Result, expected: Result, what: string): void {
  const wrong = expected.gradient.findIndex((value, i) => value !== found.gradient[i]);
  if (wrong >= 0 || found.loss !== expected.loss)
    throw new VerificationFailure(`backwardBatch of ${what}${wrong < 0 ? "" : `, in gradient[${wrong}]`}`);
}

function compareWithMean(
  found: Result,
  module: GradientModule,
  program: Program,
  points: readonly GradientPoint[],
): void {
  const single = new Float64Array(program.parameterCount);
  const [sum, size] = [new Float64Array(program.parameterCount), new Float64Array(program.parameterCount)];
  let [loss, lossSize] = [0, 0];
  for (const { theta, inputs } of points) {
    const its = module.backward(theta, ...inputs, single);
    [loss, lossSize] = [loss + its, lossSize + Math.abs(its)];
    single.forEach((value, i) => {
      sum[i] = (sum[i] as number) + value;
      size[i] = (size[i] as number) + Math.abs(value);
    });
  }
  const count = points.length;
  const isNear = (value: number, total: number, most: number): boolean =>
    Math.abs(value - total / count) <= mostUlps * Number.EPSILON * most;
  // Entries that cancel are as exact as their tensor's largest.
  const scales = program.layout.flatMap(({ offset, rows, columns }) => {
    const largest = size.subarray(offset, offset + rows * columns).reduce((a, b) => Math.max(a, b), 0);
    return Array.from({ length: rows * columns }, () => largest);
  });
  const wrong = found.gradient.findIndex((value, i) => !isNear(value, sum[i] as number, scales[i] as number));
  if (wrong >= 0 || !isNear(found.loss, loss, lossSize))
    throw new VerificationFailure(
      `backwardBatch of ${count} samples is not the mean of backward${wrong < 0 ? "" : `, in gradient[${wrong}]`}`,
    );
}

function refusesWrong({ backwardBatch }: GradientModule, program: Program, point: GradientPoint): void {
  const arrays = (): Float64Array[] => [
    point.theta,
    ...joined([point], program),
    new Float64Array(program.parameterCount),
  ];
  const longer = (array: Float64Array): Float64Array => Float64Array.from([...array, 0]);
  const refuses = (changed: readonly Float64Array[], count: number, what: string): void => {
    const [theta, ...rest] = changed as [Float64Array, ...Float64Array[]];
    try {
      backwardBatch(theta, ...rest, count);
    } catch (error) {
      if (error instanceof RangeError) return;
      throw error;
    }
    throw new VerificationFailure(`backwardBatch takes ${what}`);
  };
  for (const count of [0, -1, 0.5, NaN]) refuses(arrays(), count, `${count} samples`);
  arrays().forEach((_, wrong) => {
    const changed = arrays().map((array, i) => (i === wrong ? longer(array) : array));
    refuses(changed, 1, `an array of the wrong length in place ${wrong + 1}`);
  });
}
