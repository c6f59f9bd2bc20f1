import { bounded, double, evaluateModel, integer, type Arithmetic, type Bounded, type Values } from "../exact/index.ts";
import { execute, slices, type Program } from "../program/index.ts";
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

/** The numbers of a point in another arithmetic. */
export const givenAt = <T>({ theta, samples }: BatchPoint, into: (value: number) => T): Given<T> => ({
  theta: Array.from(theta, into),
  samples: samples.map((sample) => sample.map((values) => Array.from(values, into))),
});

/** A number of a point as it is. */
export const asItIs = (value: number): number => value;

/** Every variable of the model, the tensors too, of each sample of a call. */
export const variablesAt = <T>(
  { task: { model }, inputs, layout }: Program,
  { theta, samples }: Given<T>,
  arithmetic: Arithmetic<T>,
): readonly Values<T>[] =>
  samples.map((sample) => {
    const given = inputs.map(({ key }, i) => [key, sample[i] as readonly T[]] as const);
    return evaluateModel(
      { model, functions: model.functions },
      new Map([...given, ...slices(theta, layout)]),
      arithmetic,
    );
  });

/** The reference in doubles. */
export const doubleReference = (program: Program, point: BatchPoint, isSum: boolean): Reference<number> =>
  referenceAt(program, givenAt(point, asItIs), double, isSum);

/** The reference in doubles, each value with the rounding error that it may carry. */
export const boundedReference = (program: Program, point: BatchPoint, isSum: boolean): Reference<Bounded> =>
  referenceAt(
    program,
    givenAt(point, (value) => ({ value, error: 0 })),
    bounded,
    isSum,
  );
