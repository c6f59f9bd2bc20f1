import {
  add,
  atom,
  call,
  decimal,
  divide,
  fold,
  multiply,
  num,
  power,
  sizeOf,
  sum,
  sym,
  toNumber,
  view,
  type Expr,
  type Variable,
} from "../expression/index.ts";
import type { Network } from "../network/index.ts";
import { activationFormula, isOfLayer, lossFormula, overLayer } from "./functions.ts";
import { type Equation, type ForwardModel, type Model, type ScalarFunction, type Tensor } from "./model.ts";

/**
 * How the equations of a network name their parts: by a symbolic layer (`W[l]`, `size(l)`) in a derivation,
 * by number (`W2`, 3) for given sizes. The equations below are written once, over this.
 */
interface Naming {
  readonly variable: (family: string, layer: Expr) => Variable;
  readonly size: (layer: Expr) => Expr;
  /** What tells this layer's activation from those of others; null where all share one. */
  readonly activationOf: (layer: Expr) => Expr | null;
}

/** z^l_j = Σ_k w^l_jk a^{l-1}_k + b^l_j */
function preActivation(at: Naming, l: Expr): Equation {
  const [j, k, before] = [sym("j"), sym("k"), shift(l, -1)];
  const weighted = multiply(atom(at.variable("W", l), [j, k]), atom(at.variable("a", before), [k]));
  return {
    variable: at.variable("z", l),
    ranges: [{ index: "j", size: at.size(l) }],
    value: add(sum("k", at.size(before), weighted), atom(at.variable("b", l), [j])),
  };
}

/** a^l_j = σ(z^l_j), or a formula of all z^l_k where the activation is one of the whole layer. */
function activation(at: Naming, l: Expr, ofLayer: Expr | null): Equation {
  const entry = (index: Expr): Expr => atom(at.variable("z", l), [index]);
  return {
    variable: at.variable("a", l),
    ranges: [{ index: "j", size: at.size(l) }],
    value:
      ofLayer === null
        ? call("sigma", at.activationOf(l), entry(sym("j")))
        : fold(overLayer(ofLayer, "j", at.size(l), { z: entry })),
  };
}

/** J, the loss of the user's choice over the outputs a^L and the targets y, and the penalties where there are any. */
function objective(at: Naming, L: Expr, network: Network): Equation {
  const loss = overLayer(lossFormula(network.loss, network.constants), null, at.size(L), {
    a: (index) => atom(at.variable("a", L), [index]),
    y: (index) => atom(targetVariable, [index]),
  });
  // The penalty comes last, whatever sign the loss begins with.
  const value = hasPenalty(network) ? add(fold(loss), atom(penaltyVariable, [])) : fold(loss);
  return { variable: objectiveVariable, ranges: [], value };
}

/** R = λ₁ Σ_l Σ_j Σ_k |w^l_jk| + ½ λ₂ Σ_l Σ_j Σ_k (w^l_jk)²; biases are left free. */
function penalty({ penalties = {} }: Network, overWeights: (summand: (w: Expr) => Expr) => Expr): Equation {
  const terms = [
    ...(penalties.l1 === undefined
      ? []
      : [
          multiply(
            decimal(penalties.l1),
            overWeights((w) => call("abs", null, w)),
          ),
        ]),
    ...(penalties.l2 === undefined
      ? []
      : [
          multiply(
            divide(decimal(penalties.l2), num(2)),
            overWeights((w) => power(w, num(2))),
          ),
        ]),
  ];
  return { variable: penaltyVariable, ranges: [], value: fold(add(...terms)) };
}

const hasPenalty = ({ penalties = {} }: Network): boolean => Object.keys(penalties).length > 0;

export const penaltyVariable: Variable = { family: "R", layer: null };
export const objectiveVariable: Variable = { family: "J", layer: null };
export const inputVariable: Variable = { family: "x", layer: null };
export const targetVariable: Variable = { family: "y", layer: null };
/** Another name of the input, so that the forward equations need no case for the first layer. */
export const inputActivation: Variable = { family: "a1", layer: null };

/** The variable of a numbered layer; a¹ is the input x itself. */
export function concreteVariable(family: string, layer: number): Variable {
  return family === "a" && layer === 1 ? inputVariable : { family: `${family}${layer}`, layer: null };
}

/** A variable and the name of the derivative of the objective by it. */
export interface AdjointPair {
  readonly of: Variable;
  readonly adjoint: Variable;
}

/** The errors δ of the numbered layers: delta2 = ∂J/∂z2, …, deltaL = ∂J/∂zL. */
export function errorPairs(layers: number): readonly AdjointPair[] {
  return Array.from({ length: layers - 1 }, (_, i) => ({
    of: concreteVariable("z", i + 2),
    adjoint: concreteVariable("delta", i + 2),
  }));
}

/** The forward equations of `network` for its own sizes: z2, a2, …, zL, aL, J. */
export function networkModel(network: Network): ForwardModel {
  const { sizes } = network;
  const layerOf = (l: Expr): number => layerNumber(l, 0, 0);
  const at: Naming = {
    variable: (family, l) => concreteVariable(family, layerOf(l)),
    size: (l) => num(sizes[layerOf(l) - 1] as number),
    activationOf: (l) => (hasOneActivation(network) ? null : l),
  };
  const layers = sizes.slice(1).map((_, i) => num(i + 2));
  const tensor = (variable: Variable, role: Tensor["role"], ...dimensions: Expr[]): Tensor => ({
    variable,
    role,
    sizes: dimensions,
  });
  const outputLayer = num(sizes.length);
  return {
    tensors: [
      tensor(inputVariable, "input", at.size(num(1))),
      ...layers.flatMap((l) => [
        tensor(at.variable("W", l), "parameter", at.size(l), at.size(shift(l, -1))),
        tensor(at.variable("b", l), "parameter", at.size(l)),
      ]),
      tensor(targetVariable, "target", at.size(outputLayer)),
    ],
    equations: [
      ...layers.flatMap((l) => [preActivation(at, l), activation(at, l, ofLayer(network, layerOf(l)))]),
      ...(hasPenalty(network) ? [numberedPenalty(network, at, layers)] : []),
      objective(at, outputLayer, network),
    ],
    objective: objectiveVariable,
    functions: networkFunctions(network),
    output: at.variable("a", outputLayer),
  };
}

function numberedPenalty(network: Network, at: Naming, layers: readonly Expr[]): Equation {
  return penalty(network, (summand) => add(...layers.map((l) => overWeightsOf(at, l, summand))));
}

function overWeightsOf(at: Naming, l: Expr, summand: (w: Expr) => Expr): Expr {
  const w = atom(at.variable("W", l), [sym("j"), sym("k")]);
  return sum("j", at.size(l), sum("k", at.size(shift(l, -1)), summand(w)));
}

/** The formula of a numbered layer's activation where it is one of the whole layer, else null. */
function ofLayer({ activations, constants }: Network, layer: number): Expr | null {
  const text = activations[layer - 2];
  if (text === undefined || isOpaque(text)) return null;
  const formula = activationFormula(text, constants);
  return isOfLayer(formula) ? formula : null;
}

/** Is the activation of a layer one of the whole layer, such as softmax? */
export const isLayerActivation = (network: Network, layer: number): boolean => ofLayer(network, layer) !== null;

/** A network in which activations are left open: calls of functions without a definition. */
export const opaqueActivation = "opaque";
const isOpaque = (text: string): boolean => text.startsWith(opaqueActivation);

/** The activation functions that the equations of `network` call as `sigma`, or as `sigma[l]` where they differ. */
export function networkFunctions(network: Network): readonly ScalarFunction[] {
  const scalar = network.activations.flatMap((text, i) => (isScalarAt(network, i + 2) ? [{ text, layer: i + 2 }] : []));
  const define = ({ text, layer }: { text: string; layer: number | null }): ScalarFunction => ({
    name: "sigma",
    layer,
    argument: "z",
    value: activationFormula(text, network.constants),
  });
  const defined = scalar.filter(({ text }) => !isOpaque(text));
  const [first] = defined;
  if (first === undefined) return [];
  return hasOneActivation(network) ? [define({ ...first, layer: null })] : defined.map(define);
}

const isScalarAt = (network: Network, layer: number): boolean => !isLayerActivation(network, layer);

/** Do all layers whose activation is a function of numbers share one? */
export function hasOneActivation(network: Network): boolean {
  const scalar = network.activations.filter((_, i) => isScalarAt(network, i + 2));
  return scalar.every((text) => text === scalar[0]);
}

/** The layers from … to …, both included, as the reader of a general equation knows them: 2, l, L − 1, L. */
export interface LayerSpan {
  readonly from: Expr;
  readonly to: Expr;
}

/** What hidden layers with one kind of activation act upon: z^l, a^l and z^{l+1}. */
export interface HiddenWindow {
  readonly model: Model;
  /** For which layers; empty where the network has none of the kind. */
  readonly spans: readonly LayerSpan[];
  /** The activation's text where it is one of the whole layer, else null. */
  readonly ofLayer: string | null;
}

/** a^l for a generic layer, with the layers that have this activation. */
export interface GenericActivation {
  readonly equation: Equation;
  readonly spans: readonly LayerSpan[];
  readonly ofLayer: string | null;
}

/** The forward equations in terms of a generic layer, each list a window of what stands around it. */
export interface GenericEquations {
  /** a¹ = x. */
  readonly input: Equation;
  /** For each kind of activation among all layers. */
  readonly activations: readonly GenericActivation[];
  /** Those of the whole layer. */
  readonly ofLayers: readonly GenericActivation[];
  /** For a hidden layer l, 2 ≤ l ≤ L−1: one window for each kind of activation. */
  readonly hidden: readonly HiddenWindow[];
  /** z^l, the penalty where there is one, and J: what the parameters of any layer act upon. */
  readonly any: Model;
  /** z^L, a^L and J. */
  readonly output: Model;
}

export function genericEquations(network: Network): GenericEquations {
  const at: Naming = {
    variable: (family, layer) => ({ family, layer }),
    size: sizeOf,
    activationOf: (l) => (hasOneActivation(network) ? null : l),
  };
  const [l, L] = [sym("l"), sym("L")];
  const window = (...equations: Equation[]): Model => ({ tensors: [], equations, objective: objectiveVariable });
  const depth = network.sizes.length;
  const total = objective(at, L, network);
  const layers = Array.from({ length: depth - 1 }, (_, i) => i + 2);
  // A network of two layers has no hidden one; the equation of its kind is derived all the same.
  const inner = depth === 2 ? layers : layers.slice(0, -1);
  const activations = kindsOf(network, layers).map(({ ofLayer: text, layers: own }): GenericActivation => ({
    equation: activation(at, l, formulaOf(network, text)),
    spans: spansOf(own, layers, depth, L),
    ofLayer: text,
  }));
  const penalties = hasPenalty(network) ? [genericPenalty(network, at)] : [];
  return {
    input: {
      variable: inputActivation,
      ranges: [{ index: "j", size: sizeOf(num(1)) }],
      value: atom(inputVariable, [sym("j")]),
    },
    activations,
    ofLayers: activations.filter(({ ofLayer: text }) => text !== null),
    hidden: kindsOf(network, inner).map(({ ofLayer: text, layers: own }) => ({
      model: window(preActivation(at, l), activation(at, l, formulaOf(network, text)), preActivation(at, shift(l, 1))),
      spans: spansOf(own, inner, depth, shift(L, -1)),
      ofLayer: text,
    })),
    any: window(preActivation(at, l), ...penalties, total),
    output: window(preActivation(at, L), activation(at, L, ofLayer(network, depth)), ...penalties, total),
  };
}

/** Σ over all layers from the second on, by way of the layer before: i + 1 = 2, …, L. */
function genericPenalty(network: Network, at: Naming): Equation {
  const before = sym("i");
  return penalty(network, (summand) => sum("i", shift(sym("L"), -1), overWeightsOf(at, shift(before, 1), summand)));
}

const formulaOf = ({ constants }: Network, text: string | null): Expr | null =>
  text === null ? null : activationFormula(text, constants);

/** The kinds of activation among layers, functions of numbers as one kind, with the layers of each. */
function kindsOf(
  network: Network,
  layers: readonly number[],
): readonly { readonly ofLayer: string | null; readonly layers: readonly number[] }[] {
  const kinds = new Map<string | null, number[]>();
  for (const layer of layers) {
    const text = isLayerActivation(network, layer) ? (network.activations[layer - 2] as string) : null;
    kinds.set(text, [...(kinds.get(text) ?? []), layer]);
  }
  return [...kinds].map(([text, own]) => ({ ofLayer: text, layers: own }));
}

/** Runs of neighbouring layers by number, the last as L; all of `among` as 2 ≤ l ≤ `end`. */
function spansOf(layers: readonly number[], among: readonly number[], depth: number, end: Expr): readonly LayerSpan[] {
  if (layers.length === among.length) return [{ from: num(2), to: end }];
  const runs: { from: number; to: number }[] = [];
  for (const layer of layers) {
    const run = runs.at(-1);
    if (run?.to === layer - 1) run.to = layer;
    else runs.push({ from: layer, to: layer });
  }
  const named = (layer: number): Expr => (layer === depth ? sym("L") : num(layer));
  return runs.map(({ from, to }) => ({ from: named(from), to: named(to) }));
}

/** The sizes of a variable's indices in the equations for a generic layer. */
export function genericSizes({ family, layer }: Variable): readonly Expr[] {
  if (family === inputVariable.family || family === inputActivation.family) return [sizeOf(num(1))];
  if (family === targetVariable.family) return [sizeOf(sym("L"))];
  if (layer === null) return [];
  return family === "W" ? [sizeOf(layer), sizeOf(shift(layer, -1))] : [sizeOf(layer)];
}

/** l + by, for a layer expression that is a number, a letter, or a letter ± a number. */
export function shift(layer: Expr, by: number): Expr {
  return fold(add(layer, num(by)));
}

/** The number that a layer expression stands for, given l and L. */
export function layerNumber(layer: Expr, l: number, L: number): number {
  const v = view(layer);
  const value = (e: Expr): number => layerNumber(e, l, L);
  if (v.kind === "number") return toNumber(v.value);
  if (v.kind === "symbol" && (v.name === "l" || v.name === "L")) return v.name === "l" ? l : L;
  if (v.kind === "add") return v.terms.map(value).reduce((a, b) => a + b);
  if (v.kind === "subtract") return value(v.left) - value(v.right);
  throw new Error("a layer expression is made of l, L and numbers");
}
