import { derivativeName, variableKey, type Model, type Range, type ScalarFunction } from "../equations/index.ts";
import { atom, call, num, partial, print, some, sym, view, type Expr, type Variable } from "../expression/index.ts";
import type { Context, DerivativeForm, Jacobian, KnownDerivative } from "./context.ts";
import { equationOf } from "./context.ts";
import type { Rule } from "./rule.ts";
import { rules, type RuleId } from "./rules.ts";
import { rewrite, type Trace } from "./trace.ts";

/** Names and stopping places of a reverse-mode derivation. */
export interface AdjointNaming {
  /** Variables at which the chain rule stops. */
  readonly tracked: readonly Variable[];
  /** v ↦ the name of ∂J/∂v, by key of v. */
  readonly adjoints: ReadonlyMap<string, Variable>;
}

/** Derivatives that are put in where they occur. */
export interface Known {
  readonly forms: readonly DerivativeForm[];
  readonly objective: KnownDerivative | null;
  readonly jacobians?: readonly Jacobian[];
  readonly adjointValues?: readonly KnownDerivative[];
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
  "chain-rule-several",
  "adjoint-name",
  "added-term",
  "jacobian",
  "forward-equation",
  "layer-term",
  "linearity",
  "constant",
  "fold",
  "piecewise",
  "scalar-derivative",
  "independent-entries",
  "collapse",
  "distribute",
  "hoist",
  "common-factor",
];

const evaluationStrategy: readonly RuleId[] = [
  "objective-derivative",
  "objective-equation",
  "forward-equation",
  "linearity",
  "constant",
  "piecewise",
  "scalar-derivative",
  "independent-entries",
  "collapse",
  "fold",
  "function-derivative",
  "distribute",
  "hoist",
  "cancel",
];

const jacobianStrategy: readonly RuleId[] = [
  "forward-equation",
  "linearity",
  "constant",
  "piecewise",
  "scalar-derivative",
  "independent-entries",
  "collapse",
  "fold",
  "entry-value",
  "common-factor",
];

const functionStrategy: readonly RuleId[] = [
  "derivative-definition",
  "linearity",
  "constant",
  "variable-itself",
  "quotient-rule",
  "product-rule",
  "power-rule",
  "piecewise",
  "outer-function",
  "function-value",
  "fold",
  "same-function",
];

/**
 * f′ of a function given by a formula, one rule of differentiation at a time.
 *
 * @param form f′ in terms of f's value, where there is such a form: the derivation then ends in it
 */
export function deriveFunction(
  definition: ScalarFunction,
  form: DerivativeForm | null,
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): Trace {
  const { name, layer, argument } = definition;
  const context: Context = {
    ...contextOf(functionModel(definition), { family: argument, layer: null }, []),
    derivativeForms: form === null ? [] : [form],
    definitions: [definition],
  };
  const goal = call(derivativeName(name), layer === null ? null : num(layer), sym(argument));
  return rewrite(goal, functionStrategy, context, ruleSet);
}

/** A model with nothing in it but the function's argument. */
export const functionModel = ({ argument }: ScalarFunction): Model => ({
  tensors: [{ variable: { family: argument, layer: null }, role: "input", sizes: [] }],
  equations: [],
  objective: { family: "J", layer: null },
});

/** ∂J/∂v worked out, for a variable v that J's own equation speaks of. */
export function deriveObjective(
  model: Model,
  variable: Variable,
  ranges: readonly Range[],
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): Trace {
  const goal = partial(
    sym(model.objective.family),
    atom(
      variable,
      ranges.map(({ index }) => sym(index)),
    ),
  );
  return rewrite(goal, evaluationStrategy, contextOf(model, variable, ranges), ruleSet);
}

/**
 * ∂u_P/∂v_I worked out, for a variable u whose entries depend on several entries of v, as softmax's do.
 *
 * @param ranges of the indices of u, then those of v
 */
export function deriveJacobian(
  model: Model,
  of: Variable,
  by: Variable,
  ranges: readonly Range[],
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): Trace {
  const rank = equationOf(of, model)?.ranges.length ?? 0;
  const indices = ranges.map(({ index }) => sym(index));
  const goal = partial(atom(of, indices.slice(0, rank)), atom(by, indices.slice(rank)));
  return rewrite(goal, jacobianStrategy, contextOf(model, by, ranges), ruleSet);
}

const localStrategy: readonly RuleId[] = [
  "adjoint-sum",
  "linearity",
  "constant",
  "fold",
  "piecewise",
  "scalar-derivative",
  "independent-entries",
  "collapse",
  "distribute",
  "entry-value",
  "hoist",
  "common-factor",
];

const localEvaluation: readonly RuleId[] = ["adjoint-value", "function-derivative", "fold", "hoist", "cancel"];

/**
 * Reverse mode for one variable of any model (Griewank and Walther 2008, §3.2): its adjoint v̄ = ∂J/∂v is the sum
 * over all equations that mention v, of the adjoint of what they define times its local derivative, in which
 * all variables but v are held fixed.
 *
 * @param adjoints v ↦ v̄ by key of v, for all variables and parameters
 * @param known what f′ is for the functions of the model, and the adjoints that are to be put in
 */
export function deriveLocalAdjoint(
  model: Model,
  target: Variable,
  ranges: readonly Range[],
  adjoints: ReadonlyMap<string, Variable>,
  known: Known,
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): Adjoint {
  const name = adjoints.get(variableKey(target));
  if (name === undefined) throw new Error(`${variableKey(target)} has no adjoint`);
  const context: Context = {
    ...contextOf({ tensors: [], equations: [], objective: model.objective }, target, ranges),
    named: model,
    adjoints,
    derivativeForms: known.forms,
    adjointValues: known.adjointValues ?? [],
  };
  const goal = atom(
    name,
    ranges.map(({ index }) => sym(index)),
  );
  const statement = rewrite(goal, localStrategy, context, ruleSet);
  const evaluation = rewrite(statement.result, localEvaluation, context, ruleSet);
  refuseUnfinished(evaluation.result, false);
  return { target, ranges, goal, statement, evaluation };
}

/** Brackets may be left where an entry with a number for its index is meant. */
function refuseUnfinished(result: Expr, refusesBrackets: boolean): void {
  const kinds = refusesBrackets ? ["partial", "kronecker"] : ["partial"];
  if (some(result, (node) => kinds.includes(view(node).kind))) throw new Error(`no rule works out ${print(result)}`);
}

/** What an adjoint comes to under the assumption that the targets add up to one, as probabilities do. */
export function deriveUnderAssumption(
  model: Model,
  value: Expr,
  ranges: readonly Range[],
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): Trace {
  return rewrite(value, ["targets-sum", "fold"], contextOf(model, model.objective, ranges), ruleSet);
}

const contextOf = (model: Model, target: Variable, ranges: readonly Range[]): Context => ({
  model,
  named: model,
  target,
  ranges: new Map(ranges.map(({ index, size }) => [index, size])),
  tracked: new Set(),
  adjoints: new Map(),
  derivativeForms: [],
  objectiveDerivative: null,
  jacobians: [],
  adjointValues: [],
  definitions: [],
});

/**
 * Reverse mode for one variable of a model (Linnainmaa 1970; Griewank and Walther 2008, ch. 3): ∂J/∂v by the
 * chain rule over the tracked variables that v acts upon first. The calculus is that of index notation:
 * Kronecker deltas pick the terms of a sum, and bound indices are renamed apart.
 *
 * @param ranges names and sizes of the indices of `target`
 * @param known what f′ is for the functions of the model, and ∂J/∂v where it has been derived
 */
export function deriveAdjoint(
  model: Model,
  target: Variable,
  ranges: readonly Range[],
  naming: AdjointNaming,
  known: Known,
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): Adjoint {
  const indices = ranges.map(({ index }) => sym(index));
  const context: Context = {
    ...contextOf(model, target, ranges),
    tracked: new Set(naming.tracked.map(variableKey)),
    adjoints: naming.adjoints,
    derivativeForms: known.forms,
    objectiveDerivative: known.objective,
    jacobians: known.jacobians ?? [],
  };
  const name = naming.adjoints.get(variableKey(target));
  const isTracked = context.tracked.has(variableKey(target));
  const goal =
    name !== undefined && isTracked ? atom(name, indices) : partial(sym(model.objective.family), atom(target, indices));
  const statement = rewrite(goal, statementStrategy, context, ruleSet);
  const evaluation = rewrite(statement.result, evaluationStrategy, context, ruleSet);
  refuseUnfinished(evaluation.result, true);
  return { target, ranges, goal, statement, evaluation };
}
