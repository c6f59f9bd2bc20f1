import type { Arithmetic } from "../exact/index.ts";

/**
 * The calls of the checked code with all that went in and came out, in numbers of some kind: doubles, or exact ones
 * whose comparisons go as those of the doubles did.
 */
export interface Trial<T> {
  readonly arithmetic: Arithmetic<T>;
  readonly same: (a: T, b: T) => boolean;
  readonly calls: readonly TrialCall<T>[];
}

export interface TrialCall<T> {
  /** The call before this one on the same instance, or null. */
  readonly before: number | null;
  readonly theta: readonly T[];
  /** Of each sample its inputs and targets, in the order of the task's. */
  readonly samples: readonly (readonly (readonly T[])[])[];
  /** The learning rate, where the code makes a step; else null. */
  readonly rate: T | null;
  /** What the code gave, in the layout of θ. */
  readonly gradient: readonly T[];
  /** The outputs of all samples one after another, where the code has a forward pass. */
  readonly output: readonly T[] | null;
  readonly loss: T | null;
}
