/** The mistakes that have a name. Ids are part of the reports: they never change. */
export const causeIds = [
  "updated-weights",
  "softmax-diagonal",
  "constant-factor",
  "hidden-missing-output-derivative",
  "cross-entropy-delta",
  "squared-loss-delta",
  "regulariser",
  "wrong-activation-derivative",
  "derivative-at-activation",
  "accumulator-not-cleared",
  "batch-sum",
  "bias-not-summed-over-batch",
  "bias-summed-over-units",
  "bias-from-pre-activation",
  "bias-missing",
  "bias-per-weight",
  "softmax-applied-twice",
  "sign",
  "activation-of-wrong-layer",
  "derivative-of-error",
  "learning-rate",
  "other-forward",
  "stale-delta",
  "loop-bound",
  "clipped",
  "transposed",
  "missing-weight",
  "missing-activation-derivative",
  "kink-convention",
  "other-loss",
] as const;
export type CauseId = (typeof causeIds)[number];

/** A mistake that explains what the code gave. */
export interface Finding {
  readonly id: CauseId;
  /** What the code does, in one English sentence that names the layer or tensor: "layer 2's δ lacks σ′(z2)". */
  readonly message: string;
  /** Both in the derivation's notation, Unicode: what the code computes, and what the derivation has in its place. */
  readonly formula: { readonly found: string; readonly right: string };
  /** The right line as code, in the derivation's names: `delta2[j] = …`. */
  readonly fix: string;
  /** The first quantity that is wrong, such as `delta2` or `W3`, by its key: where in the source it is computed is where the mistake is. */
  readonly wrong: string;
}

/** A finding with what is needed to find its place in the source. */
export interface LocatedFinding<T> extends Finding {
  /**
   * Values that the wrong quantity has in the first of the exact trials as the code computes it, the most telling
   * first: the node of the recording with one of these values is where the mistake is.
   */
  readonly values: readonly T[];
}
