import { readFileSync } from "node:fs";
import { toleranceOf, type Contender, type Mode } from "./contenders.ts";
import { batchSize, deviation, tensorsOf, unpackPoint, type BenchPoint } from "./point.ts";
import type { Settings, Timing } from "./result.ts";
import { subjectOf, type Subject } from "./subject.ts";

/** What one process is to time; the only argument of its command line, as JSON. */
export interface Job {
  readonly contender: Contender;
  readonly mode: Mode;
  readonly sizes: readonly number[];
  /** File of the packed point. */
  readonly point: string;
  /** Module to import, where the contender has one of its own. */
  readonly module: string | null;
  readonly settings: Settings;
}

async function timingOf({ contender, mode, sizes, point: file, module, settings }: Job): Promise<Timing> {
  const bytes = readFileSync(file);
  const point = unpackPoint(
    new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
    sizes,
  );
  const subject = await subjectOf(contender.source, { mode, sizes, point, module });
  if (typeof subject === "string") return { status: "unavailable", why: subject };
  subject.step();
  const { expected, tensors } = expectedOf(contender, mode, sizes, point);
  const far = deviation(subject.found(), expected, tensors);
  if (!(far <= toleranceOf(contender))) return { status: "wrong", deviation: far };
  const samples = mode === "batch" ? batchSize : 1;
  const windows = clock(subject.step, { ...settings, warmUp: contender.warmUp ?? settings.warmUp });
  return { status: "timed", deviation: far, windows: windows.map((ns) => ns / samples) };
}

function expectedOf(
  { loss }: Contender,
  mode: Mode,
  sizes: readonly number[],
  point: BenchPoint,
): { expected: Float64Array; tensors: ReturnType<typeof tensorsOf> } {
  if (mode === "forward") return { expected: point.output, tensors: [[0, point.output.length]] };
  const outputs = sizes.at(-1) as number;
  const single = {
    mse: () => point.gradient,
    "half-squared": () => point.gradient.map((value) => value * outputs),
    "binary-cross-entropy": () => point.crossEntropy,
  } satisfies Record<Contender["loss"], () => Float64Array>;
  return { expected: mode === "batch" ? point.batchGradient : single[loss](), tensors: tensorsOf(sizes) };
}

/** A long loop would be replaced while it runs; a function called again and again is compiled as users' code is. */
function burst(step: Subject["step"], count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Number(step());
  return sum;
}

/** ns per call in windows of about the same length, after warming up. */
function clock(step: Subject["step"], { windows, window, warmUp }: Settings): readonly number[] {
  const started = performance.now();
  let [count, took] = [1, 0];
  while (performance.now() - started < warmUp || took < window / 2) {
    took = elapsed(step, count);
    if (took < window / 2) count *= 2;
  }
  const calls = Math.max(1, Math.round((count * window) / took));
  return Array.from({ length: windows }, () => (elapsed(step, calls) * 1e6) / calls);
}

const longestBurst = 1000;

function elapsed(step: Subject["step"], calls: number): number {
  const start = performance.now();
  for (let left = calls; left > 0; left -= longestBurst) burst(step, Math.min(left, longestBurst));
  return performance.now() - start;
}

const job = JSON.parse(process.argv[2] as string) as Job;
process.stdout.write(JSON.stringify(await timingOf(job)));
// A peer may leave handles open.
process.exit(0);
