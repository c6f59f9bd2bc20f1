import type { CauseId } from "../mistakes/index.ts";

/** What is said of a mistake wherever it occurs. */
export interface CauseRule {
  /** The mistake in a few words. */
  readonly title: string;
  /** Why it is one, and what to do. */
  readonly help: string;
  /** The equation that has what is right, where it is the same one whatever the layer. */
  readonly equation: "BP1" | "BP2" | "BP3" | "BP4" | null;
}

const rule = (title: string, help: string, equation: CauseRule["equation"] = null): CauseRule => ({
  title,
  help,
  equation,
});

/** One row for each mistake that has a name; the SARIF rules are made of it. */
export const causeRules = {
  "updated-weights": rule(
    "weights are updated before the error has passed through them",
    "The gradient is taken at the old weights. Compute the δ of every layer first, then update.",
    "BP2",
  ),
  "softmax-diagonal": rule(
    "only the diagonal of softmax's Jacobian is used",
    "Every output of a softmax depends on every pre-activation: δ_j = a_j·(g_j − Σ_i g_i·a_i) with g = ∂J/∂a.",
    "BP1",
  ),
  "constant-factor": rule(
    "the gradient is off by a constant factor",
    "Compare the factor in front of the loss, such as ½, 1/k or 1/(2k), with the one that its derivative carries.",
  ),
  "hidden-missing-output-derivative": rule(
    "the output's σ′ is left out of what flows back",
    "The error that passes through W is δ = ∂J/∂z, not ∂J/∂a: keep the output's σ′(z) in it.",
    "BP2",
  ),
  "cross-entropy-delta": rule(
    "a − y is used as the output's δ under a squared loss",
    "a − y is δ for cross-entropy, where σ′ cancels. A squared loss keeps the factor σ′(z).",
    "BP1",
  ),
  "squared-loss-delta": rule(
    "the squared loss's δ is used under cross-entropy",
    "Under cross-entropy the output's σ′ cancels, which leaves a − y.",
    "BP1",
  ),
  regulariser: rule(
    "the penalty's part of the gradient is wrong",
    "½λΣw² adds λw to the gradient of every weight, once for the whole batch, and nothing to that of a bias.",
  ),
  "wrong-activation-derivative": rule(
    "the derivative is that of another activation",
    "Use the derivative of the function that the forward pass applies in this layer.",
  ),
  "derivative-at-activation": rule(
    "the activation's derivative is taken at the wrong argument",
    "f′ takes the pre-activation z; a form in a, such as a(1 − a), takes a = f(z).",
  ),
  "accumulator-not-cleared": rule(
    "the gradient is added to what the call before left",
    "Set the accumulator to zero at the beginning of each call.",
  ),
  "batch-sum": rule(
    "the gradients of a batch are summed where the loss is a mean, or the other way round",
    "Divide by the number of samples exactly where the loss does.",
  ),
  "bias-not-summed-over-batch": rule(
    "the bias's gradient is that of a single sample",
    "A bias serves every sample: its gradient is the sum of δ over the batch.",
    "BP3",
  ),
  "bias-summed-over-units": rule(
    "the bias's gradient is summed over the neurons",
    "Each neuron has a bias of its own: ∂J/∂b_j = δ_j.",
    "BP3",
  ),
  "bias-from-pre-activation": rule(
    "the bias's gradient is taken from z instead of δ",
    "∂z_j/∂b_j = 1, so that ∂J/∂b_j = δ_j.",
    "BP3",
  ),
  "bias-missing": rule("the bias is left out", "Add b in the forward pass, and give it the gradient δ.", "BP3"),
  "bias-per-weight": rule(
    "the bias is stepped once for each incoming weight",
    "Move its update out of the loop over the incoming weights.",
    "BP3",
  ),
  "softmax-applied-twice": rule(
    "softmax's Jacobian is applied to a − y",
    "a − y is already ∂J/∂z for softmax with cross-entropy; the Jacobian is in it.",
    "BP1",
  ),
  sign: rule(
    "the gradient has the wrong sign",
    "∂J/∂a of a squared loss is proportional to a − y; a step of descent subtracts the gradient.",
  ),
  "activation-of-wrong-layer": rule(
    "the weight's gradient takes the activations of another layer",
    "A weight's gradient is δ of its own layer times the activation of the layer before.",
    "BP4",
  ),
  "derivative-of-error": rule(
    "the derivative is applied to the error instead of the activation",
    "a(1 − a) belongs to the neuron's output; the error is multiplied by it.",
  ),
  "learning-rate": rule(
    "the step does not follow the learning rate",
    "A step is −η·∂J/∂θ: the rate enters once, and only there.",
  ),
  "other-forward": rule(
    "the gradient is that of another forward pass",
    "Use the activations, weights and functions of the forward pass that computes the loss.",
  ),
  "stale-delta": rule(
    "an error of an earlier call or layer is used",
    "Compute δ anew for each sample, from the output back to the first hidden layer.",
  ),
  "loop-bound": rule("a loop leaves out a row or a column", "Compare the loop's bounds with the sizes of the tensor."),
  clipped: rule(
    "the gradient is clipped on the way back",
    "Clip, if at all, what comes out: clipping δ changes the gradients of all layers before.",
  ),
  transposed: rule(
    "a matrix is transposed",
    "W[j][k] leads from neuron k to neuron j: forward takes rows, backward takes columns.",
  ),
  "missing-weight": rule(
    "the error flows back without the weights",
    "Each δ of the next layer counts with the weight that leads to it.",
    "BP2",
  ),
  "missing-activation-derivative": rule(
    "σ′ is left out",
    "δ = ∂J/∂z holds the derivative of the activation of its own layer.",
  ),
  "kink-convention": rule(
    "another subgradient is taken at a kink",
    "At a kink any slope between those of the two sides may be taken; deltarule takes relu′(0) = 0.",
  ),
  "other-loss": rule(
    "the gradient is right for another loss",
    "Check against the loss that the code minimises, with --loss, or mend the factor.",
  ),
} satisfies Record<CauseId, CauseRule>;
