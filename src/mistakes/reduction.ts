import {
  add,
  atom,
  divide,
  kronecker,
  multiply,
  num,
  sizeOf,
  subtract,
  sum,
  sym,
  transform,
  view,
  type Expr,
} from "../expression/index.ts";
import type { GradientStages, Part, Reduction, Shape } from "./parts.ts";

/** A gradient put together from its stages. */
export function gradientPart(
  { key, ranges, isTransposed = false }: Pick<Part, "key" | "ranges" | "isTransposed">,
  stages: GradientStages,
  shape: Shape,
): Part {
  const { summand, penalty, reduction, outer } = stages;
  const own = reductions[reduction](summand, shape.samples);
  const whole = penalty === null ? own : add(own, penalty);
  return {
    key,
    level: "call",
    ranges,
    value: outer.reduce((tree, change) => change(tree), whole),
    stages,
    isTransposed,
  };
}

/** The number of samples, by name. */
const sampleCount: Expr = sizeOf(sym("N"));
/** The learning rate. */
export const rate: Expr = sym("eta");

/** One step down the gradient. */
export const afterStep = (parameter: Expr, gradient: Expr): Expr => subtract(parameter, multiply(rate, gradient));

const reductions = {
  sum: overSamples,
  mean: (summand, samples) => mean(overSamples(summand, samples), samples),
  first: (summand) => ofSample(summand, num(1)),
  last: (summand, samples) => ofSample(summand, num(samples)),
  "first-of-mean": (summand, samples) => mean(ofSample(summand, num(1)), samples),
  "last-of-mean": (summand, samples) => mean(ofSample(summand, num(samples)), samples),
  "sum-without-first": (summand, samples) => withoutSample(summand, num(1), samples),
  "sum-without-last": (summand, samples) => withoutSample(summand, num(samples), samples),
  "mean-without-first": (summand, samples) => mean(withoutSample(summand, num(1), samples), samples),
  "mean-without-last": (summand, samples) => mean(withoutSample(summand, num(samples), samples), samples),
  "mean-of-mean": (summand, samples) => mean(mean(overSamples(summand, samples), samples), samples),
} satisfies Record<Reduction, (summand: Expr, samples: number) => Expr>;

const mean = (of: Expr, samples: number): Expr => (samples === 1 ? of : divide(of, sampleCount));

function overSamples(summand: Expr, samples: number): Expr {
  return samples === 1 ? ofSample(summand, num(1)) : sum("i", sampleCount, ofSample(summand, sym("i")));
}

/** The sum over the batch but for one sample. */
function withoutSample(summand: Expr, sample: Expr, samples: number): Expr {
  return samples === 1 ? num(0) : sum("i", sampleCount, multiply(others(sample), ofSample(summand, sym("i"))));
}

const others = (sample: Expr): Expr => subtract(num(1), kronecker(sym("i"), sample));

/** Quantities of a call, which have no index of a sample. */
const ofCall = /^(?:[Wb]\d+|d[Wb]\d+(?:_before)?|W\d+_new|W\d+_flat|eta|R)$/;
export const isOfCall = (key: string): boolean => ofCall.test(key);

/** An expression of one sample, spoken of in a batch. */
export const ofSample = (expr: Expr, sample: Expr): Expr =>
  transform(expr, (node) => {
    const v = view(node);
    if (v.kind === "symbol" && v.name === "C") return atom({ family: "C", layer: null }, [sample]);
    return v.kind !== "atom" || isOfCall(v.variable.family) ? node : atom(v.variable, [sample, ...v.indices]);
  });
