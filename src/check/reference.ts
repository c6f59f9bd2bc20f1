import { bounded, double, integer, type Arithmetic, type Bounded } from "../exact/index.ts";
import { execute, type Program } from "../program/index.ts";
import type { BatchPoint } from "../implementation/index.ts";

/** What the derivation gives for one call. */
export interface Reference<T> {
  /** In the layout of θ. */
  readonly gradient: readonly T[];
  readonly loss: T;
  /** The outputs of all samples one after another. */
  readonly output: readonly T[];
}

/** Numbers that go into a call. */
export interface Given<T> {
  readonly theta: readonly T[];
  readonly samples: readonly (readonly (readonly T[])[])[];
}

/**
 * Loss and gradient of a batch, the means of those of its samples, in any arithmetic.
 *
 * @param isSum is the loss of a batch the sum instead of the mean?
 */
export function referenceAt<T>(
  program: Program,
  { theta, samples }: Given<T>,
  arithmetic: Arithmetic<T>,
  isSum = false,
): Reference<T> {
  const each = samples.map((sample) => referenceOfSample(program, theta, sample, arithmetic));
  const count = integer(arithmetic, isSum ? 1 : samples.length);
  const combined = (values: readonly T[]): T => {
    const total = values.reduce((a, b) => arithmetic.add(a, b));
    return samples.length === 1 ? total : arithmetic.divide(total, count);
  };
  return {
    gradient: theta.map((_, i) => combined(each.map(({ gradient }) => gradient[i] as T))),
    loss: combined(each.map(({ loss }) => loss)),
    output: each.flatMap(({ output }) => output),
  };
}

function referenceOfSample<T>(
  program: Program,
  theta: readonly T[],
  sample: readonly (readonly T[])[],
  arithmetic: Arithmetic<T>,
): Reference<T> {
  const zeros = (length: number): T[] => Array.from({ length }, () => integer(arithmetic, 0));
  const arrays = (): Record<string, T[]> => ({
    theta: [...theta],
    ...Object.fromEntries(program.inputs.map(({ name }, i) => [name, [...(sample[i] as readonly T[])]])),
  });
  const [gradient, output] = [zeros(program.parameterCount), zeros(program.outputLength)];
  const loss = execute(program, "backward", { ...arrays(), gradient }, arithmetic) as T;
  execute(program, "forward", { ...arrays(), output }, arithmetic);
  return { gradient, loss, output };
}

/** The reference in doubles. */
export function doubleReference(program: Program, { theta, samples }: BatchPoint, isSum: boolean): Reference<number> {
  const list = (values: Float64Array): number[] => Array.from(values);
  return referenceAt(program, { theta: list(theta), samples: samples.map((s) => s.map(list)) }, double, isSum);
}

/** The reference in doubles, each value with the rounding error that it may carry. */
export function boundedReference(program: Program, { theta, samples }: BatchPoint, isSum: boolean): Reference<Bounded> {
  const lift = (values: Float64Array): Bounded[] => Array.from(values, (value) => ({ value, error: 0 }));
  const given = { theta: lift(theta), samples: samples.map((sample) => sample.map(lift)) };
  return referenceAt(program, given, bounded, isSum);
}
