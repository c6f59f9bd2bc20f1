import { digits64, double, seeded, type Digits } from "../src/exact/index.ts";
import { parseNetwork } from "../src/network/index.ts";
import {
  buildLoops,
  execute,
  gradientAt,
  networkTask,
  type GradientPoint,
  type Program,
} from "../src/program/index.ts";
import { layerPlaces, type BenchNetwork, type LayerPlace } from "./networks.ts";

/** Samples of a mini-batch. */
export const batchSize = 32;

/** Where a network is evaluated, and what has to come out. The first sample is the one that is timed alone. */
export interface BenchPoint {
  readonly theta: Float64Array;
  /** 32 samples, one after the other. */
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
  /** Of the first sample. */
  readonly output: Float64Array;
  /** Of the mean squared error, as the library has it: 1/(2k)·Σ(a−y)². */
  readonly gradient: Float64Array;
  /** Of −Σ(y·ln a + (1−y)·ln(1−a)): what some peers compute instead. */
  readonly crossEntropy: Float64Array;
  /** Mean of the gradients of 32 samples, mean squared error. */
  readonly batchGradient: Float64Array;
}

/**
 * A point drawn from a fixed seed, with reference values from the program that modules are emitted from, which is
 * certified against dual numbers: one sample in 64 digits, the batch in doubles.
 */
export function makePoint({ name, sizes }: BenchNetwork): BenchPoint {
  const { theta, inputs, targets } = drawPoint(sizes);
  const [n, k] = [sizes[0] as number, sizes.at(-1) as number];
  const sample = (at: number): GradientPoint => ({
    theta,
    inputs: [inputs.slice(at * n, (at + 1) * n), targets.slice(at * k, (at + 1) * k)],
  });
  const programFor = (loss: string): Program => buildLoops(networkTask(parseNetwork(name, { loss })));
  const [program, other] = [programFor("mse"), programFor("binary-cross-entropy")];
  const batchGradient = new Float64Array(theta.length);
  for (let at = 0; at < batchSize; at++) {
    const { gradient } = gradientAt(program, sample(at), double, (value) => value);
    gradient.forEach((value, i) => (batchGradient[i] = (batchGradient[i] as number) + value / batchSize));
  }
  const exact = (of: Program): Float64Array => numbers(gradientAt(of, sample(0), digits64, digits64.from).gradient);
  return {
    theta,
    inputs,
    targets,
    output: outputOf(program, sample(0)),
    gradient: exact(program),
    crossEntropy: exact(other),
    batchGradient,
  };
}

/** Weights such that pre-activations are of order one, where sigmoids bend. */
function drawPoint(sizes: readonly number[]): Pick<BenchPoint, "theta" | "inputs" | "targets"> {
  const random = seeded(6);
  const draw = (length: number, low: number, high: number): Float64Array =>
    Float64Array.from({ length }, () => random.real(low, high));
  const tensors = layerPlaces(sizes).flatMap(({ inputs, outputs }) => {
    const size = 1.5 / Math.sqrt(inputs);
    return [draw(outputs * inputs, -size, size), draw(outputs, -size, size)];
  });
  return {
    theta: Float64Array.from(tensors.flatMap((tensor) => [...tensor])),
    inputs: draw(batchSize * (sizes[0] as number), 0, 1),
    targets: draw(batchSize * (sizes.at(-1) as number), 0.1, 0.9),
  };
}

function outputOf(program: Program, { theta, inputs }: GradientPoint): Float64Array {
  const digits = (values: Float64Array): Digits[] => Array.from(values, digits64.from);
  const given = Object.fromEntries(program.inputs.map(({ name }, i) => [name, digits(inputs[i] as Float64Array)]));
  const output = digits(new Float64Array(program.outputLength));
  execute(program, "forward", { ...given, theta: digits(theta), output }, digits64);
  return numbers(output);
}

const numbers = (digits: readonly Digits[]): Float64Array => Float64Array.from(digits, (digit) => digit.toNumber());

/** The parts of a point in the order in which a file has them, with their lengths. */
function partsOf(sizes: readonly number[]): Readonly<Record<keyof BenchPoint, number>> {
  const [n, k] = [sizes[0] as number, sizes.at(-1) as number];
  const last = layerPlaces(sizes).at(-1) as LayerPlace;
  const parameters = last.biases + last.outputs;
  return {
    theta: parameters,
    inputs: batchSize * n,
    targets: batchSize * k,
    output: k,
    gradient: parameters,
    crossEntropy: parameters,
    batchGradient: parameters,
  };
}

/** Doubles one after the other: what JavaScript and C read alike. */
export function packPoint(point: BenchPoint, sizes: readonly number[]): Float64Array {
  const names = Object.keys(partsOf(sizes)) as (keyof BenchPoint)[];
  return Float64Array.from(names.flatMap((name) => [...point[name]]));
}

/** Takes apart what {@link packPoint} has put together. */
export function unpackPoint(packed: Float64Array, sizes: readonly number[]): BenchPoint {
  let at = 0;
  const parts = Object.entries(partsOf(sizes)).map(([name, length]) => [name, packed.slice(at, (at += length))]);
  return Object.fromEntries(parts) as BenchPoint;
}

/**
 * How far found values are from expected ones: in each tensor the largest difference relative to the largest value,
 * and of these the worst. NaN counts as infinitely far.
 */
export function deviation(
  found: ArrayLike<number>,
  expected: Float64Array,
  tensors: readonly (readonly [number, number])[],
): number {
  const far = tensors.map(([from, to]) => {
    let [difference, size] = [0, 0];
    for (let i = from; i < to; i++) {
      const [f, e] = [found[i] ?? NaN, expected[i] as number];
      difference = Number.isNaN(f) ? Infinity : Math.max(difference, Math.abs(f - e));
      size = Math.max(size, Math.abs(e));
    }
    return difference / size;
  });
  return Math.max(...far);
}

/** From where to where the tensors of θ reach. */
export const tensorsOf = (sizes: readonly number[]): readonly (readonly [number, number])[] =>
  layerPlaces(sizes).flatMap(({ weights, biases, outputs }) => [
    [weights, biases] as const,
    [biases, biases + outputs] as const,
  ]);
