/** What the name of a property says of a tensor. */
export interface TensorName {
  /** Lower case, as it is and without what says that it is a gradient. */
  readonly exact: readonly string[];
  readonly kind: "weight" | "bias" | null;
  /** Its number, counted from wherever the code counts. */
  readonly index: number | null;
  readonly isGradient: boolean;
}

// Longer words before shorter ones that begin alike.
const before = /^(?:grad(?:ient)?s?(?:of)?|delta|nabla|partial|d|g|∂|∇)_?(?=.)/;
const after = /_?(?:grad(?:ient)?s?|delta)(?=_?\d*$)/;
const tensor = /^(w|weights?|b|bias(?:es)?)_?(\d*)$/;

/** Reads names such as W2, dW2, gradW_2, W2_grad, weightGradients, biases, w1. */
export function nameOf(key: string): TensorName {
  const plain = key.toLowerCase().replace(/^[_$#]+|_+$/g, "");
  const stripped = plain.replace(after, "").replace(before, "");
  const [, word, digits] = tensor.exec(plain) ?? tensor.exec(stripped) ?? [];
  const isGradient = stripped !== plain && tensor.exec(plain) === null;
  if (word === undefined) return { exact: [plain, stripped], kind: null, index: null, isGradient };
  const letter = word.startsWith("w") ? "w" : "b";
  return {
    exact: [`${letter}${digits}`, plain, stripped],
    kind: letter === "w" ? "weight" : "bias",
    index: digits === "" ? null : Number(digits),
    isGradient,
  };
}
