import {
  add,
  atom,
  call,
  divide,
  fold,
  multiply,
  num,
  sizeOf,
  substitute,
  sum,
  sym,
  toNumber,
  view,
  type Expr,
  type Variable,
} from "../expression/index.ts";
import type { Network } from "../network/index.ts";
import { activationFormula, lossFormula } from "./functions.ts";
import { type Equation, type Model, type ScalarFunction, type Tensor } from "./model.ts";

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

/** a^l_j = σ(z^l_j) */
function activation(at: Naming, l: Expr): Equation {
  const z = atom(at.variable("z", l), [sym("j")]);
  return {
    variable: at.variable("a", l),
    ranges: [{ index: "j", size: at.size(l) }],
    value: call("sigma", at.activationOf(l), z),
  };
}

/** J, the loss of the user's choice over the outputs a^L and the targets y. */
function objective(at: Naming, L: Expr, loss: string): Equation {
  const { coefficient, isMean, summand } = lossFormula(loss);
  const j = sym("j");
  const parts = new Map([
    ["a", atom(at.variable("a", L), [j])],
    ["y", atom(targetVariable, [j])],
  ]);
  const outputs = at.size(L);
  const factor = fold(isMean ? multiply(coefficient, divide(num(1), outputs)) : coefficient);
  return {
    variable: objectiveVariable,
    ranges: [],
    value: fold(multiply(factor, sum("j", outputs, substitute(summand, parts)))),
  };
}

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
export function networkModel(network: Network): Model {
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
      ...layers.flatMap((l) => [preActivation(at, l), activation(at, l)]),
      objective(at, outputLayer, network.loss),
    ],
    objective: objectiveVariable,
  };
}

/** The activation functions that the equations of `network` call as `sigma`, or as `sigma[l]` where they differ. */
export function networkFunctions(network: Network): readonly ScalarFunction[] {
  const define = (text: string, layer: number | null): ScalarFunction => ({
    name: "sigma",
    layer,
    argument: "z",
    value: activationFormula(text),
  });
  if (hasOneActivation(network)) return [define(network.activations[0] as string, null)];
  return network.activations.map((text, i) => define(text, i + 2));
}

export const hasOneActivation = ({ activations }: Network): boolean => activations.every((a) => a === activations[0]);

/** The forward equations in terms of a generic layer, each list a window of what stands around it. */
export interface GenericEquations {
  /** a¹ = x. */
  readonly input: Equation;
  /** z^l, a^l and z^{l+1}: what a hidden layer l, 2 ≤ l ≤ L−1, acts upon. */
  readonly hidden: Model;
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
  return {
    input: {
      variable: inputActivation,
      ranges: [{ index: "j", size: sizeOf(num(1)) }],
      value: atom(inputVariable, [sym("j")]),
    },
    hidden: window(preActivation(at, l), activation(at, l), preActivation(at, shift(l, 1))),
    output: window(preActivation(at, L), activation(at, L), objective(at, L, network.loss)),
  };
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
