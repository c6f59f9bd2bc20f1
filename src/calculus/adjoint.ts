import { variableKey, type Model, type Range } from "../equations/index.ts";
import { atom, partial, print, some, sym, view, type Expr, type Variable } from "../expression/index.ts";
import type { Context, DerivativeForm } from "./context.ts";
import { rules, type Rule, type RuleId } from "./rules.ts";
import { rewrite, type Trace } from "./trace.ts";

/** Names and stopping places of a reverse-mode derivation. */
export interface AdjointNaming {
  /** Variables at which the chain rule stops. */
  readonly tracked: readonly Variable[];
  /** v ↦ the name of ∂J/∂v, by key of v. */
  readonly adjoints: ReadonlyMap<string, Variable>;
}

/** The adjoint of one variable: the derivation of its equation, and of the form in which nothing is left to differentiate. */
export interface Adjoint {
  readonly target: Variable;
  /** Free indices of the equation with their sizes. */
  readonly ranges: readonly Range[];
  readonly goal: Expr;
  /** From the goal to the equation in terms of other adjoints and local derivatives. */
  readonly statement: Trace;
  /** From that equation to one with f′ and ∂J/∂a worked out. */
  readonly evaluation: Trace;
}

const statementStrategy: readonly RuleId[] = [
  "adjoint-definition",
  "chain-rule",
  "adjoint-name",
  "forward-equation",
  "linearity",
  "constant",
  "fold",
  "scalar-derivative",
  "independent-entries",
  "collapse",
  "hoist",
];

const evaluationStrategy: readonly RuleId[] = [
  "objective-equation",
  "forward-equation",
  "linearity",
  "constant",
  "scalar-derivative",
  "independent-entries",
  "collapse",
  "fold",
  "function-derivative",
  "hoist",
];

/**
 * Reverse mode for one variable of a model (Linnainmaa 1970; Griewank and Walther 2008, ch. 3): ∂J/∂v by the
 * chain rule over the tracked variables that v acts upon first. The calculus is that of index notation:
 * Kronecker deltas pick the terms of a sum, and bound indices are renamed apart.
 *
 * @param ranges names and sizes of the indices of `target`
 * @param derivativeForms what f′ is for the functions of the model
 */
export function deriveAdjoint(
  model: Model,
  target: Variable,
  ranges: readonly Range[],
  naming: AdjointNaming,
  derivativeForms: readonly DerivativeForm[],
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): Adjoint {
  const indices = ranges.map(({ index }) => sym(index));
  const context: Context = {
    model,
    target,
    ranges: new Map(ranges.map(({ index, size }) => [index, size])),
    tracked: new Set(naming.tracked.map(variableKey)),
    adjoints: naming.adjoints,
    derivativeForms,
  };
  const name = naming.adjoints.get(variableKey(target));
  const isTracked = context.tracked.has(variableKey(target));
  const goal =
    name !== undefined && isTracked ? atom(name, indices) : partial(sym(model.objective.family), atom(target, indices));
  const statement = rewrite(goal, statementStrategy, context, ruleSet);
  const evaluation = rewrite(statement.result, evaluationStrategy, context, ruleSet);
  if (some(evaluation.result, (node) => ["partial", "kronecker"].includes(view(node).kind))) {
    throw new Error(`no rule works out ${print(evaluation.result)}`);
  }
  return { target, ranges, goal, statement, evaluation };
}
