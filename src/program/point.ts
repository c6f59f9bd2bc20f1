import { bounded, double, type Arithmetic, type Bounded, type Random } from "../exact/index.ts";
import { problem } from "../problem.ts";
import { execute } from "./execute.ts";
import type { Program } from "./program.ts";

/** A point at which a gradient is evaluated in doubles. */
export interface GradientPoint {
  readonly theta: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Sizes of weights to try, in units of 1/√fan-in: at the first, pre-activations are of order one, where activations bend. */
const scales = [1.5, 0.5, 0.1, 0.01];

/**
 * A random point at which the network's loss and gradient are finite. No entry is near zero, since a zero
 * hides a factor or a missing term.
 *
 * @throws Problem where the gradient overflows at every scale tried
 */
export function drawPoint(program: Program, random: Random): GradientPoint {
  for (const scale of scales) {
    const point = drawAtScale(program, random, scale);
    if (isFinite(program, point)) return point;
  }
  throw problem(
    "not-finite",
    "the network's loss or gradient is not finite at random points, however small the weights",
    "choose an activation and a loss that are defined around zero",
  );
}

function drawAtScale({ network, parameterCount, layout }: Program, random: Random, scale: number): GradientPoint {
  const awayFromZero = (size: number): number => (random.real(0, 1) < 0.5 ? -1 : 1) * random.real(0.2 * size, size);
  const theta = new Float64Array(parameterCount);
  for (const { offset, rows, columns } of layout) {
    for (let at = offset; at < offset + rows * columns; at++) theta[at] = awayFromZero(scale / Math.sqrt(columns));
  }
  const fill = (count: number, draw: () => number): Float64Array => Float64Array.from({ length: count }, draw);
  return {
    theta,
    x: fill(network.sizes[0] as number, () => awayFromZero(Math.min(1, scale))),
    y: fill(network.sizes.at(-1) as number, () => random.real(0.15, 0.85)),
  };
}

function isFinite(program: Program, point: GradientPoint): boolean {
  const { loss, gradient } = gradientAt(program, point, double, (value) => value);
  return [loss, ...gradient].every(Number.isFinite);
}

/** Loss and gradient of a program at a point, in any arithmetic that a double can be taken `into`. */
export function gradientAt<T>(
  program: Program,
  { theta, x, y }: GradientPoint,
  arithmetic: Arithmetic<T>,
  into: (value: number) => T,
): { readonly loss: T; readonly gradient: readonly T[] } {
  const lift = (values: Float64Array): T[] => Array.from(values, into);
  const gradient = lift(new Float64Array(program.parameterCount));
  const loss = execute(program, "backward", { theta: lift(theta), x: lift(x), y: lift(y), gradient }, arithmetic);
  return { loss: loss as T, gradient };
}

/** The same with the rounding error that each value may carry. */
export const boundedGradientAt = (
  program: Program,
  point: GradientPoint,
): { readonly loss: Bounded; readonly gradient: readonly Bounded[] } =>
  gradientAt(program, point, bounded, (value) => ({ value, error: 0 }));
