import type { DerivativeForm, Step } from "../calculus/index.ts";
import type { Equation, LayerSpan, Model, Range, ScalarFunction } from "../equations/index.ts";
import type { Certificate } from "../exact/index.ts";
import type { Expr, Variable } from "../expression/index.ts";
import type { Network } from "../network/index.ts";
import type { Kink } from "./kinks.ts";
import type { EquationId } from "./reasons.ts";

/** A step of the trace that held in every exact draw. */
export interface CheckedStep extends Step {
  readonly check: Certificate;
}

/** For which layers an equation holds. */
export type LayerCondition = "output" | "hidden" | "any";

/** One of the four equations with its derivation. */
export interface DerivedEquation {
  readonly id: EquationId;
  readonly condition: LayerCondition;
  /** The layers that it is for; none where the network has none, or where it is for the output layer. */
  readonly spans: readonly LayerSpan[];
  readonly ranges: readonly Range[];
  readonly goal: Expr;
  /** What the goal equals in terms of σ′ and ∂J/∂a. */
  readonly statement: Expr;
  readonly steps: readonly CheckedStep[];
  /** The same with σ′ and ∂J/∂a worked out. Where layers differ in their activation σ′ stays. */
  readonly evaluated: Expr;
  readonly evaluation: readonly CheckedStep[];
  /** From there on, under the assumption that the targets add up to one: none where that changes nothing. */
  readonly underAssumption: readonly CheckedStep[];
  /** The statement in matrix form with the shape of its value; null where no pattern of matrix algebra fits. */
  readonly matrix: MatrixForm | null;
}

/** An equation in matrix form, lifted from its indices. */
export interface MatrixForm {
  readonly goal: Expr;
  readonly statement: Expr;
  readonly shape: readonly Expr[];
  /** The statement with each tensor's shape in its place, (3 × 2)(2 × 1) + (3 × 1); null where that is one shape only. */
  readonly shapes: Expr | null;
  readonly check: Certificate;
}

/** The four equations at one numbered layer, with numbers for sizes. */
export interface LayerInstance {
  readonly layer: number;
  readonly delta: Instance;
  readonly bias: Instance;
  readonly weight: Instance;
}

export interface Instance {
  readonly equation: EquationId;
  readonly target: Variable;
  readonly ranges: readonly Range[];
  readonly goal: Expr;
  readonly value: Expr;
  /** With the sizes that it was checked at. */
  readonly check: Certificate & { readonly sizes: readonly number[] };
}

/** An activation function of the network with its derivative, derived. */
export interface DerivedFunction {
  readonly definition: ScalarFunction;
  readonly form: DerivativeForm;
  readonly kinks: readonly Kink[];
  readonly goal: Expr;
  readonly steps: readonly CheckedStep[];
  readonly derivative: Expr;
}

/** The derivatives of an activation of the whole layer, such as softmax: ∂a^l_p/∂z^l_j. */
export interface DerivedJacobian {
  readonly equation: Equation;
  readonly spans: readonly LayerSpan[];
  readonly goal: Expr;
  /** p, then j. */
  readonly ranges: readonly Range[];
  readonly steps: readonly CheckedStep[];
  readonly value: Expr;
}

/** ∂J/∂a for the outputs a of the network. */
export interface LossDerivative {
  /** Has the loss kinks where a comparison in it is a tie? */
  readonly isKinked: boolean;
  readonly goal: Expr;
  readonly ranges: readonly Range[];
  readonly steps: readonly CheckedStep[];
  readonly value: Expr;
}

/** A forward equation for a generic layer. */
export interface ForwardEquation extends Equation {
  /** The layers that it is for; none where it is not about a layer. */
  readonly spans: readonly LayerSpan[];
  /** null where the equation has no matrix form. */
  readonly matrix: MatrixForm | null;
}

export interface Derivation {
  readonly network: Network;
  /** a¹ = x, then z^l, a^l and J in terms of a generic layer. */
  readonly forward: readonly ForwardEquation[];
  readonly functions: readonly DerivedFunction[];
  readonly jacobians: readonly DerivedJacobian[];
  readonly lossDerivative: LossDerivative;
  readonly equations: readonly DerivedEquation[];
  /** The network's own equations with numbers for sizes. */
  readonly model: Model;
  /** From the output layer down to layer 2: the order in which they are evaluated. */
  readonly layers: readonly LayerInstance[];
}
