import { double, seeded } from "../../src/exact/index.ts";
import type { Load, RunRequest } from "../../src/implementation/calls.ts";
import { makeCalls } from "../../src/implementation/calls.ts";
import { asProblem } from "../../src/implementation/problems.ts";
import { plainScalars } from "../../src/implementation/scalars.ts";
import type { CheckProblem, RunSuccess } from "../../src/implementation/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { buildProgram, drawPoint, gradientAt, type Program } from "../../src/program/index.ts";

/** Layers' weights, rows = out, and biases. */
export interface Weights {
  readonly W: number[][][];
  readonly b: number[][];
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** The outputs of a network of sigmoids. */
export const outputsOf = ({ W, b }: Weights, x: readonly number[]): number[] =>
  W.reduce(
    (a, rows, l) => rows.map((row, j) => sigmoid(row.reduce((z, w, k) => z + w * (a[k] as number), b[l]?.[j] ?? NaN))),
    [...x],
  );

/** Its gradient for 1/(2k) Σ(a − y)², as the derivation has it. */
export function gradientOf({ W, b }: Weights, x: readonly number[], y: readonly number[]): Weights {
  const activations = W.map((_, l) => outputsOf({ W: W.slice(0, l), b }, x));
  const output = outputsOf({ W, b }, x);
  let delta = output.map((a, j) => ((a - (y[j] as number)) / y.length) * a * (1 - a));
  const gradient: Weights = { W: [], b: [] };
  for (let l = W.length - 1; l >= 0; l--) {
    const a = activations[l] as number[];
    gradient.W.unshift(delta.map((d) => a.map((v) => d * v)));
    gradient.b.unshift(delta);
    delta = a.map((v, k) => delta.reduce((s, d, j) => s + d * (W[l]?.[j]?.[k] as number), 0) * v * (1 - v));
  }
  return gradient;
}

/** Calls of a network of sigmoids at random points, with what they should give. */
export function requestFor(sizes: string, { samples = 1, calls = 2 } = {}): RunRequest & { gradients: number[][] } {
  const network = parseNetwork(sizes);
  const program = programFor(sizes);
  const made = Array.from({ length: calls }, (_, c) => {
    const points = Array.from({ length: samples }, (_, s) => drawPoint(program, seeded(100 * c + s + 1)));
    const { theta } = points[0] as (typeof points)[number];
    const each = points.map(({ inputs }) => gradientAt(program, { theta, inputs }, double, (value) => value));
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const weights = unpack(theta, network.sizes);
    return {
      call: { point: { theta, samples: points.map(({ inputs }) => inputs) }, instance: c, rate: 0.5 },
      outputs: Float64Array.from(
        points.flatMap(({ inputs }) => outputsOf(weights, Array.from(inputs[0] as Float64Array))),
      ),
      loss: mean(each.map(({ loss }) => loss)),
      gradient: Array.from(theta, (_, i) => mean(each.map(({ gradient }) => gradient[i] as number))),
    };
  });
  return {
    sizes: network.sizes,
    layout: program.layout,
    inputs: program.inputs,
    calls: made.map(({ call }) => call),
    expected: { outputs: made.map(({ outputs }) => outputs), losses: made.map(({ loss }) => loss) },
    gradients: made.map(({ gradient }) => gradient),
  };
}

const programs = new Map<string, Program>();

function programFor(sizes: string): Program {
  const program = programs.get(sizes) ?? buildProgram(parseNetwork(sizes));
  programs.set(sizes, program);
  return program;
}

/** θ as weights and biases. */
export function unpack(theta: ArrayLike<number>, sizes: readonly number[]): Weights {
  let at = 0;
  const weights: Weights = { W: [], b: [] };
  sizes.slice(1).forEach((rows, l) => {
    const take = (count: number): number[] => Array.from({ length: count }, () => theta[at++] as number);
    weights.W.push(Array.from({ length: rows }, () => take(sizes[l] as number)));
    weights.b.push(take(rows));
  });
  return weights;
}

/** Makes the calls in this process. */
export const runHere = (
  load: Load,
  request: RunRequest,
  exportName: string | null = null,
): Promise<RunSuccess | CheckProblem> =>
  makeCalls(load, exportName, request, plainScalars).catch((error: unknown) => asProblem(error, request, null));

/** The largest difference of the gradients given from those derived, to the largest of these; or the problem. */
export function deviation(
  reply: RunSuccess | CheckProblem,
  { gradients }: { readonly gradients: readonly number[][] },
): number | string {
  if (reply.kind === "problem") return `${reply.code}: ${reply.message}`;
  const differences = gradients.flatMap((gradient, c) =>
    gradient.map((value, i) => Math.abs(value - (reply.results[c]?.gradient.values[i] ?? NaN))),
  );
  return Math.max(...differences) / Math.max(...gradients.flat().map(Math.abs));
}
