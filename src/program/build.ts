import { variableKey } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import { children, view, type Expr } from "../expression/index.ts";
import { countParameters } from "../network/index.ts";
import { dependenciesOf, lengthOf, variablesIn } from "./dependence.ts";
import { arrayOf } from "./loop-body.ts";
import { loops } from "./loops.ts";
import {
  loop,
  visitStatements,
  type ArrayName,
  type Procedure,
  type Program,
  type Statement,
  type Strategy,
  type Value,
} from "./program.ts";
import { split } from "./split.ts";
import { parametersOf, taskOf, type Assignment, type GradientTask, type Subject } from "./task.ts";
import { unroll } from "./unroll.ts";

/** Straight-line code is the faster up to about this many parameters of a network (measured; see the benchmark). */
const mostUnrolledParameters = 300;
/** The same in entries read: a network reads about seven for each of its parameters. */
const mostUnrolledWork = 7 * mostUnrolledParameters;

/** The strategy that `auto` stands for. */
export function chooseStrategy(subject: Subject): Strategy {
  const { network, ...task } = taskOf(subject);
  const isSmall =
    network === null ? workOf(task) <= mostUnrolledWork : countParameters(network) <= mostUnrolledParameters;
  return isSmall ? "unrolled" : "tiled";
}

/** How many entries one gradient reads. */
export const workOf = ({
  forward,
  objective,
  backward,
}: Pick<GradientTask, "forward" | "objective" | "backward">): number =>
  [...forward, objective, ...backward]
    .map(({ ranges, value }) => lengthOf(ranges.map(({ size }) => wholeNumber(size))) * (1 + readsOf(value)))
    .reduce((a, b) => a + b, 0);

function readsOf(expr: Expr): number {
  const v = view(expr);
  if (v.kind === "atom") return 1;
  if (v.kind === "sum" || v.kind === "maximum") return wholeNumber(v.to) * readsOf(v.body);
  return children(expr).reduce((total, child) => total + readsOf(child), 0);
}

/**
 * The program of a network or another model: `forward(theta, …inputs, output)`, with the inputs that the output
 * depends on, and `backward(theta, …inputs, gradient)`, which returns J. Both come from the forward equations
 * and the adjoint equations derived from them.
 */
export function buildProgram(subject: Subject, strategy?: Strategy): Program {
  const task = taskOf(subject);
  const chosen = strategy ?? chooseStrategy(task);
  const parts = chosen === "unrolled" ? unrolledProcedures(task) : tiledProcedures(task);
  const { layout, inputs } = task;
  return {
    task,
    strategy: chosen,
    layout,
    inputs,
    parameterCount: parametersOf(task),
    outputLength: lengthOf(outputSizes(task)),
    ...parts,
  };
}

type Parts = Pick<Program, "procedures" | "scratch">;

/** The arrays of the callers, by procedure. */
const arraysOf = ({
  inputs,
}: GradientTask): Readonly<Record<"propagate" | "forward" | "backward", readonly ArrayName[]>> => {
  const read = inputs.filter(({ isRead }) => isRead).map(({ name }) => name);
  return {
    propagate: ["theta", ...read],
    forward: ["theta", ...read, "output"],
    backward: ["theta", ...inputs.map(({ name }) => name), "gradient"],
  };
};

/** The equations that the output takes, and those that only the objective does, itself with them. */
function stages(task: GradientTask): {
  readonly toOutput: readonly Assignment[];
  readonly toObjective: readonly Assignment[];
} {
  const needed = dependenciesOf(task.model.output, task.model);
  const isNeeded = ({ variable }: Assignment): boolean => needed.has(variableKey(variable));
  const all = [...task.forward, task.objective];
  return { toOutput: all.filter(isNeeded), toObjective: all.filter((a) => !isNeeded(a)) };
}

function outputSizes({ model }: GradientTask): readonly number[] {
  const equation = model.equations.find((e) => variableKey(e.variable) === variableKey(model.output));
  if (equation === undefined) throw new Error("no equation of the model defines its output");
  return equation.ranges.map(({ size }) => wholeNumber(size));
}

function unrolledProcedures(task: GradientTask): Parts {
  const { objective, backward, layout, model } = task;
  const { toOutput, toObjective } = stages(task);
  const outputKey = variableKey(model.output);
  const forwardStatements = unroll(task, toOutput, ({ variable }, at) =>
    variableKey(variable) === outputKey ? { array: "output", at } : null,
  );
  const backwardStatements = unroll(task, [...toOutput, ...toObjective, ...backward], ({ gradientOf }, at) => {
    const placement = gradientOf === null ? undefined : layout.find((p) => p.name === variableKey(gradientOf));
    return placement === undefined ? null : { array: "gradient", at: placement.offset + at };
  });
  const arrays = arraysOf(task);
  const forwardParts = split({ name: "forward", arrays: arrays.forward, statements: forwardStatements, result: null });
  const backwardParts = split({
    name: "backward",
    arrays: arrays.backward,
    statements: backwardStatements,
    result: { kind: "local", name: task.codeNames.get(variableKey(objective.variable)) as string },
  });
  const length = Math.max(forwardParts.scratch, backwardParts.scratch);
  return {
    procedures: [...forwardParts.procedures, ...backwardParts.procedures],
    scratch: length === 0 ? [] : [{ name: "scratch", length }],
  };
}

function tiledProcedures(task: GradientTask): Parts {
  const { objective, backward, model } = task;
  const { toOutput, toObjective } = stages(task);
  const later = [...toObjective, ...backward];
  const readBack = later.flatMap((a) => [...variablesIn(a.value)]);
  const kept = new Set([...readBack, variableKey(model.output), variableKey(objective.variable)]);
  const arrays = arraysOf(task);
  const propagate: Procedure = {
    name: "propagate",
    arrays: arrays.propagate,
    statements: loops(task, toOutput, kept),
    result: null,
  };
  const run: Statement = { kind: "run", procedure: "propagate" };
  const procedures: Procedure[] = [
    propagate,
    { name: "forward", arrays: arrays.forward, statements: [run, copyOfOutput(task)], result: null },
    {
      name: "backward",
      arrays: arrays.backward,
      statements: [run, ...loops(task, later, new Set())],
      result: objectiveValue(task, toObjective),
    },
  ];
  return { procedures, scratch: scratchOf(task, procedures) };
}

function copyOfOutput(task: GradientTask): Statement {
  const sizes = outputSizes(task);
  const each = { constant: 0, terms: [{ index: "j", scale: 1 }] };
  const value: Value = { kind: "load", array: arrayOf(task, task.model.output, sizes.length), at: each };
  return loop("j", lengthOf(sizes), [{ kind: "store", array: "output", at: each, value }]);
}

/** A local, unless the output takes the objective too. */
function objectiveValue(task: GradientTask, toObjective: readonly Assignment[]): Value {
  const { variable } = task.objective;
  if (toObjective.includes(task.objective))
    return { kind: "local", name: task.codeNames.get(variableKey(variable)) as string };
  return { kind: "load", array: arrayOf(task, variable, 0), at: { constant: 0, terms: [] } };
}

function scratchOf(task: GradientTask, procedures: readonly Procedure[]): Program["scratch"] {
  const stored = new Set<string>();
  for (const { statements } of procedures)
    visitStatements(statements, (s) => s.kind === "store" && stored.add(s.array));
  return [...task.forward, task.objective, ...task.backward]
    .filter((a) => a.gradientOf === null && stored.has(arrayOf(task, a.variable, a.ranges.length)))
    .map((a) => ({
      name: arrayOf(task, a.variable, a.ranges.length),
      length: lengthOf(a.ranges.map(({ size }) => wholeNumber(size))),
    }));
}
