import { choose, num, substitute, sum, sym, transform, view, type Expr } from "../expression/index.ts";
import {
  allLayers,
  firstOf,
  formula,
  hiddenLayers,
  mutation,
  replaced,
  scopesOf,
  staged,
  tensorScopes,
  type Mutation,
  type Row,
  type Scope,
} from "./mutation.ts";
import {
  activationKey,
  depthOf,
  entry,
  lossDerivative,
  sizeAt,
  type GradientStages,
  type Part,
  type Shape,
} from "./parts.ts";
import { isSquared } from "./rows-loss.ts";

/** A change of ∂J/∂a at the hidden layers of a scope, each from the layer after it. */
const signals = (
  id: Mutation["id"],
  scope: Scope,
  message: string,
  change: (value: Expr, layer: number) => Expr | null,
): Mutation =>
  mutation(
    id,
    `s${firstOf(scope)}`,
    message,
    Object.fromEntries(scope.layers.map((l) => [`s${l}`, formula((value) => change(value, l))])),
  );

/** δ of the layer after without its σ′, in what is passed back only. */
export const hiddenMissing: Row = (shape) =>
  scopesOf(hiddenLayers(shape), shape).flatMap((scope) => {
    const text = `the error passed back to ${scope.text} lacks the derivative of the activation of the layer after`;
    const L = depthOf(shape);
    const plain = signals("hidden-missing-output-derivative", scope, text, (value, l) =>
      replaced(value, `delta${l + 1}`, `s${l + 1}`),
    );
    const isLast = scope.layers.length === 1 && scope.layers[0] === L - 1;
    if (!isLast || !isSquared(shape)) return [plain];
    // Code keeps the difference a − y, and takes the factor of the loss into δ^L only.
    const difference = lossDerivative(shape, "half-squared").value;
    const bare = signals("hidden-missing-output-derivative", scope, text, (value) =>
      replaced(value, `delta${L}`, (at) => indexed(difference, at)),
    );
    return [plain, bare];
  });

const indexed = (expr: Expr, indices: readonly Expr[]): Expr =>
  transform(expr, (node) => {
    const v = view(node);
    return v.kind === "symbol" && v.name === "j" ? (indices[0] as Expr) : node;
  });

/** W after its own step. */
export const updatedWeights: Row = (shape, { hasRate }) =>
  hasRate
    ? scopesOf(hiddenLayers(shape), shape).map((scope) =>
        signals(
          "updated-weights",
          scope,
          `the error is passed back to ${scope.text} through weights that have been updated already`,
          (value, l) => replaced(value, `W${l + 1}`, `W${l + 1}_new`),
        ),
      )
    : [];

/** δ of the layer after, or of the layer itself, as it was at the call, or the sample, before. */
export const staleDeltas: Row = (shape) => [
  ...scopesOf(hiddenLayers(shape), shape).flatMap((scope) =>
    (shape.samples === 1 ? (["before"] as const) : (["before", "prior"] as const)).map((how) =>
      signals(
        "stale-delta",
        scope,
        `the error is passed back to ${scope.text} from the δ of the ${how === "before" ? "call" : "sample"} before`,
        (value, l) => replaced(value, `delta${l + 1}`, `delta${l + 1}_${how}`),
      ),
    ),
  ),
  ...scopesOf(allLayers(shape), shape).map((scope) =>
    mutation(
      "stale-delta",
      `W${firstOf(scope)}`,
      `the gradients of ${scope.text} are made of the δ of the call before`,
      Object.fromEntries(
        scope.layers.flatMap((l) => [
          [`dW${l}`, staged(shape, (stages) => ofEarlier(stages, l))],
          [`db${l}`, staged(shape, (stages) => ofEarlier(stages, l))],
        ]),
      ),
    ),
  ),
];

function ofEarlier({ summand }: GradientStages, l: number): Partial<GradientStages> | null {
  const changed = replaced(summand, `delta${l}`, `delta${l}_before`);
  return changed === null ? null : { summand: changed };
}

/** A sum that is begun anew at every term, or not at all from one neuron to the next. */
export const runningSums: Row = (shape) =>
  scopesOf(hiddenLayers(shape), shape).flatMap((scope) => [
    signals(
      "accumulator-not-cleared",
      scope,
      `the sum in what is passed back to ${scope.text} is its last term only: each overwrites the one before`,
      (value) => {
        const v = view(value);
        return v.kind === "sum" ? substitute(v.body, new Map([[v.index, v.to]])) : null;
      },
    ),
    signals(
      "accumulator-not-cleared",
      scope,
      `the sum in what is passed back to ${scope.text} is not set to zero from one neuron to the next`,
      (value, l) => {
        const earlier = substitute(value, new Map([["j", sym("p")]]));
        return sum("p", num(sizeAt(shape, l)), choose(sym("p"), "<=", sym("j"), earlier, num(0)));
      },
    ),
  ]);

/** W read as its transpose, and gradients written so. */
export const transposes: Row = (shape) => [
  ...scopesOf(hiddenLayers(shape), shape).map((scope) =>
    signals(
      "transposed",
      scope,
      `the error is passed back to ${scope.text} through the transpose of its weights`,
      (value, l) => replaced(value, `W${l + 1}`, `W${l + 1}_flat`),
    ),
  ),
  ...tensorScopes(shape, ["W"]).map((scope) =>
    mutation(
      "transposed",
      scope.keys[0] as string,
      `${scope.text} is written as its transpose`,
      Object.fromEntries(
        scope.keys.map((key) => [
          `d${key}`,
          (part: Part): Part => ({ ...part, isTransposed: part.isTransposed !== true }),
        ]),
      ),
    ),
  ),
];

/** Σ_k δ_k without the weights, or a derivative without its factor. */
export const missingWeights: Row = (shape) =>
  scopesOf(hiddenLayers(shape), shape).map((scope) =>
    signals("missing-weight", scope, `the error passed back to ${scope.text} lacks the weights`, (value, l) =>
      replaced(value, `W${l + 1}`, () => num(1)),
    ),
  );

/** Another quantity where the activation of the layer before belongs. */
export const wrongLayers: Row = (shape) => {
  const layers = allLayers(shape);
  return scopesOf(layers, shape).flatMap((scope) =>
    others.flatMap(({ text, pick }): readonly Mutation[] => {
      const picked = scope.layers.map((l) => [l, pick(l, shape)] as const);
      if (picked.some(([, found]) => found === null)) return [];
      return [
        mutation(
          "activation-of-wrong-layer",
          `W${firstOf(scope)}`,
          `the gradient of the weights of ${scope.text} takes ${text} in place of the activations of the layer before`,
          Object.fromEntries(
            picked.map(([l, found]) => [`dW${l}`, staged(shape, (stages) => withFactor(stages, l, found as Expr))]),
          ),
        ),
      ];
    }),
  );
};

const withFactor = ({ summand }: GradientStages, l: number, by: Expr): Partial<GradientStages> | null => {
  const changed = replaced(summand, activationKey(l - 1), () => by);
  return changed === null ? null : { summand: changed };
};

const others: readonly { readonly text: string; readonly pick: (l: number, shape: Shape) => Expr | null }[] = [
  { text: "the layer's own activations", pick: (l, shape) => ofSize(shape, l, l - 1, `a${l}`) },
  { text: "the activation of the neuron itself", pick: (l) => entry(`a${l}`, "j") },
  { text: "z", pick: (l) => (l === 2 ? null : entry(`z${l - 1}`, "k")) },
  { text: "the inputs", pick: (l, shape) => (l === 2 ? null : ofSize(shape, 1, l - 1, "x")) },
  { text: "the targets", pick: (l, shape) => ofSize(shape, depthOf(shape), l - 1, "y") },
  { text: "the layer's own z", pick: (l, shape) => ofSize(shape, l, l - 1, `z${l}`) },
  {
    text: "the activations of a layer too early",
    pick: (l, shape) => (l <= 3 ? null : ofSize(shape, l - 2, l - 1, activationKey(l - 2))),
  },
  { text: "nothing", pick: () => num(1) },
];

/** An entry of a layer in the place of one of another, where it has as many. */
const ofSize = (shape: Shape, layer: number, as: number, key: string): Expr | null =>
  sizeAt(shape, layer) >= sizeAt(shape, as) ? entry(key, "k") : null;
