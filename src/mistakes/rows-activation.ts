import { activations, type Range } from "../equations/index.ts";
import { fold, multiply, negate, num, substitute, sum, sym, view, type Expr } from "../expression/index.ts";
import { derivativeOf } from "./functions.ts";
import {
  allLayers,
  at,
  firstOf,
  formula,
  instead,
  mutation,
  replaced,
  scopesOf,
  type Edit,
  type Mutation,
  type Row,
  type Scope,
} from "./mutation.ts";
import { activationPart, depthOf, entry, lossDerivative, slopePart, type Parts, type Shape } from "./parts.ts";
import { isSquared } from "./rows-loss.ts";

/** Only the diagonal of the Jacobian, as if each activation were one of its own z alone. */
export const softmaxDiagonals: Row = (shape, _, parts) =>
  allLayers(shape)
    .filter((l) => parts.has(`jac${l}`))
    .map((l) =>
      mutation(
        "softmax-diagonal",
        `delta${l}`,
        `the δ of layer ${l} takes only the diagonal of the Jacobian of ${shape.network.activations[l - 2]}`,
        { [`delta${l}`]: formula((value) => diagonal(value, parts.get(`jac${l}`)?.value as Expr)) },
      ),
    );

function diagonal(value: Expr, jacobian: Expr): Expr | null {
  const v = view(value);
  if (v.kind !== "sum") return null;
  const own = fold(substitute(jacobian, new Map([["p", sym("j")]])));
  const term = substitute(v.body, new Map([[v.index, sym("j")]]));
  return replacedAny(term, "jac", own);
}

/** Factors whose family begins so, by an expression. */
function replacedAny(expr: Expr, family: string, by: Expr): Expr | null {
  const v = view(expr);
  if (v.kind !== "multiply") return null;
  return multiply(
    ...v.factors.map((factor) => {
      const f = view(factor);
      return f.kind === "atom" && f.variable.family.startsWith(family) ? by : factor;
    }),
  );
}

/** δ without σ′. */
export const missingDerivatives: Row = (shape, _, parts) =>
  scopesOf(allLayers(shape), shape)
    .filter(({ layers }) => layers.some((l) => !isIdentity(shape, l)))
    .map((scope) =>
      mutation(
        "missing-activation-derivative",
        `delta${firstOf(scope)}`,
        `the δ of ${scope.text} lacks the derivative of the activation`,
        slopeEdits(scope, parts, () => num(1)),
      ),
    );

const isIdentity = ({ network }: Shape, l: number): boolean => network.activations[l - 2] === "identity";

/** In every layer of a scope, another factor in the place of σ′; in that of a Jacobian, δ_j = ∂J/∂a_j times it. */
function slopeEdits(scope: Scope, parts: Parts, slope: (layer: number) => Expr): Readonly<Record<string, Edit>> {
  return Object.fromEntries(
    scope.layers.map((l) => {
      const isWhole = parts.has(`jac${l}`);
      const edit = instead(() => (isWhole ? fold(multiply(entry(`s${l}`, "j"), slope(l))) : slope(l)));
      return [isWhole ? `delta${l}` : `slope${l}`, edit];
    }),
  );
}

/** The derivative of another activation. */
export const wrongDerivatives: Row = (shape, _, parts) =>
  scopesOf(allLayers(shape), shape).flatMap((scope) =>
    namedActivations.flatMap((name): readonly Mutation[] => {
      if (scope.layers.some((l) => shape.network.activations[l - 2] === name)) return [];
      const { form, inZ } = derivativeOf(name);
      const row = (slope: (l: number) => Expr): Mutation =>
        mutation(
          "wrong-activation-derivative",
          `delta${firstOf(scope)}`,
          `the δ of ${scope.text} has the derivative of ${name} in the place of that of ${namesOf(shape, scope)}`,
          slopeEdits(scope, parts, slope),
        );
      const byZ = row((l) => at(inZ, "z", entry(`z${l}`, "j")));
      const byActivation = row((l) => at(form.formula, "a", entry(`a${l}`, "j")));
      const atActivation = row((l) => at(inZ, "z", entry(`a${l}`, "j")));
      return form.in === "a" ? [byActivation, byZ, atActivation] : [byZ, atActivation];
    }),
  );

const namesOf = ({ network }: Shape, { layers }: Scope): string =>
  [...new Set(layers.map((l) => network.activations[l - 2]))].join(" and ");

/** Those of one number; that of the identity is 1, which is a derivative left out. */
const namedActivations = Object.keys(activations).filter(
  (name) => name !== "identity" && name !== "swish" && !name.includes("softmax"),
);

/** f′(a) for f′(z), and the formula in a at z. */
export const atActivations: Row = (shape, _, parts) =>
  scopesOf(scalarLayers(shape, parts), shape).flatMap((scope) => {
    const row = (text: string, slope: (l: number) => Expr): Mutation =>
      mutation("derivative-at-activation", `delta${firstOf(scope)}`, text, slopeEdits(scope, parts, slope));
    const own = (l: number): ReturnType<typeof derivativeOf> =>
      derivativeOf(shape.network.activations[l - 2] as string, shape.network.constants);
    const swapped = row(`the δ of ${scope.text} takes σ′ at a in place of z`, (l) =>
      at(own(l).inZ, "z", entry(`a${l}`, "j")),
    );
    const formed = row(`the δ of ${scope.text} puts z into the formula of σ′ that is in a`, (l) =>
      at(own(l).form.formula, "a", entry(`z${l}`, "j")),
    );
    const isFormed = scope.layers.every((l) => own(l).form.in === "a");
    return isFormed ? [swapped, formed] : [swapped];
  });

const scalarLayers = (shape: Shape, parts: Parts): readonly number[] =>
  allLayers(shape).filter((l) => parts.has(`slope${l}`) && !isIdentity(shape, l));

/** σ′ of the error in place of σ′ of the neuron. */
export const derivativesOfError: Row = (shape, _, parts) =>
  scopesOf(scalarLayers(shape, parts), shape).flatMap((scope) => {
    const text = `the derivative of the activation of ${scope.text} is taken of the error, not of the neuron`;
    const row = (keys: string, change: (l: number) => Expr): Mutation =>
      mutation(
        "derivative-of-error",
        `delta${firstOf(scope)}`,
        text,
        Object.fromEntries(scope.layers.map((l) => [`${keys}${l}`, instead(() => change(l))])),
      );
    const own = (l: number): ReturnType<typeof derivativeOf> =>
      derivativeOf(shape.network.activations[l - 2] as string, shape.network.constants);
    const inForm = (l: number, of: Expr): Expr => at(own(l).form.formula, own(l).form.in, of);
    const inZ = (l: number, of: Expr): Expr => at(own(l).inZ, "z", of);
    const signal = (l: number): Expr => entry(`s${l}`, "j");
    const difference = (l: number): Expr =>
      l === depthOf(shape) ? lossDerivative(shape, "half-squared").value : signal(l);
    return [
      row("slope", (l) => inForm(l, signal(l))),
      // Code that steps up by y − a has an error of the other sign.
      row("slope", (l) => inForm(l, negate(signal(l)))),
      row("slope", (l) => inZ(l, signal(l))),
      row("slope", (l) => inZ(l, negate(signal(l)))),
      row("delta", (l) => inForm(l, signal(l))),
      row("delta", (l) => inZ(l, signal(l))),
      ...(isSquared(shape)
        ? [
            row("slope", (l) => inForm(l, negate(difference(l)))),
            row("slope", (l) => inForm(l, difference(l))),
            row("slope", (l) => inZ(l, difference(l))),
          ]
        : []),
    ];
  });

/** The gradient of a network with other activations, or without biases, in its forward pass. */
export const otherForwards: Row = (shape) =>
  scopesOf(allLayers(shape), shape).flatMap((scope) => [
    ...Object.keys(activations)
      .filter((name) => name !== "swish" && scope.layers.every((l) => shape.network.activations[l - 2] !== name))
      .filter((name) => !name.includes("softmax") || scope.layers.every((l) => l === depthOf(shape)))
      .map((name) => otherActivation(shape, scope, name)),
    mutation(
      "other-forward",
      `z${Math.min(...scope.layers)}`,
      `the gradient is that of a network whose forward pass lacks the biases of ${scope.text}`,
      Object.fromEntries(scope.layers.map((l) => [`z${l}`, formula((value) => withoutTerm(value, `b${l}`))])),
    ),
  ]);

function otherActivation(shape: Shape, scope: Scope, name: string): Mutation {
  const edits = scope.layers.flatMap((l): readonly (readonly [string, Edit])[] => {
    const isWhole = name.includes("softmax");
    return [
      [`a${l}`, instead(() => activationPart(shape, name, l).value)],
      isWhole
        ? [`delta${l}`, instead(() => wholeDelta(shape, name, l))]
        : [`delta${l}`, instead(() => fold(multiply(entry(`s${l}`, "j"), slopePart(shape, name, l).value)))],
    ];
  });
  const l = Math.min(...scope.layers);
  return {
    id: "other-forward",
    wrong: `a${l}`,
    message: `the gradient is that of a network with ${name} in ${scope.text}; the activation asked for there is ${namesOf(shape, scope)}`,
    edits: new Map(edits),
  };
}

/** Σ_p ∂J/∂a_p ∂a_p/∂z_j */
function wholeDelta(shape: Shape, name: string, l: number): Expr {
  const jacobian = slopePart(shape, name, l);
  const [p] = jacobian.ranges;
  return sum("p", (p as Range).size, multiply(entry(`s${l}`, "p"), jacobian.value));
}

/** A sum without the term that speaks of a variable. */
export function withoutTerm(value: Expr, key: string): Expr | null {
  const v = view(value);
  if (v.kind !== "add") return null;
  const kept = v.terms.filter((term) => replaced(term, key, key) === null);
  return kept.length === 1 ? (kept[0] as Expr) : null;
}
