import { NearKink, double, seeded, type Arithmetic } from "../exact/index.ts";
import { drawPoint, execute, gradientAt, isLarge, type GradientPoint, type Program } from "../program/index.ts";
import { bufferNames } from "./buffers.ts";
import { VerificationFailure } from "./failure.ts";
import { inspectSource } from "./inspect.ts";
import { loadSource } from "./load.ts";
import { compareWithReference } from "./verify.ts";
import { wasmArithmetic } from "./wasm-arithmetic.ts";
import type { Precision } from "./wasm-numbers.ts";

const seed = 99;
const mostDraws = 50;

type Numbers = Float64Array | Float32Array;

/** What a module exports; in f32 its arrays are Float32Array. */
interface WasmGradientModule {
  readonly forward: (theta: Numbers, ...arrays: Numbers[]) => void;
  readonly backward: (theta: Numbers, ...arrays: Numbers[]) => number;
  readonly backwardBatch: (theta: Numbers, ...rest: readonly (Numbers | number)[]) => number;
  readonly buffers: Readonly<Record<string, Numbers>>;
  readonly forwardOwned: () => void;
  readonly backwardOwned: () => number;
}

/** Roundoff in units of that of doubles. */
const roundoff = { f64: 1, f32: 2 ** 29 } as const satisfies Record<Precision, number>;

/**
 * Runs an emitted WebAssembly module before anyone else does, like {@link verifyModule}: strict types, both doors
 * equal, to the last bit what its program says in the module's own arithmetic, and within the rounding
 * error bound of central differences of the forward equations.
 *
 * @param program the program spelled out in scalars
 *
 * Rejects with a VerificationFailure naming the tensor
 */
export async function verifyWasmModule(source: string, program: Program, precision: Precision): Promise<void> {
  await inspectSource(source);
  const module = (await loadSource(source)) as unknown as WasmGradientModule;
  for (let nth = 0; nth < (isLarge(program) ? 1 : 2); nth++) {
    const random = seeded(seed + nth);
    const point = drawFor(program, precision, () => drawPoint(program, random, { isSingle: precision === "f32" }));
    const { gradient, loss } = run(module, program, precision, point);
    compareWithReference(gradient, loss, program, point, random, undefined, roundoff[precision]);
  }
  verifyBatch(module, program, precision);
}

/** Some samples, then fewer: nothing of the first batch may be left in the second. */
const batchSizes = [3, 1];

function verifyBatch(module: WasmGradientModule, program: Program, precision: Precision): void {
  const random = seeded(seed);
  const isSingle = precision === "f32";
  const first = drawPoint(program, random, { isSingle });
  const others = Array.from({ length: 2 }, () => drawPoint(program, random, { theta: first.theta, isSingle }));
  for (const count of batchSizes) {
    const points = [first, ...others].slice(0, count);
    const inputs = first.inputs.map((_, i) =>
      arrayOf(
        precision,
        points.flatMap((point) => [...(point.inputs[i] as Float64Array)]),
      ),
    );
    const gradient = arrayOf(precision, new Float64Array(program.parameterCount).fill(NaN));
    const loss = module.backwardBatch(arrayOf(precision, first.theta), ...inputs, gradient, count);
    const expected = Array.from(gradient, () => 0);
    const losses = points.map((point) => {
      const given = program.inputs.map(({ name }, i) => [name, [...(point.inputs[i] as Float64Array)]] as const);
      const arrays = { ...Object.fromEntries(given), theta: [...point.theta], gradient: expected };
      return execute(program, "accumulate", arrays, wasmArithmetic[precision]) as number;
    });
    const mean = arrayOf(
      precision,
      expected.map((sum) => sum / count),
    );
    if (loss !== losses.reduce((a, b) => a + b, 0) / count || !equal(gradient, mean))
      throw new VerificationFailure(`backwardBatch of ${count} samples does not compute what its program says`);
  }
}

const arrayOf = (precision: Precision, values: ArrayLike<number>): Numbers =>
  precision === "f64" ? Float64Array.from(values) : Float32Array.from(values);

/** A point at which single precision takes the branches that doubles take. */
function drawFor(program: Program, precision: Precision, draw: () => GradientPoint): GradientPoint {
  for (let nth = 0; nth < mostDraws && precision === "f32"; nth++) {
    const point = draw();
    try {
      gradientAt(program, point, bothPrecisions, (value): Pair => [value, value]);
      return point;
    } catch (error) {
      if (!(error instanceof NearKink)) throw error;
    }
  }
  return draw();
}

type Pair = readonly [number, number];

const [wide, narrow] = [double, wasmArithmetic.f32];

/** Doubles beside single precision. */
const bothPrecisions: Arithmetic<Pair> = {
  constant: (c) => [wide.constant(c), narrow.constant(c)],
  add: (a, b) => [wide.add(a[0], b[0]), narrow.add(a[1], b[1])],
  subtract: (a, b) => [wide.subtract(a[0], b[0]), narrow.subtract(a[1], b[1])],
  multiply: (a, b) => [wide.multiply(a[0], b[0]), narrow.multiply(a[1], b[1])],
  divide: (a, b) => [wide.divide(a[0], b[0]), narrow.divide(a[1], b[1])],
  apply: (name, ...args) => [wide.apply(name, ...args.map(([a]) => a)), narrow.apply(name, ...args.map(([, b]) => b))],
  isGreater: (a, b) => {
    const found = wide.isGreater(a[0], b[0]);
    if (found !== narrow.isGreater(a[1], b[1])) throw new NearKink();
    return found;
  },
};

/** Both doors at a point, held against the program. */
function run(
  module: WasmGradientModule,
  program: Program,
  precision: Precision,
  point: GradientPoint,
): { readonly gradient: Float64Array; readonly loss: number } {
  const array = (values: ArrayLike<number>): Numbers => arrayOf(precision, values);
  const theta = array(point.theta);
  const inputs = point.inputs.map(array);
  const gradient = array(new Float64Array(program.parameterCount).fill(NaN));
  const output = array(new Float64Array(program.outputLength).fill(NaN));
  const loss = module.backward(theta, ...inputs, gradient);
  module.forward(theta, ...inputs.filter((_, i) => program.inputs[i]?.isRead), output);
  const buffer = (name: string): Numbers => {
    const found = module.buffers[name];
    if (found === undefined) throw new VerificationFailure(`the module has no buffer ${name}`);
    return found;
  };
  const own = bufferNames(program.task);
  buffer("theta").set(theta);
  inputs.forEach((values, i) => buffer(own[i] as string).set(values));
  const ownLoss = module.backwardOwned();
  module.forwardOwned();
  if (ownLoss !== loss || !equal(buffer("gradient"), gradient) || !equal(buffer("output"), output))
    throw new VerificationFailure("the two doors of the module disagree");
  holdAgainstProgram({ gradient, output, loss }, program, precision, point);
  return { gradient: Float64Array.from(gradient), loss };
}

function holdAgainstProgram(
  { gradient, output, loss }: { readonly gradient: Numbers; readonly output: Numbers; readonly loss: number },
  program: Program,
  precision: Precision,
  point: GradientPoint,
): void {
  const arithmetic = wasmArithmetic[precision];
  const given = Object.fromEntries(program.inputs.map(({ name }, i) => [name, [...(point.inputs[i] as Float64Array)]]));
  const expectedOutput = Array.from(output, () => 0);
  execute(program, "forward", { ...given, theta: [...point.theta], output: expectedOutput }, arithmetic);
  if (!equal(output, expectedOutput)) throw new VerificationFailure("forward does not compute what its program says");
  const expected = gradientAt(program, point, arithmetic, (value) => value);
  if (expected.loss !== loss)
    throw new VerificationFailure(`backward returns the loss ${loss}; its program says ${expected.loss}`);
  const wrong = expected.gradient.findIndex((value, i) => value !== gradient[i]);
  if (wrong >= 0)
    throw new VerificationFailure(
      `gradient[${wrong}] is ${gradient[wrong] as number}; its program says ${expected.gradient[wrong] as number}`,
    );
}

const equal = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((v, i) => v === b[i]);
