import type { Adjoint } from "../calculus/index.ts";
import { derivativeForm, wholeNumber } from "../exact/index.ts";
import { asPartials, layerAdjoints, modelAdjoints, refuseJumps, refuseModelJumps } from "../derivation/index.ts";
import {
  leftSide,
  networkModel,
  numbered,
  variableKey,
  type Equation,
  type EquationFile,
  type ForwardModel,
  type Range,
} from "../equations/index.ts";
import { num, print, view, type Expr, type Variable } from "../expression/index.ts";
import { optionsText, sizesText, type Network } from "../network/index.ts";
import { asWritten, typesetFormula, unicode } from "../notation/index.ts";
import { dependenciesOf, lengthOf, needed } from "./dependence.ts";
import { nameAll } from "./names.ts";

/** An equation to be computed: forward equations and adjoint equations alike. */
export interface Assignment extends Equation {
  /** BP1 … BP4, or what else the derivation calls it; "" for the forward pass. */
  readonly tag: string;
  /** Its left side as the derivation writes it, ∂J/∂w rather than the name of a variable. */
  readonly goal: Expr;
  /** What the code says of it: its tag and the formula. */
  readonly comment: string;
  /** The parameter whose gradient this is, if it is one. */
  readonly gradientOf: Variable | null;
}

/** ∂J/∂v worked out, as the backward pass computes it. */
export interface AdjointEquation {
  /** v */
  readonly target: Variable;
  /** The variable by which the adjoints after it speak of this one; none does of a parameter's. */
  readonly name: Variable;
  readonly ranges: readonly Range[];
  /** The left side as the derivation writes it. */
  readonly goal: Expr;
  readonly value: Expr;
  /** What the derivation calls the equation, or "". */
  readonly tag: string;
}

/** Where a parameter tensor lies in θ: row-major from `offset`. */
export interface Placement {
  readonly name: string;
  readonly offset: number;
  /** The first size; 1 for a scalar. */
  readonly rows: number;
  /** The product of the other sizes: a bias has one column. */
  readonly columns: number;
  readonly sizes: readonly number[];
}

/** A tensor that the caller gives with every sample, row-major in an array of its own. */
export interface InputPlace {
  /** Its key in the model. */
  readonly key: string;
  /** The array's name in code. */
  readonly name: string;
  readonly role: "input" | "target";
  readonly sizes: readonly number[];
  readonly length: number;
  /** Does the output depend on it? `forward` takes no other. */
  readonly isRead: boolean;
}

/** What a program is made for: a forward model, and everything that its gradient needs in the order of computation. */
export interface GradientTask {
  /** For people: `2-3-1`, or the name of a model's file. */
  readonly name: string;
  /** The command line that emits it, without --strategy. */
  readonly command: string;
  /** What else the head of a module says, a sentence each. */
  readonly about: readonly string[];
  /** The network, where the model is one's. */
  readonly network: Network | null;
  readonly model: ForwardModel;
  readonly forward: readonly Assignment[];
  readonly objective: Assignment;
  readonly backward: readonly Assignment[];
  readonly layout: readonly Placement[];
  readonly inputs: readonly InputPlace[];
  /** The task as derived, where the values of this one have stable forms. */
  readonly derived?: GradientTask;
  /** An expression as comments show it. */
  readonly shown: (expr: Expr) => Expr;
  /** Names in code, by key of the variable. */
  readonly codeNames: ReadonlyMap<string, string>;
}

/** What programs are made for: networks have a task of their own. */
export type Subject = Network | GradientTask;

/** Length of θ. */
export const parametersOf = ({ layout }: Pick<GradientTask, "layout">): number =>
  layout.reduce((total, { rows, columns }) => total + rows * columns, 0);

/** A program is certified against the equations as derived: from the task of another it is built of those anew. */
export const taskOf = (subject: Subject): GradientTask =>
  "model" in subject ? (subject.derived ?? subject) : networkTask(subject);

/**
 * The forward equations of a network and the adjoint equations that the calculus derives from them, f′ worked out.
 * It is asked for wherever a document or a module counts, prints or checks, and derived once.
 *
 * @throws Problem where an activation or the loss jumps
 */
export function networkTask(network: Network): GradientTask {
  const known = tasks.get(network);
  if (known !== undefined) return known;
  const task = deriveTask(network);
  tasks.set(network, task);
  return task;
}

const tasks = new WeakMap<Network, GradientTask>();

function deriveTask(network: Network): GradientTask {
  refuseJumps(network);
  const model = networkModel(network);
  const layers = network.sizes.length;
  const adjoints = layerAdjoints(model, layers, model.functions.map(derivativeForm)).flatMap(
    ({ layer, delta, bias, weight }) => [
      adjointEquation(delta, `d${layer}`, layer === layers ? "BP1" : "BP2"),
      adjointEquation(bias, `db${layer}`, "BP3"),
      adjointEquation(weight, `dW${layer}`, "BP4"),
    ],
  );
  const [first] = network.activations;
  const activations = network.activations.every((a) => a === first) ? first : network.activations.join(", ");
  const about = {
    name: sizesText(network),
    command: `deltarule emit ${sizesText(network)}${optionsText(network)}`,
    about: [`Activation: ${activations}.`, `Loss: ${network.loss}.`],
  };
  // The equations of a network have letters of their own: δ for errors, w for the entries of W.
  return { ...modelTask(model, adjoints, about, (expr) => expr), network };
}

/**
 * The task of computing the gradient of a file of equations.
 *
 * @param path as the command line names the file
 * @throws Problem where an equation jumps
 */
export function equationsTask(file: EquationFile, name: string, path: string): GradientTask {
  const model = numbered(file);
  refuseModelJumps(model);
  const sizes = [...file.sizes].map(([size, value]) => `${size} = ${value}`).join(", ");
  return modelTask(model, adjointEquations(modelAdjoints(model)), {
    name,
    command: `deltarule emit --equations ${path}`,
    about: sizes === "" ? [] : [`Sizes: ${sizes}.`],
  });
}

/** What the calculus has derived, as equations: the left side of each names the adjoint, v̄ of v. */
export const adjointEquations = (
  adjoints: readonly Pick<Adjoint, "target" | "ranges" | "goal" | "evaluation">[],
  tag = "",
): readonly AdjointEquation[] =>
  adjoints.map(({ target, ranges, goal, evaluation }) => {
    const v = view(goal);
    const name = v.kind === "atom" ? v.variable : { family: print(goal), layer: null };
    return { target, name, ranges, goal, value: evaluation.result, tag };
  });

type Derived = ReturnType<typeof layerAdjoints>[number]["delta"];

const adjointEquation = (
  { target, ranges, goal, evaluation }: Derived,
  name: string,
  tag: string,
): AdjointEquation => ({
  target,
  name: { family: name.replace(/^d(\d+)$/, "delta$1"), layer: null },
  ranges,
  goal,
  value: evaluation.result,
  tag,
});

/**
 * The task of computing the gradient of a model with numbers for sizes.
 *
 * @param shown an expression as comments show it
 * @param adjoints in the order of computation: each speaks of those before it only. A parameter that has none
 *   does not influence the objective, so that its gradient is zero
 */
export function modelTask(
  model: ForwardModel,
  adjoints: readonly AdjointEquation[],
  about: Pick<GradientTask, "name" | "command" | "about">,
  shown: (expr: Expr) => Expr = (expr) => asWritten(asPartials(expr, model.objective)),
): GradientTask {
  const comment = commenting(shown);
  const forward = model.equations.map((equation): Assignment => {
    const goal = leftSide(equation);
    return { ...equation, tag: "", goal, comment: comment("", goal, equation.value), gradientOf: null };
  });
  const isObjective = ({ variable }: Equation): boolean => variableKey(variable) === variableKey(model.objective);
  const objective = forward.find(isObjective);
  if (objective === undefined) throw new Error("no equation of the model defines its objective");
  const all = [...adjoints, ...absentAdjoints(model, adjoints)];
  const backward = withoutUnread(all.map((equation) => adjointAssignment(model, equation, comment)));
  const codeNames = nameAll(
    model,
    [...forward, ...backward].map(({ variable }) => variableKey(variable)),
  );
  return {
    ...about,
    network: null,
    model,
    forward: forward.filter((a) => !isObjective(a)),
    objective,
    backward,
    layout: layoutOf(model),
    inputs: inputsOf(model, codeNames),
    shown,
    codeNames,
  };
}

function adjointAssignment(
  { tensors }: ForwardModel,
  { target, name, ranges, goal, value, tag }: AdjointEquation,
  comment: ReturnType<typeof commenting>,
): Assignment {
  const isParameter = tensors.some((t) => t.role === "parameter" && variableKey(t.variable) === variableKey(target));
  const gradientOf = isParameter ? target : null;
  return { variable: name, ranges, value, tag, goal, comment: comment(tag, goal, value), gradientOf };
}

/** An adjoint that no gradient takes, since it has been put in where it would be read, is not computed. */
function withoutUnread(assignments: readonly Assignment[]): readonly Assignment[] {
  const gradients = assignments.filter((a) => a.gradientOf !== null).map((a) => variableKey(a.variable));
  const read = needed(gradients, assignments);
  return assignments.filter(({ variable }) => read.has(variableKey(variable)));
}

/** The gradients of the parameters without influence: they have to be written all the same. */
function absentAdjoints({ tensors }: ForwardModel, adjoints: readonly AdjointEquation[]): readonly AdjointEquation[] {
  const known = new Set(adjoints.map(({ target }) => variableKey(target)));
  return tensors
    .filter(({ role, variable }) => role === "parameter" && !known.has(variableKey(variable)))
    .map(({ variable, sizes }) => {
      const ranges = sizes.map((size, i) => ({ index: ["j", "k", "p"][i] as string, size }));
      const name: Variable = { family: `d${variableKey(variable)}`, layer: null };
      return {
        target: variable,
        name,
        ranges,
        goal: leftSide({ variable: name, ranges, value: num(0) }),
        value: num(0),
        tag: "",
      };
    });
}

export const commenting =
  (shown: (expr: Expr) => Expr) =>
  (tag: string, left: Expr, right: Expr): string =>
    `${tag}${tag === "" ? "" : "  "}${typesetFormula({ kind: "equality", left: shown(left), right: shown(right) }, unicode)}`;

/** θ holds the parameters one after another in the order of the model: W2 row by row, b2, W3, b3, … */
function layoutOf(model: ForwardModel): readonly Placement[] {
  let offset = 0;
  return model.tensors
    .filter((t) => t.role === "parameter")
    .map(({ variable, sizes }) => {
      const numbers = sizes.map(wholeNumber);
      const [rows = 1] = numbers;
      const columns = lengthOf(numbers) / rows;
      const placement = { name: variableKey(variable), offset, rows, columns, sizes: numbers };
      offset += rows * columns;
      return placement;
    });
}

function inputsOf(model: ForwardModel, codeNames: ReadonlyMap<string, string>): readonly InputPlace[] {
  const needed = dependenciesOf(model.output, model);
  return model.tensors.flatMap(({ variable, role, sizes }) => {
    if (role === "parameter") return [];
    const key = variableKey(variable);
    const numbers = sizes.map(wholeNumber);
    const name = codeNames.get(key) as string;
    return [{ key, name, role, sizes: numbers, length: lengthOf(numbers), isRead: needed.has(key) }];
  });
}
