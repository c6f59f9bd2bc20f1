import { bounded, NearKink, type Arithmetic, type Bounded, type Random } from "../exact/index.ts";
import { problem } from "../problem.ts";
import { execute } from "./execute.ts";
import type { Program } from "./program.ts";
import { watchedDouble } from "./watched.ts";

/** A point at which a gradient is evaluated in doubles. */
export interface GradientPoint {
  readonly theta: Float64Array;
  /** Inputs and targets, in the order of the program's. */
  readonly inputs: readonly Float64Array[];
}

/** How the numbers of a draw are spread. */
interface Spread {
  /** Size of weights in units of 1/√fan-in: at 1.5, pre-activations are of order one, where activations bend. */
  readonly weights: number;
  readonly inputs: number;
  /** Positive numbers keep sums positive: logarithms of a rectifier's output have values nowhere else. */
  readonly areSigned: boolean;
}

const spread = (weights: number, inputs: number, areSigned = true): Spread => ({ weights, inputs, areSigned });

const spreads: readonly Spread[] = [
  spread(1.5, 1),
  spread(0.5, 0.5),
  spread(0.1, 0.1),
  spread(0.01, 0.01),
  spread(0.6, 0.6, false),
  spread(1.5, 0.3),
  spread(0.3, 1, false),
  spread(0.5, 1),
  spread(0.1, 1, false),
  spread(2, 2),
];

const mostDraws = 400;
/** A large program takes its time: this many entries are read before the search is given up, or two rounds. */
const mostWork = 4_000_000;
/** Comparisons are this far from being ties, relative to their sides: differences must not cross a kink. */
const leastMargin = 1e-6;

/** What a point is to be like. */
export interface DrawOptions {
  /** Parameters to keep: of the point only inputs and targets are drawn. */
  readonly theta?: Float64Array;
  /** Between 0 and 1; such that each target sums to 1; or far from the outputs, so that gradients are large. */
  readonly targets?: "free" | "distribution" | "large";
  /** Are the numbers to be such that single precision holds them as they are? */
  readonly isSingle?: boolean;
}

/**
 * A random point at which the loss and the gradient are finite and no comparison is close to a tie. No entry is
 * near zero, since a zero hides a factor or a missing term.
 *
 * @throws Problem where none is found
 */
export function drawPoint(program: Program, random: Random, options: DrawOptions = {}): GradientPoint {
  const draws = Math.max(
    2 * spreads.length,
    Math.min(mostDraws, Math.floor(mostWork / (1 + program.parameterCount * 7))),
  );
  for (let draw = 0; draw < draws; draw++) {
    const point = drawSpread(program, random, spreads[draw % spreads.length] as Spread, options);
    if (isRegular(program, point)) return point;
  }
  throw problem(
    "not-finite",
    `no point was found, in ${draws} random ones, at which the loss and the gradient are finite and away from kinks`,
    "choose activations and a loss that fit each other: a logarithm takes outputs above zero, such as those of sigmoid or softmax",
  );
}

function drawSpread(
  { parameterCount, layout, inputs }: Program,
  random: Random,
  { weights, inputs: inputSize, areSigned }: Spread,
  { theta: given, targets = "free", isSingle = false }: DrawOptions,
): GradientPoint {
  const awayFromZero = (size: number): number =>
    (areSigned && random.real(0, 1) < 0.5 ? -1 : 1) * random.real(0.2 * size, size);
  const rounded = (values: Float64Array): Float64Array => (isSingle ? values.map(Math.fround) : values);
  const theta = new Float64Array(parameterCount);
  for (const { offset, rows, columns } of layout) {
    // Positive terms add up instead of cancelling.
    const size = areSigned ? weights / Math.sqrt(columns) : weights / columns;
    for (let at = offset; at < offset + rows * columns; at++) theta[at] = awayFromZero(size);
  }
  return {
    theta: given ?? rounded(theta),
    inputs: inputs.map(({ role, length }) =>
      rounded(
        role === "target"
          ? drawTargets(length, random, targets)
          : Float64Array.from({ length }, () => awayFromZero(inputSize)),
      ),
    ),
  };
}

/** Parts of a whole are counted in 1024ths, so that their sum is 1 to the last bit, in single precision too. */
const parts = 1024;

function drawTargets(length: number, random: Random, targets: NonNullable<DrawOptions["targets"]>): Float64Array {
  const soft = Float64Array.from({ length }, () => random.real(0.15, 0.85));
  if (targets === "free") return soft;
  if (targets === "large") return soft.map((value, i) => (i % 2 === 0 ? 64 : -64) * value);
  const total = soft.reduce((sum, value) => sum + value, 0);
  const shares = soft.map((value) => Math.max(1, Math.round((parts * value) / total)));
  const rest = shares.slice(1).reduce((sum, share) => sum + share, 0);
  shares[0] = parts - rest;
  return shares.map((share) => share / parts);
}

/** Finite, and with every comparison on the way decided beyond doubt. */
function isRegular(program: Program, point: GradientPoint): boolean {
  const { arithmetic, margin } = watchedDouble();
  const { loss, gradient } = gradientAt(program, point, arithmetic, (value) => value);
  if (![loss, ...gradient].every(Number.isFinite) || !(margin() > leastMargin)) return false;
  if (margin() === Infinity) return true;
  try {
    boundedGradientAt(program, point);
    return true;
  } catch (error) {
    if (error instanceof NearKink) return false;
    throw error;
  }
}

/** Loss and gradient of a program at a point, in any arithmetic that a double can be taken `into`. */
export function gradientAt<T>(
  program: Program,
  { theta, inputs }: GradientPoint,
  arithmetic: Arithmetic<T>,
  into: (value: number) => T,
): { readonly loss: T; readonly gradient: readonly T[] } {
  const lift = (values: Float64Array): T[] => Array.from(values, into);
  const gradient = lift(new Float64Array(program.parameterCount));
  const given = Object.fromEntries(program.inputs.map(({ name }, i) => [name, lift(inputs[i] as Float64Array)]));
  const loss = execute(program, "backward", { ...given, theta: lift(theta), gradient }, arithmetic);
  return { loss: loss as T, gradient };
}

/** The same with the rounding error that each value may carry. */
export const boundedGradientAt = (
  program: Program,
  point: GradientPoint,
): { readonly loss: Bounded; readonly gradient: readonly Bounded[] } =>
  gradientAt(program, point, bounded, (value) => ({ value, error: 0 }));
