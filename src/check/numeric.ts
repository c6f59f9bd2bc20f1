import type { Bounded } from "../exact/index.ts";
import type {
  BatchPoint,
  Call,
  CallResult,
  CheckProblem,
  Description,
  Manner,
  RunSuccess,
  Session,
} from "../implementation/index.ts";
import type { Program } from "../program/index.ts";
import { compare, compareOutputs, type Compared } from "./compare.ts";
import { boundedReference, doubleReference, type Reference } from "./reference.ts";
import type { TensorVerdict } from "./verdict.ts";

/** Powers of two, so that a step at one is exactly twice the step at the other. */
const rates = [0.5, 0.25] as const;

/** Calls that show more than that each gradient is right. */
export interface CallPlan {
  readonly calls: readonly Call[];
  /** The calls whose gradients are compared, one for each point. */
  readonly compared: readonly number[];
  /** Calls at the same point, which must give the same to the last bit, with what it means where they do not. */
  readonly repeated: readonly { readonly calls: readonly [number, number]; readonly otherwise: string }[];
  /** Where calls at the same point differ, those that show how: each beside what it should be. */
  readonly telling: readonly number[];
  /** A call at the point of the first with another rate, or null. */
  readonly otherRate: number | null;
}

/**
 * Each point on an instance of its own. On one instance, the first point twice, another, and that one's weights with the
 * inputs of the first: which shows what a call leaves behind for the next, and what is kept by the inputs alone.
 */
function planCalls(points: readonly BatchPoint[], { isStep, takesRate, rate }: Description): CallPlan {
  const usual = takesRate ? rates[0] : (rate ?? 1);
  const call = (nth: number, instance: number, at = usual): Call => ({
    point: points[nth] as BatchPoint,
    instance,
    rate: at,
  });
  const others = points.map((_, nth) => call(nth, nth + 1)).slice(1);
  const [first, second] = points as [BatchPoint, BatchPoint];
  const mixed = { point: { theta: second.theta, samples: first.samples }, rate: usual };
  const again = points.length + 1;
  const calls = [
    ...[call(0, 0), call(0, 0), call(1, 0), { ...mixed, instance: 0 }],
    ...others,
    ...[call(0, again), { ...mixed, instance: again + 1 }],
  ];
  const firstOther = 4;
  const plan = {
    compared: [0, ...others.map((_, i) => i + firstOther)],
    repeated: [
      {
        calls: [0, calls.length - 2],
        otherwise: "a new instance gives another gradient at the same point: it uses chance or the time",
      },
      {
        calls: [0, 1],
        otherwise:
          "called twice at the same point it gives different gradients: it adds to what was there before (an accumulator, momentum), or leaves entries unwritten",
      },
      {
        calls: [firstOther, 2],
        otherwise: "after a call at another point it gives another gradient: the call before leaves something behind",
      },
      {
        calls: [calls.length - 1, 3],
        otherwise:
          "with the same inputs and other weights it gives another gradient on a used instance: it keeps what belongs to the weights of before",
      },
    ] as const,
    telling: [0, 1, 2, firstOther, 3, calls.length - 1],
  };
  return isStep && takesRate
    ? { ...plan, calls: [...calls, call(0, again + 2, rates[1])], otherRate: calls.length }
    : { ...plan, calls, otherRate: null };
}

/** What comparing in doubles has shown. */
export interface NumericStage {
  readonly plan: CallPlan;
  readonly reply: RunSuccess;
  readonly tensors: readonly TensorVerdict[];
  /** The same with the tolerance of single precision. */
  readonly singleTensors: readonly TensorVerdict[];
  /** The code's own outputs, where it has a forward pass. */
  readonly output: TensorVerdict | null;
  /** Does every call give the same at the same point? */
  readonly isRepeatable: boolean;
  /** What it means that they do not, or null. */
  readonly unrepeatable: string | null;
  /** Is a step proportional to its rate? */
  readonly followsRate: boolean;
  /** Is a step made at a rate that nobody knows? Then the gradient is known but for a factor above zero. */
  readonly isScaleFree: boolean;
  /** What the code gave is this many times its gradient: 1, where its rate is known. */
  readonly scale: number;
}

/**
 * Runs the code at the points and compares what it gives with the derived gradient.
 *
 * @param manner how the code is called, where that is known
 */
export async function compareNumerically(
  session: Session,
  program: Program,
  points: readonly BatchPoint[],
  manner: Manner | null = null,
): Promise<NumericStage | CheckProblem> {
  const { description } = session;
  const isSum = description.reduction === "sum";
  const references = new Map(points.map((point) => [point, boundedReference(program, point, isSum)]));
  const plan = planCalls(points, description);
  const of = ({ point }: Call): Reference<Bounded> => references.get(point) as Reference<Bounded>;
  const expected = plan.calls.map(({ point }) => doubleReference(program, point, isSum));
  const reply = await session.run({
    sizes: program.task.network?.sizes ?? null,
    layout: program.layout,
    inputs: program.inputs,
    calls: plan.calls,
    manner,
    expected: {
      outputs: expected.map(({ output }) => Float64Array.from(output)),
      losses: expected.map(({ loss }) => loss),
    },
  });
  if (reply.kind === "problem") return reply;
  const compared = plan.compared.map((nth): Compared => ({
    expected: of(plan.calls[nth] as Call),
    result: reply.results[nth] as CallResult,
  }));
  const unlike = plan.repeated.find(({ calls: [a, b] }) => !isSame(reply.results[a], reply.results[b]));
  const isScaleFree = description.isStep && !description.takesRate && description.rate === null;
  const scale = isScaleFree ? fittedScale(compared[0] as Compared) : 1;
  return {
    plan,
    reply,
    tensors: compare(program.layout, compared, scale),
    singleTensors: compare(program.layout, compared, scale, true),
    output: compareOutputs(compared),
    isRepeatable: unlike === undefined,
    unrepeatable: unlike?.otherwise ?? null,
    followsRate: plan.otherRate === null || isClose(reply.results[0], reply.results[plan.otherRate]),
    isScaleFree,
    scale,
  };
}

/** How many times the derived gradient what was found is, without the sign: the median, which a wrong tensor leaves alone. */
function fittedScale({ expected, result }: Compared): number {
  const ratios = expected.gradient
    .flatMap(({ value }, i) => (value === 0 ? [] : [Math.abs((result.gradient.values[i] as number) / value)]))
    .sort((a, b) => a - b);
  const median = ratios[Math.floor(ratios.length / 2)] ?? 1;
  return median > 0 ? median : 1;
}

/** To the last bit. */
export const isSame = (a: CallResult | undefined, b: CallResult | undefined): boolean =>
  a !== undefined && b !== undefined && a.gradient.values.every((value, i) => Object.is(value, b.gradient.values[i]));

/** The same but for the rounding of the weights, of which a smaller step has more. */
const isClose = (a: CallResult | undefined, b: CallResult | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.gradient.values.every(
    (value, i) =>
      Math.abs(value - (b.gradient.values[i] as number)) <=
      4 * ((a.roundoff?.[i] ?? 0) + (b.roundoff?.[i] ?? 0)) + 1e-12 * Math.abs(value),
  );
