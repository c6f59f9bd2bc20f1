import type { Network } from "../network/index.ts";
import { networkTask } from "../program/index.ts";
import { mutationsOf } from "./catalogue.ts";
import { located } from "./describe.ts";
import type { LocatedFinding } from "./finding.ts";
import { factsOf } from "./identify.ts";
import type { Shape } from "./parts.ts";
import { mutationsReadOff } from "./read-off.ts";
import { Search } from "./search.ts";
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
 * exact numbers. One mistake before two, and of several the one that the catalogue has first.
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
  const samples = numeric.calls[0]?.samples.length ?? 0;
  const isEven = [numeric, ...exact].every(({ calls }) => calls.every((call) => call.samples.length === samples));
  if (exact.length === 0 || samples === 0 || !isEven) return null;
  const shape: Shape = { network, samples, reduction: context.reduction };
  const search = new Search(shape, networkTask(network), numeric, exact);
  if (search.explains(search.right)) return [];
  const facts = factsOf(search.right, search.numeric.world, context);
  const found =
    search.single(mutationsOf(shape, facts, search.parts)) ??
    search.single(mutationsReadOff(shape, facts, search)) ??
    search.pair();
  return found === null ? null : located(shape, search, found);
}
