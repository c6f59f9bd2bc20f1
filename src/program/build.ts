import { variableKey } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import { children, freshIndex, view, type Expr } from "../expression/index.ts";
import { cyclesOfGradient, latencyOfGradient } from "./cost-model.ts";
import { lengthOf, needed, variablesIn } from "./dependence.ts";
import { arrayOf } from "./loop-body.ts";
import { loops } from "./loops.ts";
import { asTheyAre, forV8, type Schedule } from "./schedule.ts";
import {
  loop,
  visitStatements,
  type ArrayName,
  type Program,
  type Procedure,
  type Statement,
  type Strategy,
  type Value,
} from "./program.ts";
import { bytecodeLimit, split } from "./split.ts";
import { stabilise } from "./stabilise.ts";
import { parametersOf, taskOf, type Assignment, type GradientTask, type Subject } from "./task.ts";
import { unroll } from "./unroll.ts";

/** The least bytecode that straight-line code takes for an entry that it reads: an address, an index, a load. */
const leastBytecodeOfRead = 8;

const chosen = new WeakMap<GradientTask, Strategy>();

/**
 * The strategy that `auto` stands for: straight-line code while it fits one function that V8 optimises, and takes
 * fewer cycles than loops by the cost model.
 */
export function chooseStrategy(subject: Subject): Strategy {
  const task = taskOf(subject);
  const known = chosen.get(task);
  if (known !== undefined) return known;
  const strategy = isBetterUnrolled(task) ? "unrolled" : "tiled";
  chosen.set(task, strategy);
  return strategy;
}

/** How many times as long a program takes, by the cost model, as one of the strategy that would be chosen. */
export function slowdownOf(program: Program): number {
  const { task, strategy } = program;
  if (chooseStrategy(task) === strategy) return 1;
  return Math.max(1, cyclesOfGradient(program) / cyclesOfGradient(buildProgram(task)));
}

function isBetterUnrolled(task: GradientTask): boolean {
  if (workOf(task) * leastBytecodeOfRead > bytecodeLimit) return false;
  const stable = stabilise(task);
  const unrolled = unrolledProcedures(stable);
  const isWhole = unrolled.procedures.every(({ statements }) => statements.every(({ kind }) => kind !== "run"));
  if (!isWhole) return false;
  const loops = Math.max(cyclesOfGradient(tiledProcedures(stable, forV8)), latencyOfGradient(unrolled));
  return cyclesOfGradient(unrolled) <= loops;
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
  const used = strategy ?? chooseStrategy(task);
  const stable = stabilise(task);
  const plain = assemble(task, used);
  return stable === task ? plain : { ...assemble({ ...stable, derived: task }, used), plain };
}

/** The same as loops that nothing has rearranged: what another machine's schedule starts from. */
export function buildLoops(subject: Subject): Program {
  const task = taskOf(subject);
  const stable = stabilise(task);
  const plain = assemble(task, "tiled", asTheyAre);
  return stable === task ? plain : { ...assemble({ ...stable, derived: task }, "tiled", asTheyAre), plain };
}

/** Loops for a task as it stands, stable or not. */
export const buildScheduled = (task: GradientTask, schedule: Schedule): Program => assemble(task, "tiled", schedule);

function assemble(task: GradientTask, strategy: Strategy, schedule: Schedule = forV8): Program {
  const parts = strategy === "unrolled" ? unrolledProcedures(task) : tiledProcedures(task, schedule);
  const { layout, inputs } = task;
  return {
    task,
    strategy,
    exp: "exact",
    layout,
    inputs,
    plain: null,
    parameterCount: parametersOf(task),
    outputLength: lengthOf(outputSizes(task)),
    ...parts,
  };
}

type Parts = Pick<Program, "procedures" | "scratch" | "forArguments">;

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

export interface Stages {
  /** What the output is computed from, itself with it. */
  readonly toOutput: readonly Assignment[];
  /** What the objective and the backward pass take besides, the objective with it. */
  readonly beyond: readonly Assignment[];
  /** All that they take. */
  readonly toGradient: readonly Assignment[];
}

/** The forward pass by what it is needed for. */
export function stages(task: GradientTask): Stages {
  const { forward, objective, backward, model } = task;
  const ofOutput = needed([variableKey(model.output)], [...forward, objective]);
  const goals = [objective.variable, ...backward.map(({ variable }) => variable)].map(variableKey);
  const ofGradient = needed(goals, [...forward, objective, ...backward]);
  const isIn = (keys: ReadonlySet<string>, { variable }: Assignment): boolean => keys.has(variableKey(variable));
  const toGradient = [...forward, objective].filter((a) => isIn(ofGradient, a));
  return {
    toOutput: [...forward, objective].filter((a) => isIn(ofOutput, a)),
    beyond: toGradient.filter((a) => !isIn(ofOutput, a)),
    toGradient,
  };
}

function outputSizes({ model }: GradientTask): readonly number[] {
  const equation = model.equations.find((e) => variableKey(e.variable) === variableKey(model.output));
  if (equation === undefined) throw new Error("no equation of the model defines its output");
  return equation.ranges.map(({ size }) => wholeNumber(size));
}

function unrolledProcedures(task: GradientTask): Parts {
  const { objective, backward, layout, model } = task;
  const { toOutput, toGradient } = stages(task);
  const outputKey = variableKey(model.output);
  const forwardStatements = unroll(task, toOutput, ({ variable }, at) =>
    variableKey(variable) === outputKey ? { array: "output", at } : null,
  );
  const result = task.codeNames.get(variableKey(objective.variable)) as string;
  const backwardStatements = unroll(
    task,
    [...toGradient, ...backward],
    ({ gradientOf }, at) => {
      const placement = gradientOf === null ? undefined : layout.find((p) => p.name === variableKey(gradientOf));
      return placement === undefined ? null : { array: "gradient", at: placement.offset + at };
    },
    result,
  );
  const arrays = arraysOf(task);
  const forwardParts = split({ name: "forward", arrays: arrays.forward, statements: forwardStatements, result: null });
  const backwardParts = split({
    name: "backward",
    arrays: arrays.backward,
    statements: backwardStatements,
    result: { kind: "local", name: result },
  });
  const length = Math.max(forwardParts.scratch, backwardParts.scratch);
  const procedures = [...forwardParts.procedures, ...backwardParts.procedures];
  return {
    procedures,
    forArguments: null,
    scratch: [...scratchOf(task, procedures), ...(length === 0 ? [] : [{ name: "scratch", length }])],
  };
}

function tiledProcedures(task: GradientTask, { areCallsApart, arrange }: Schedule): Parts {
  const { objective, backward, model } = task;
  const { toOutput, beyond } = stages(task);
  const later = [...beyond, ...backward];
  const readBack = later.flatMap((a) => [...variablesIn(a.value)]);
  const kept = new Set([...readBack, variableKey(model.output), variableKey(objective.variable)]);
  const arrays = arraysOf(task);
  const run: Statement = { kind: "run", procedure: "propagate" };
  const procedures: readonly Procedure[] = [
    {
      name: "propagate",
      arrays: arrays.propagate,
      statements: loops(task, toOutput, kept, areCallsApart),
      result: null,
    },
    { name: "forward", arrays: arrays.forward, statements: [run, copyOfOutput(task)], result: null },
    {
      name: "backward",
      arrays: arrays.backward,
      statements: [run, ...loops(task, later, new Set(), areCallsApart)],
      result: objectiveValue(task, beyond),
    },
  ];
  const parameters = parametersOf(task);
  const arranged = arrange(procedures, parameters);
  const onArguments = arrange(procedures, parameters, ["gradient"]);
  const all = [...arranged.procedures, ...onArguments.procedures];
  return {
    procedures: arranged.procedures,
    scratch: [...scratchOf(task, all), ...longestOf([...arranged.scratch, ...onArguments.scratch])],
    forArguments: onArguments.procedures,
  };
}

/** One array for those of one name: both kinds of functions have it in common. */
function longestOf(scratch: Program["scratch"]): Program["scratch"] {
  const lengths = new Map<string, number>();
  for (const { name, length } of scratch) lengths.set(name, Math.max(length, lengths.get(name) ?? 0));
  return [...lengths].map(([name, length]) => ({ name, length }));
}

function copyOfOutput(task: GradientTask): Statement {
  const sizes = outputSizes(task);
  const index = freshIndex(new Set(task.codeNames.values()));
  const each = { constant: 0, terms: [{ index, scale: 1 }] };
  const value: Value = { kind: "load", array: arrayOf(task, task.model.output, sizes.length), at: each };
  return loop(index, lengthOf(sizes), [{ kind: "store", array: "output", at: each, value }]);
}

/** A local, unless the output takes the objective too. */
function objectiveValue(task: GradientTask, beyond: readonly Assignment[]): Value {
  const { variable } = task.objective;
  if (beyond.includes(task.objective))
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
