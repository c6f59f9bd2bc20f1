import type { CauseId } from "../mistakes/index.ts";

/** What is said of a mistake wherever it occurs. */
export interface CauseRule {
  /** The mistake in a few words. */
  readonly title: string;
  /** What to do, in a sentence. */
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
    "Compute the δ of every layer first, then update.",
    "BP2",
  ),
  "softmax-diagonal": rule(
    "only the diagonal of softmax's Jacobian is used",
    "Sum over all outputs, as each depends on every pre-activation: δ_j = a_j·(g_j − Σ_i g_i·a_i) with g = ∂J/∂a.",
    "BP1",
  ),
  "constant-factor": rule(
    "the gradient is off by a constant factor",
    "Compare the factor in front of the loss, such as ½, 1/k or 1/(2k), with the one that its derivative carries.",
  ),
  "hidden-missing-output-derivative": rule(
    "the output's σ′ is left out of what flows back",
    "Pass δ = ∂J/∂z back through W, not ∂J/∂a: keep the output's σ′(z) in it.",
    "BP2",
  ),
  "cross-entropy-delta": rule(
    "a − y is used as the output's δ under a squared loss",
    "Multiply a − y by σ′(z); or if cross-entropy, where σ′ cancels, is the loss you mean, name it with --loss.",
    "BP1",
  ),
  "squared-loss-delta": rule(
    "the squared loss's δ is used under cross-entropy",
    "Use a − y as the output's δ, in which σ′ cancels; or if a squared loss is the one you mean, name it with --loss.",
    "BP1",
  ),
  regulariser: rule(
    "the penalty's part of the gradient is wrong",
    "Add λw (for --l1, λ·sign(w)) to the gradient of every weight, once for the whole batch, and nothing to that of a bias.",
  ),
  "wrong-activation-derivative": rule(
    "the activation's derivative is not that of the forward pass",
    "Use the derivative of the function that the forward pass applies in this layer; or if it applies another one, name that with --activation.",
  ),
  "derivative-at-activation": rule(
    "the activation's derivative is taken at the wrong argument",
    "Give f′ the pre-activation z, and a form in a, such as a(1 − a), the activation a = f(z).",
  ),
  "accumulator-not-cleared": rule(
    "the gradient is added to what the call before left",
    "Set the accumulator to zero at the beginning of each call.",
  ),
  "batch-sum": rule(
    "the gradients of a batch are summed where the loss is a mean, or the other way round",
    'Divide by the number of samples exactly where the loss does; or if your loss is the sum, write reduction: "sum" in the adapter.',
  ),
  "bias-not-summed-over-batch": rule(
    "the bias's gradient is that of a single sample",
    "Sum δ over the batch, as a bias serves every sample.",
    "BP3",
  ),
  "bias-summed-over-units": rule(
    "the bias's gradient is summed over the neurons",
    "Give each neuron's bias its own δ: ∂J/∂b_j = δ_j.",
    "BP3",
  ),
  "bias-from-pre-activation": rule(
    "the bias's gradient is taken from z instead of δ",
    "Take δ_j itself as the bias's gradient, as ∂z_j/∂b_j = 1.",
    "BP3",
  ),
  "bias-missing": rule("the bias is left out", "Give b the gradient δ, and see that the forward pass adds it.", "BP3"),
  "bias-per-weight": rule(
    "the bias is stepped once for each incoming weight",
    "Step it once: if its update stands in the loop over the incoming weights, move it out; else take the factor away.",
    "BP3",
  ),
  "softmax-applied-twice": rule(
    "softmax's Jacobian is applied to a − y",
    "Leave the Jacobian out: a − y is already ∂J/∂z for softmax with cross-entropy.",
    "BP1",
  ),
  sign: rule(
    "the gradient has the wrong sign",
    "Start from a − y and subtract the gradient in the step, or from y − a and add it.",
  ),
  "activation-of-wrong-layer": rule(
    "the weight's gradient takes the activations of another layer",
    "Multiply the δ of the weight's own layer by the activations of the layer before.",
    "BP4",
  ),
  "derivative-of-error": rule(
    "the derivative is applied to the error instead of the activation",
    "Take the derivative at the neuron's output, as in a(1 − a), and multiply the error by it.",
  ),
  "learning-rate": rule(
    "the step does not follow the learning rate",
    "Step by −η·∂J/∂θ: multiply by the rate once, and nowhere else.",
  ),
  "other-forward": rule(
    "the gradient is that of another forward pass",
    "Use the activations, weights and functions of the forward pass that computes the loss; or if your network has that activation, name it with --activation.",
  ),
  "stale-delta": rule(
    "an error of an earlier call or layer is used",
    "Compute δ anew for each sample, from the output back to the first hidden layer.",
  ),
  "loop-bound": rule("a loop leaves out a row or a column", "Compare the loop's bounds with the sizes of the tensor."),
  clipped: rule(
    "the gradient is clipped on the way back",
    "Hand out the gradient as it is and clip, if at all, in the update: clipping δ changes the gradients of all layers before.",
  ),
  transposed: rule(
    "a matrix is transposed",
    "Swap the indices: W[j][k] leads from neuron k to neuron j, so that forward takes rows and backward takes columns.",
  ),
  "missing-weight": rule(
    "the error flows back without the weights",
    "Multiply each δ of the next layer by the weight that leads to it.",
    "BP2",
  ),
  "missing-activation-derivative": rule(
    "σ′ is left out",
    "Multiply by the derivative of the layer's own activation, which δ = ∂J/∂z holds.",
  ),
  "kink-convention": rule(
    "another subgradient is taken at a kink",
    "Keep it if you like: at a kink any slope between those of the two sides may be taken, and deltarule takes relu′(0) = 0.",
  ),
  "other-loss": rule(
    "the gradient is right for another loss",
    "If that is the loss you mean, the code is right: name it with --loss.",
  ),
} satisfies Record<CauseId, CauseRule>;
