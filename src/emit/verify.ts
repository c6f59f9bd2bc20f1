import {
  centralDifferences,
  differencesIn,
  digits64,
  doubleDouble,
  seeded,
  type Bounded,
  type Computable,
  type Random,
  type Values,
} from "../exact/index.ts";
import {
  arithmeticOf,
  boundedGradientAt,
  drawPoint,
  execute,
  gradientAt,
  isLarge,
  slices,
  workOf,
  type GradientPoint,
  type Program,
} from "../program/index.ts";
import { VerificationFailure } from "./failure.ts";
import { inspectSource } from "./inspect.ts";
import { bufferNames } from "./buffers.ts";
import { verifyBatch } from "./verify-batch.ts";
import { loadSource, type GradientModule } from "./load.ts";

const seed = 99;
/** Deviation allowed, in units of the first-order rounding error bound. */
const slack = 4;
/** See {@link verifyNumbers}. */
const mostEntries = 60;
/** Along directions go those, too, whose forward pass is long: so many numbers read, in all differences together. */
const mostReads = 30_000;

/**
 * Runs an emitted module before anyone else does. Its source must pass the strict type-check; what it
 * computes must equal the program in doubles to the last bit, through both doors; its gradient must agree
 * with central differences of the forward equations, within the rounding error bound.
 *
 * @param inspected the outcome of the type-check where it is already under way
 *
 * @throws VerificationFailure naming the tensor
 */
export async function verifyModule(
  source: string,
  program: Program,
  inspected: Promise<unknown> = inspectSource(source),
): Promise<void> {
  // It may fail before it is waited for.
  inspected.catch(() => undefined);
  try {
    await runAgainst(source, program);
  } catch (error) {
    // What does not type-check is likely to fail here as well: the compiler says why.
    await inspected;
    throw error;
  }
  await inspected;
}

async function runAgainst(source: string, program: Program): Promise<void> {
  const module = await loadSource(source);
  verifyNumbers(module, program, isLarge(program) ? 1 : 2);
  verifyBatch(module, program, seeded(seed));
}

/**
 * The part of {@link verifyModule} that runs the module, at some points.
 *
 * @param most gradients up to this size are compared entry by entry, larger ones along random directions in each tensor
 * @throws VerificationFailure naming the tensor; Problem where the gradient has no value to compare
 */
export function verifyNumbers(module: GradientModule, program: Program, points: number, most = mostEntries): void {
  for (let nth = 0; nth < points; nth++) {
    const random = seeded(seed + nth);
    const point = drawPoint(program, random);
    const { gradient, loss } = runModule(module, program, point);
    compareWithProgram(gradient, loss, program, point);
    compareWithReference(gradient, loss, program, point, random, most);
  }
}

function runModule(
  module: GradientModule,
  program: Program,
  point: GradientPoint,
): { gradient: Float64Array; loss: number } {
  const { theta, inputs } = point;
  const gradient = new Float64Array(program.parameterCount).fill(NaN);
  const output = new Float64Array(program.outputLength).fill(NaN);
  const loss = module.backward(theta, ...inputs, gradient);
  module.forward(theta, ...inputs.filter((_, i) => program.inputs[i]?.isRead), output);
  const own = bufferNames(program.task);
  const buffer = (name: string): Float64Array => {
    const found = module.buffers[name];
    if (found === undefined) throw new VerificationFailure(`the module has no buffer ${name}`);
    return found;
  };
  buffer("theta").set(theta);
  inputs.forEach((values, i) => buffer(own[i] as string).set(values));
  const ownLoss = module.backwardOwned();
  module.forwardOwned();
  if (ownLoss !== loss || !equal(buffer("gradient"), gradient) || !equal(buffer("output"), output))
    throw new VerificationFailure("the two doors of the module disagree");
  const given = Object.fromEntries(program.inputs.map(({ name }, i) => [name, [...(inputs[i] as Float64Array)]]));
  const expected = Array.from(output, () => 0);
  execute(program, "forward", { ...given, theta: [...theta], output: expected }, arithmeticOf(program));
  if (!equal(output, expected)) throw new VerificationFailure("forward does not compute what its program says");
  return { gradient, loss };
}

const equal = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (v, i) => v === b[i]);

function compareWithProgram(gradient: Float64Array, loss: number, program: Program, point: GradientPoint): void {
  const expected = gradientAt(program, point, arithmeticOf(program), (value) => value);
  if (expected.loss !== loss)
    throw new VerificationFailure(`backward returns the loss ${loss}; its program says ${expected.loss}`);
  const wrong = expected.gradient.findIndex((value, i) => value !== gradient[i]);
  if (wrong >= 0)
    throw new VerificationFailure(
      `gradient[${wrong}] is ${gradient[wrong]}; its program says ${expected.gradient[wrong]}`,
    );
}

/** Random directions have whole entries up to this: decimals of few digits take a third of the time. */
const reach = 1e7;

/** Central differences along a direction with entries up to a size, and what the digits leave of them. */
interface Reference {
  readonly along: (tensor: string, direction: readonly number[], size: number) => number;
  /** In units of the loss, with three digits to spare. */
  readonly noise: number;
}

/** Differences over 2·10⁻¹⁶ at 64 digits. */
function reference64(computable: Computable, tensors: Values<number>): Reference {
  const difference = centralDifferences(computable, tensors);
  return {
    along: (tensor, direction, size) =>
      difference(new Map([[tensor, direction]]), digits64.from(1e-16 / size)).toNumber(),
    noise: 1e-44,
  };
}

/** Differences over 2·10⁻¹² at 31 digits. */
function reference31(computable: Computable, tensors: Values<number>): Reference {
  const lifted = new Map([...tensors].map(([key, entries]) => [key, entries.map(doubleDouble.from)]));
  const difference = differencesIn(doubleDouble, computable, lifted);
  return {
    along: (tensor, direction, size) =>
      difference(new Map([[tensor, direction]]), doubleDouble.from(1e-12 / size)).high,
    noise: 1e-17,
  };
}

/** The digits at which {@link compareWithReference} first compares. */
export const digitsOfReference = (program: Program): 31 | 64 => (isLarge(program) ? 31 : 64);

/**
 * Holds a gradient against central differences of the forward equations, at 31 digits if it is a large one: where
 * those do not agree, 64 digits decide.
 *
 * @param most see {@link verifyNumbers}
 * @param roundoff of what the gradient was computed in, in units of that of doubles
 * @throws VerificationFailure naming the tensor
 */
export function compareWithReference(
  gradient: Float64Array,
  loss: number,
  program: Program,
  point: GradientPoint,
  random: Random,
  most = mostEntries,
  roundoff = 1,
): void {
  const { layout, task } = program;
  const computable: Computable = { model: task.model, functions: task.model.functions };
  const tensors = new Map<string, readonly number[]>([
    ...program.inputs.map(({ key }, i) => [key, [...(point.inputs[i] as Float64Array)]] as const),
    ...slices([...point.theta], layout),
  ]);
  const references = [...(isLarge(program) ? [reference31] : []), reference64].map((make) =>
    once(() => make(computable, tensors)),
  );
  const bounds = boundedGradientAt(program, point).gradient;
  const isShort = task.network !== null || workOf(task) * gradient.length <= mostReads;
  for (const { name, offset, rows, columns } of layout) {
    const count = rows * columns;
    const isByEntries = gradient.length <= most && isShort;
    const directions = isByEntries
      ? Array.from({ length: count }, (_, at) => unit(count, at))
      : [Array.from({ length: count }, () => random.whole(-reach, reach))];
    const size = isByEntries ? 1 : reach;
    for (const direction of directions) {
      const found = direction.reduce((total, v, i) => total + v * (gradient[offset + i] as number), 0);
      const sumError =
        direction.reduce((total, v, i) => total + Math.abs(v * (gradient[offset + i] as number)), 0) *
        count *
        Number.EPSILON;
      const ownError =
        slack *
        roundoff *
        direction.reduce((total, v, i) => total + Math.abs(v) * (bounds[offset + i] as Bounded).error, sumError);
      let expected = NaN;
      const agrees = references.some((reference) => {
        const { along, noise } = reference();
        expected = along(name, direction, size);
        return Math.abs(found - expected) <= ownError + noise * size * Math.max(1, Math.abs(loss));
      });
      if (!agrees)
        throw new VerificationFailure(
          `the gradient of ${name} is ${found} along a direction in which the 64-digit reference has ${expected}`,
        );
    }
  }
}

const unit = (count: number, at: number): number[] => Array.from({ length: count }, (_, i) => (i === at ? 1 : 0));

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
