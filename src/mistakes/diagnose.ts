import type { Network } from "../network/index.ts";
import { networkTask } from "../program/index.ts";
import { mutationsOf } from "./catalogue.ts";
import { located } from "./describe.ts";
import type { LocatedFinding } from "./finding.ts";
import { factsOf } from "./identify.ts";
import type { Facts } from "./mutation.ts";
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
  const inquiry = begin(network, numeric, exact, context);
  if (inquiry === null) return null;
  const { shape, search, facts } = inquiry;
  if (search.explains(search.right)) return [];
  const found =
    search.single(mutationsOf(shape, facts, search.parts)) ??
    search.single(mutationsReadOff(shape, facts, search)) ??
    search.pair();
  return found === null ? null : located(shape, search, found);
}

/** A mistake that explains the layers next to the outputs, and nothing said of those below. */
export interface PartialExplanation<T> {
  readonly finding: LocatedFinding<T>;
  /** The parameters whose gradients are wrong and exactly as the mistake makes them, from the outputs down: W3, b3. */
  readonly tensors: readonly string[];
}

/**
 * Where {@link diagnose} finds nothing: the single mistake that explains, exactly in all exact trials, the weights and
 * biases of as many layers as possible from the output layer down. It says nothing of the layers below, in which there
 * is another mistake.
 *
 * @returns null where no mistake explains more layers than the right derivation does, or one explains them all
 */
export function explainPart<T>(
  network: Network,
  numeric: Trial<number>,
  exact: readonly Trial<T>[],
  context: DiagnosisContext,
): PartialExplanation<T> | null {
  const inquiry = begin(network, numeric, exact, context);
  if (inquiry === null) return null;
  const { shape, search, facts } = inquiry;
  const mutations = [...mutationsOf(shape, facts, search.parts), ...mutationsReadOff(shape, facts, search)];
  const found = search.partly(mutations);
  if (found === null) return null;
  const [finding] = located(shape, search, found.candidate);
  return finding === undefined ? null : { finding, tensors: found.tensors };
}

interface Inquiry<T> {
  readonly shape: Shape;
  readonly search: Search<T>;
  readonly facts: Facts;
}

function begin<T>(
  network: Network,
  numeric: Trial<number>,
  exact: readonly Trial<T>[],
  context: DiagnosisContext,
): Inquiry<T> | null {
  const samples = numeric.calls[0]?.samples.length ?? 0;
  const isEven = [numeric, ...exact].every(({ calls }) => calls.every((call) => call.samples.length === samples));
  if (exact.length === 0 || samples === 0 || !isEven) return null;
  const shape: Shape = { network, samples, reduction: context.reduction };
  const search = new Search(shape, networkTask(network), numeric, exact);
  return { shape, search, facts: factsOf(search.right, search.numeric.world, context) };
}
