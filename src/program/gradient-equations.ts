import { layerAdjoints } from "../derivation/index.ts";
import { typesetFormula, unicode } from "../notation/index.ts";
import { derivativeForm } from "../exact/index.ts";
import {
  leftSide,
  networkFunctions,
  networkModel,
  variableKey,
  type Equation,
  type Model,
  type ScalarFunction,
} from "../equations/index.ts";
import { type Expr, type Variable } from "../expression/index.ts";
import type { Network } from "../network/index.ts";
import type { Placement } from "./program.ts";

/** An equation to be computed: forward equations and adjoint equations alike. */
export interface Assignment extends Equation {
  /** BP1 … BP4, "" for the forward pass. */
  readonly tag: string;
  /** Its left side as the derivation writes it, ∂J/∂w rather than the name of a variable. */
  readonly goal: Expr;
  /** What the code says of it: its tag and the formula. */
  readonly comment: string;
  /** The parameter whose gradient this is, if it is one. */
  readonly gradientOf: Variable | null;
}

/** Everything that a gradient needs, in the order in which it is computed. */
export interface GradientEquations {
  readonly network: Network;
  readonly model: Model;
  readonly functions: readonly ScalarFunction[];
  readonly forward: readonly Assignment[];
  readonly objective: Assignment;
  readonly backward: readonly Assignment[];
  readonly layout: readonly Placement[];
}

/** The forward equations of a network and the adjoint equations that the calculus derives from them, f′ worked out. */
export function gradientEquations(network: Network): GradientEquations {
  const model = networkModel(network);
  const functions = networkFunctions(network);
  const forward = model.equations.map((equation): Assignment => ({
    ...equation,
    tag: "",
    goal: leftSide(equation),
    comment: comment("", leftSide(equation), equation.value),
    gradientOf: null,
  }));
  const layers = network.sizes.length;
  const backward = layerAdjoints(model, layers, functions.map(derivativeForm)).flatMap(
    ({ layer, delta, bias, weight }) => [
      adjoint(delta, layer === layers ? "BP1" : "BP2", `delta${layer}`, null),
      adjoint(bias, "BP3", `db${layer}`, bias.target),
      adjoint(weight, "BP4", `dW${layer}`, weight.target),
    ],
  );
  return {
    network,
    model,
    functions,
    forward: forward.slice(0, -1),
    objective: forward.at(-1) as Assignment,
    backward,
    layout: layoutOf(model),
  };
}

type Adjoint = ReturnType<typeof layerAdjoints>[number]["delta"];

function adjoint(
  { ranges, goal, evaluation }: Adjoint,
  tag: string,
  family: string,
  gradientOf: Variable | null,
): Assignment {
  return {
    variable: { family, layer: null },
    ranges,
    value: evaluation.result,
    tag,
    goal,
    comment: comment(tag, goal, evaluation.result),
    gradientOf,
  };
}

const comment = (tag: string, left: Expr, right: Expr): string =>
  `${tag}${tag === "" ? "" : "  "}${typesetFormula({ kind: "equality", left, right }, unicode)}`;

/** θ holds the parameters one after another in the order of the model: W2 row by row, b2, W3, b3, … */
function layoutOf(model: Model): readonly Placement[] {
  let offset = 0;
  return model.tensors
    .filter((t) => t.role === "parameter")
    .map(({ variable, sizes }) => {
      const [rows = 1, columns = 1] = sizes.map((s) => Number(s.toString()));
      const placement = { name: variableKey(variable), offset, rows, columns };
      offset += rows * columns;
      return placement;
    });
}
