import { deriveAdjoint, deriveJacobian, deriveObjective, type Jacobian } from "../calculus/index.ts";
import {
  activationFormula,
  concreteVariable,
  isLayerActivation,
  networkModel,
  objectiveVariable,
  penaltyVariable,
  variableKey,
  type Equation,
  type ForwardModel,
  type Range,
} from "../equations/index.ts";
import { add, atom, children, num, substitute, sym, transform, view, type Expr } from "../expression/index.ts";
import type { Network } from "../network/index.ts";
import { derivativeOf } from "./functions.ts";
import { afterStep, gradientPart } from "./reduction.ts";

/** How the samples of a batch become one gradient. */
export type Reduction =
  | "mean"
  | "sum"
  | "first"
  | "last"
  | "first-of-mean"
  | "last-of-mean"
  | "mean-of-mean"
  | `${"mean" | "sum"}-without-${"first" | "last"}`;

/** What a gradient is made of, so that a mistake in one of the stages leaves the others as they are. */
export interface GradientStages {
  /** What one sample adds, without the index of the sample. */
  readonly summand: Expr;
  /** The derivative of the penalty, which a batch has once; null where there is none. */
  readonly penalty: Expr | null;
  readonly reduction: Reduction;
  /** What is done with the sum of both, the first first. */
  readonly outer: readonly ((gradient: Expr) => Expr)[];
}

/** One quantity of the forward or backward pass: of each sample, or of the whole call. */
export interface Part {
  readonly key: string;
  readonly level: "sample" | "call";
  readonly ranges: readonly Range[];
  readonly value: Expr;
  readonly stages?: GradientStages;
  /** Are the entries written into the places of the transpose, as if the flat matrix had as many rows as it has columns? */
  readonly isTransposed?: boolean;
}

/** All quantities by key: z2, a2, …, s3 = ∂J/∂a3, slope3 = σ′(z3) or jac3, delta3, dW3, db3, …; C the loss of a sample. */
export type Parts = ReadonlyMap<string, Part>;

/** The network whose parts these are, with what its code is asked for. */
export interface Shape {
  readonly network: Network;
  readonly samples: number;
  readonly reduction: "mean" | "sum";
}

export const depthOf = ({ network }: Shape): number => network.sizes.length;
export const sizeAt = ({ network }: Shape, layer: number): number => network.sizes[layer - 1] as number;

/** The quantity a^l: that of the first layer is the input x. */
export const activationKey = (layer: number): string => variableKey(concreteVariable("a", layer));

/** An entry of a quantity. */
export const entry = (key: string, ...indices: readonly (string | number)[]): Expr =>
  atom(
    { family: key, layer: null },
    indices.map((index) => (typeof index === "string" ? sym(index) : num(index))),
  );

/**
 * The backward pass as the calculus derives it, one part for each step of reverse mode: ∂J/∂a, σ′, δ, and the
 * gradients, with the forward pass before them.
 */
export function derivedParts(shape: Shape): Parts {
  const known = derived.get(shape) ?? derive(shape);
  derived.set(shape, known);
  return known;
}

/** A shape is asked for more than once: what its code computes forward, its loss, its gradient. */
const derived = new WeakMap<Shape, Parts>();

function derive(shape: Shape): Parts {
  const { network } = shape;
  const model = networkModel(network);
  const layers = Array.from({ length: depthOf(shape) - 1 }, (_, i) => i + 2);
  const parts = [
    ...layers.flatMap((l) => [
      forwardPart(model, "z", l),
      activationPart(shape, network.activations[l - 2] as string, l),
    ]),
    ...lossParts(model, shape),
    ...[...layers].reverse().flatMap((l) => backwardParts(model, shape, l)),
    ...layers.map((l) => updatedWeights(shape, l)),
  ];
  return new Map(parts.map((part) => [part.key, part]));
}

function equationOf(model: ForwardModel, key: string): Equation {
  const found = model.equations.find(({ variable }) => variableKey(variable) === key);
  if (found === undefined) throw new Error(`no equation defines ${key}`);
  return found;
}

function forwardPart(model: ForwardModel, family: string, l: number): Part {
  const { ranges, value } = equationOf(model, `${family}${l}`);
  return { key: `${family}${l}`, level: "sample", ranges, value };
}

/** a^l_j by the formula of an activation, whichever the network has. */
export function activationPart(shape: Shape, text: string, l: number): Part {
  const own = { ...shape.network, activations: shape.network.activations.with(l - 2, text) };
  const { ranges, value } = equationOf(networkModel(own), `a${l}`);
  const formula = isLayerActivation(own, l)
    ? value
    : substitute(activationFormula(text, own.constants), new Map([["z", entry(`z${l}`, "j")]]));
  return { key: `a${l}`, level: "sample", ranges, value: formula };
}

/** σ′(z^l_j), or the Jacobian ∂a^l_p/∂z^l_j of an activation of the whole layer. */
export function slopePart(shape: Shape, text: string, l: number): Part {
  const { network } = shape;
  const own = { ...network, activations: network.activations.with(l - 2, text) };
  const size = num(sizeAt(shape, l));
  const [of, by] = [concreteVariable("a", l), concreteVariable("z", l)];
  if (!isLayerActivation(own, l)) {
    const form = derivativeOf(text, network.constants).form;
    const at = form.in === "a" ? entry(`a${l}`, "j") : entry(`z${l}`, "j");
    const value = substitute(form.formula, new Map([[form.in, at]]));
    return { key: `slope${l}`, level: "sample", ranges: [{ index: "j", size }], value };
  }
  const ranges = ["p", "j"].map((index) => ({ index, size }));
  const model = networkModel(own);
  const { result } = deriveJacobian({ ...model, equations: [equationOf(model, `a${l}`)] }, of, by, ranges);
  return { key: `jac${l}`, level: "sample", ranges, value: result };
}

/** C, the loss of one sample without the penalty. */
export function lossPart({ network }: Shape, loss: string): Part {
  const { sizes, activations, constants = {} } = network;
  const model = networkModel({ sizes, activations, loss, constants });
  return { key: "C", level: "sample", ranges: [], value: equationOf(model, "J").value };
}

/** C, the penalty R where there is one, and J of the whole batch. */
function lossParts(model: ForwardModel, shape: Shape): readonly Part[] {
  const hasPenalty = model.equations.some(({ variable }) => variableKey(variable) === "R");
  const own = lossPart(shape, shape.network.loss);
  const penalty: Part[] = hasPenalty
    ? [{ key: "R", level: "call", ranges: [], value: equationOf(model, "R").value }]
    : [];
  const stages = { summand: sym("C"), penalty: hasPenalty ? sym("R") : null, reduction: shape.reduction, outer: [] };
  return [own, ...penalty, gradientPart({ key: "J", ranges: [] }, stages, shape)];
}

/** ∂C/∂a^L of a loss, as the calculus gives it. */
export function lossDerivative(shape: Shape, loss: string): Part {
  const { network } = shape;
  const model = networkModel({
    sizes: network.sizes,
    activations: network.activations,
    loss,
    constants: network.constants ?? {},
  });
  const layer = depthOf(shape);
  const ranges = [{ index: "j", size: num(sizeAt(shape, layer)) }];
  const own = { ...model, equations: [equationOf(model, variableKey(objectiveVariable))] };
  const { result } = deriveObjective(own, concreteVariable("a", layer), ranges);
  return { key: `s${layer}`, level: "sample", ranges, value: result };
}

/** The steps of reverse mode at one layer, each in the names of those before it. */
function backwardParts(model: ForwardModel, shape: Shape, l: number): readonly Part[] {
  const { network } = shape;
  const layers = Array.from({ length: depthOf(shape) - 1 }, (_, i) => i + 2);
  const named = layers.flatMap((m) => [
    { of: concreteVariable("z", m), adjoint: concreteVariable("delta", m) },
    { of: concreteVariable("a", m), adjoint: concreteVariable("s", m) },
  ]);
  const naming = {
    tracked: [...named.map(({ of }) => of), penaltyVariable],
    adjoints: new Map(named.map(({ of, adjoint }) => [variableKey(of), adjoint])),
  };
  const statement = (family: string, ranges: readonly Range[]): Expr =>
    deriveAdjoint(model, concreteVariable(family, l), ranges, naming, {
      forms: [],
      objective: null,
      jacobians: [jacobianOf(network, l)].flatMap((j) => (j === null ? [] : [j])),
    }).statement.result;
  const range = (index: string, layer: number): Range => ({ index, size: num(sizeAt(shape, layer)) });
  const [j, k] = [range("j", l), range("k", l - 1)];
  const signal: Part =
    l === depthOf(shape)
      ? lossDerivative(shape, network.loss)
      : { key: `s${l}`, level: "sample", ranges: [j], value: statement("a", [j]) };
  const delta: Part = { key: `delta${l}`, level: "sample", ranges: [j], value: withSlope(statement("z", [j]), l) };
  const gradient = (key: string, ranges: readonly Range[], value: Expr): Part =>
    gradientPart({ key, ranges }, { ...separated(value), reduction: shape.reduction, outer: [] }, shape);
  return [
    signal,
    slopePart(shape, network.activations[l - 2] as string, l),
    delta,
    gradient(`dW${l}`, [j, k], statement("W", [j, k])),
    gradient(`db${l}`, [j], statement("b", [j])),
  ];
}

/** The Jacobian of a layer by its name, to be looked at by itself. */
function jacobianOf(network: Network, l: number): Jacobian | null {
  if (!isLayerActivation(network, l)) return null;
  const [of, by] = [concreteVariable("a", l), concreteVariable("z", l)];
  return { of, by, indices: ["p", "j"], value: entry(`jac${l}`, "p", "j") };
}

/** σ′(z^l_j) by its name. */
const withSlope = (value: Expr, l: number): Expr =>
  transform(value, (node) => {
    const v = view(node);
    return v.kind === "call" && v.name === "sigma_prime" ? entry(`slope${l}`, "j") : node;
  });

/** What a sample adds to a gradient, and what the penalty does: its terms have no quantity of a sample in them. */
function separated(value: Expr): Pick<GradientStages, "summand" | "penalty"> {
  const v = view(value);
  const terms = v.kind === "add" ? v.terms : [value];
  const [own, penalty] = [terms.filter(isOfSample), terms.filter((term) => !isOfSample(term))];
  const [summand, ...surplus] = own;
  if (summand === undefined || surplus.length > 0) throw new Error("a gradient has one term of the loss");
  return { summand, penalty: penalty.length === 0 ? null : add(...penalty) };
}

const isOfSample = (node: Expr): boolean => {
  const v = view(node);
  return (v.kind === "atom" && v.variable.family.startsWith("delta")) || children(node).some(isOfSample);
};

/** W − η·∂J/∂W: the weights after the step. */
function updatedWeights(shape: Shape, l: number): Part {
  const ranges = [
    { index: "j", size: num(sizeAt(shape, l)) },
    { index: "k", size: num(sizeAt(shape, l - 1)) },
  ];
  return {
    key: `W${l}_new`,
    level: "call",
    ranges,
    value: afterStep(entry(`W${l}`, "j", "k"), entry(`dW${l}`, "j", "k")),
  };
}
