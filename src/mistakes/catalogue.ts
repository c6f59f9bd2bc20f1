import type { CauseId } from "./finding.ts";
import type { Facts, Mutation, Row } from "./mutation.ts";
import type { Parts, Shape } from "./parts.ts";
import {
  atActivations,
  derivativesOfError,
  missingDerivatives,
  otherForwards,
  softmaxDiagonals,
  wrongDerivatives,
} from "./rows-activation.ts";
import { accumulators, batchSums } from "./rows-batch.ts";
import { biasesFromValues, biasesOfOneSample, biasesOverUnits, biasesPerWeight, missingBiases } from "./rows-bias.ts";
import { clippings, loopBounds } from "./rows-bounds.ts";
import { constantFactors, learningRates, regularisers, signs } from "./rows-factor.ts";
import { crossEntropyDeltas, otherLosses, softmaxTwice, squaredLossDeltas } from "./rows-loss.ts";
import {
  hiddenMissing,
  missingWeights,
  runningSums,
  staleDeltas,
  transposes,
  updatedWeights,
  wrongLayers,
} from "./rows-signal.ts";
import { slopeSlips } from "./rows-slope.ts";

/**
 * Every mistake that has a name, in the order in which one is preferred to another that gives the same numbers: those
 * that say more first, and the loss of another before a factor that comes to the same.
 */
const catalogue = {
  sign: signs,
  "cross-entropy-delta": crossEntropyDeltas,
  "softmax-diagonal": softmaxDiagonals,
  "softmax-applied-twice": softmaxTwice,
  "squared-loss-delta": squaredLossDeltas,
  "other-loss": otherLosses,
  "batch-sum": batchSums,
  regulariser: regularisers,
  "bias-missing": missingBiases,
  "bias-per-weight": biasesPerWeight,
  "bias-not-summed-over-batch": biasesOfOneSample,
  "bias-summed-over-units": biasesOverUnits,
  "bias-from-pre-activation": biasesFromValues,
  "learning-rate": learningRates,
  "constant-factor": constantFactors,
  "missing-activation-derivative": missingDerivatives,
  "hidden-missing-output-derivative": hiddenMissing,
  "missing-weight": missingWeights,
  "updated-weights": updatedWeights,
  "derivative-at-activation": atActivations,
  // A slip in the right formula is likelier than another's that comes to the same.
  "wrong-activation-derivative": (shape, facts, parts) => [
    ...slopeSlips(shape, facts, parts),
    ...wrongDerivatives(shape, facts, parts),
  ],
  "derivative-of-error": derivativesOfError,
  "activation-of-wrong-layer": wrongLayers,
  "accumulator-not-cleared": (shape, facts, parts) => [
    ...accumulators(shape, facts, parts),
    ...runningSums(shape, facts, parts),
  ],
  "stale-delta": staleDeltas,
  transposed: transposes,
  "loop-bound": loopBounds,
  "other-forward": otherForwards,
  // Its bounds are read off what the code gave.
  clipped: clippings([]),
  // Not a wrong derivation: the caller finds it at the kinks themselves.
  "kink-convention": () => [],
} satisfies Record<CauseId, Row>;

/**
 * All mutations of the catalogue that there are for a network, the preferred first. Code that itself reports another
 * loss means it: then its gradient is first taken for that one's.
 */
export const mutationsOf = (shape: Shape, facts: Facts, parts: Parts): readonly Mutation[] => {
  const { "other-loss": ofOtherLosses, ...others } = catalogue;
  const rows: readonly Row[] =
    facts.loss === "other" ? [ofOtherLosses, ...Object.values(others)] : Object.values(catalogue);
  return rows.flatMap((row) => row(shape, facts, parts));
};
