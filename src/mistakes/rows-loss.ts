import { layerAdjoints } from "../derivation/index.ts";
import { deriveUnderAssumption } from "../calculus/index.ts";
import { losses, networkModel } from "../equations/index.ts";
import { derivativeForm } from "../exact/index.ts";
import { print, type Expr } from "../expression/index.ts";
import { instead, mutation, replaced, type Mutation, type Row } from "./mutation.ts";
import { depthOf, entry, lossDerivative, lossPart, sizeAt, type Shape } from "./parts.ts";

const squared: readonly string[] = ["mse", "half-squared", "mean-squared"];
const entropies: readonly string[] = ["binary-cross-entropy", "cross-entropy", "kl"];

export const isSquared = ({ network }: Shape): boolean => squared.includes(network.loss);
const isEntropy = ({ network }: Shape): boolean => entropies.includes(network.loss);

/** δ^L = a − y in place of what the loss and the activation give. */
export const crossEntropyDeltas: Row = (shape) => {
  const L = depthOf(shape);
  const delta = mutation(
    "cross-entropy-delta",
    `delta${L}`,
    `the δ of layer ${L} is that of ${entropyName(shape)}, a − y; the loss asked for is ${shape.network.loss}`,
    { [`delta${L}`]: instead(() => entropyDelta(shape)) },
  );
  if (!isSquared(shape)) return [delta];
  const withFactor = mutation(
    "cross-entropy-delta",
    `delta${L}`,
    `the δ of layer ${L} lacks the derivative of the activation, as that of cross-entropy does; the loss asked for is ${shape.network.loss}`,
    { [`delta${L}`]: instead(() => entry(`s${L}`, "j")) },
  );
  return [delta, withFactor];
};

const entropyName = ({ network }: Shape): string =>
  network.activations.at(-1) === "softmax" ? "softmax with cross-entropy" : "a sigmoid with binary cross-entropy";

/** The Jacobian of softmax after a − y, which has it in it already. */
export const softmaxTwice: Row = (shape, _, parts) => {
  const L = depthOf(shape);
  if (!parts.has(`jac${L}`) || !isEntropy(shape)) return [];
  return [
    mutation(
      "softmax-applied-twice",
      `delta${L}`,
      `the derivative of ${shape.network.activations.at(-1)} is applied to a − y, which has it in it already`,
      { [`s${L}`]: instead(() => entropyDelta(shape)) },
    ),
  ];
};

/** The error of a squared loss where another is asked for. */
export const squaredLossDeltas: Row = (shape) => {
  if (!isEntropy(shape)) return [];
  return squared.map((loss) => {
    const L = depthOf(shape);
    return otherError(
      shape,
      "squared-loss-delta",
      loss,
      `the error of the outputs is that of a squared loss, ${loss}; the loss asked for is ${shape.network.loss}`,
      `s${L}`,
    );
  });
};

/** The gradient is right, for another loss. */
export const otherLosses: Row = (shape, { loss }) => {
  if (loss === "claimed") return [];
  const L = depthOf(shape);
  const own = print(lossDerivative(shape, shape.network.loss).value);
  return Object.keys(losses)
    .filter((name) => print(lossDerivative(shape, name).value) !== own)
    .map((name) =>
      otherError(
        shape,
        "other-loss",
        name,
        `the gradient is that of another loss, ${name}; the loss asked for is ${shape.network.loss}`,
        `s${L}`,
      ),
    );
};

const otherError = (shape: Shape, id: Mutation["id"], loss: string, message: string, wrong: string): Mutation =>
  mutation(id, wrong, message, {
    [wrong]: instead(() => lossDerivative(shape, loss).value),
    C: instead(() => lossPart(shape, loss).value),
  });

/** The δ of a layer whose activation and loss cancel, worked out by the calculus: a − y. */
function entropyDelta(shape: Shape): Expr {
  const L = depthOf(shape);
  const [activation, loss] =
    shape.network.activations.at(-1) === "softmax" ? ["softmax", "cross-entropy"] : ["sigmoid", "binary-cross-entropy"];
  const model = networkModel({ sizes: [1, sizeAt(shape, L)], activations: [activation], loss });
  const [layer] = layerAdjoints(model, 2, model.functions.map(derivativeForm));
  if (layer === undefined) throw new Error("a network has an output layer");
  const { evaluation, ranges } = layer.delta;
  const { result } = deriveUnderAssumption(model, evaluation.result, ranges);
  const own = replaced(result, "a2", `a${L}`);
  if (own === null) throw new Error(`the error of ${loss} does not depend on the outputs`);
  return own;
}
