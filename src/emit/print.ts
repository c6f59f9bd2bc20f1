import {
  batchOf,
  chooseStrategy,
  allowsFastExp,
  effectOfFastExp,
  usesExp,
  visitStatements,
  type GradientTask,
  type Procedure,
  type Program,
} from "../program/index.ts";
import { fill } from "../templates.ts";
import { Door, lengthOf } from "./access.ts";
import { bufferNames, roomFor } from "./buffers.ts";
import { arraysUsed, printBody } from "./code.ts";
import { checksOf, documentation, frameOf, headerOf, listed } from "./frame.ts";
import { nothingShared, printBatch, sharedWith } from "./print-batch.ts";
import { functionsUsed, textOfFunction } from "./own-functions.ts";

/** The module's source before formatting. */
export const printModule = (program: Program, version: string | undefined): string =>
  fill("module", {
    ...frameOf(program),
    header: headerOf(program, version, optionsOf(program), aboutOf(program), checksOf(program)),
    functions: functionsUsed(program).map((name) => textOfFunction(name, program.exp)),
    ...(program.strategy === "tiled" ? twoBodies(program) : oneBody(program)),
    buffers: buffersOf(program),
    ...doorsOf(program),
  });

const aboutOf = (program: Program): readonly string[] => [
  [...program.task.about, `Strategy: ${program.strategy}.`].join(" "),
  ...exponentialOf(program),
];

interface OwnBuffer {
  readonly name: string;
  readonly own: string;
  readonly length: number;
}

/** The module's own buffers: a network's are called by what they are for. */
function buffersOf(program: Program): readonly OwnBuffer[] {
  const { task, inputs, parameterCount, outputLength } = program;
  const own = (name: string, length: number): OwnBuffer => ({ name, own: ownName(task, name), length });
  return [
    own("theta", parameterCount),
    ...bufferNames(task).map((name, i) => own(name, inputs[i]?.length ?? 0)),
    own("output", outputLength),
    own("gradient", parameterCount),
  ];
}

const ownName = ({ network }: GradientTask, name: string): string =>
  network === null && !["theta", "output", "gradient"].includes(name)
    ? `own_${name}`
    : `own${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

/** What the functions on the module's own buffers pass on, and what is said of them. */
function doorsOf({ task, inputs }: Program): {
  readonly [part in "forwardFrom" | "backwardFrom" | "forwardInputs" | "backwardInputs" | "objective"]: string;
} {
  const names = bufferNames(task);
  const read = names.filter((_, i) => inputs[i]?.isRead);
  const owns = (parts: readonly string[]): string => parts.map((name) => `${ownName(task, name)}, `).join("");
  return {
    forwardFrom: listed(read),
    backwardFrom: listed(names),
    forwardInputs: owns(read),
    backwardInputs: owns(names),
    objective: task.objective.variable.family,
  };
}

function ownDocument(name: string, program: Program): string {
  const { forwardFrom, backwardFrom, objective } = doorsOf(program);
  return name === "forward"
    ? `{@link forward} on the module's own buffers: ${forwardFrom} to output.`
    : `{@link backward} on the module's own buffers: ${backwardFrom} to gradient. Returns ${objective}.`;
}

/** What the command says beside the subject, as far as it is not what would be chosen. */
function optionsOf(program: Program): string {
  const { task, strategy, exp } = program;
  const isChosen = !usesExp(program) || (exp === "fast") === allowsFastExp(program);
  return `${strategy === chooseStrategy(task) ? "" : ` --strategy ${strategy}`}${isChosen ? "" : ` --exp ${exp}`}`;
}

/** Which exp, and why: in half units, since the last bit itself is chance. */
function exponentialOf(program: Program): readonly string[] {
  if (!usesExp(program)) return [];
  const { moved, errors } = effectOfFastExp(program);
  const ulps = (distance: number): string => String(Math.ceil(2 * distance) / 2);
  const unit = "units in the last place of each tensor's largest entry";
  const isFast = program.exp === "fast";
  const name = isFast ? "Exp: fast, the function at the end." : "Exp: exact, Math.exp.";
  if (errors !== null)
    return [
      `${name} At some random points results with the fast one are within ${ulps(errors.fast)}`,
      `${unit} of the true ones, and within ${ulps(errors.exact)} with Math.exp.`,
    ];
  return moved === 0
    ? [`${name} At some random points no result differs between the fast one and Math.exp.`]
    : [
        `${name} At some random points results with the fast one and Math.exp differ by`,
        `at most ${ulps(moved)} ${unit}.`,
      ];
}

/** Straight-line code: both doors run the same functions. */
function oneBody(program: Program): object {
  const scratch = program.scratch.map(({ name, length }) => ({
    name: `scratch_${name}`,
    array: name,
    length: roomFor(length),
  }));
  const memory = new Map(scratch.map(({ name, array }) => [array, name]));
  const door = new Door({ prefix: "own_", suffix: "" }, memory, program, namesIn(program));
  const isSplit = program.procedures.some(({ statements }) => statements.some(({ kind }) => kind === "run"));
  const procedures = program.procedures.map((p) => {
    const printed = printProcedure(p, program, door);
    return isSplit && p.name === "backward" ? { ...printed, lines: [...apart(p), ...printed.lines] } : printed;
  });
  const batch = batchOf(program);
  const shared = { scratch, views: door.views, procedures, isSplit };
  return { ...shared, batch: printBatch(batch, nothingShared(), namesIn(batch)) };
}

/** Code in several functions reads its arguments again after it has begun to write the gradient. */
const apart = ({ arrays }: Procedure): readonly string[] =>
  arrays.filter((array) => array !== "gradient").map((array) => `requireApart("${array}", ${array}, gradient);`);

/**
 * Loops: the functions on the module's own buffers, and those with arguments, which work on copies of what they
 * read often. Both are printed from the same procedures.
 */
function twoBodies(program: Program): object {
  const { task, inputs, scratch, procedures } = program;
  const taken = namesIn(program);
  const shared = scratch.map(({ name }) => [name, `scratch_${name}`] as const);
  const names = bufferNames(task);
  const own = new Door(
    { prefix: "own_", suffix: "Owned" },
    new Map([
      ["theta", ownName(task, "theta")],
      ...inputs.map(({ name }, i) => [name, ownName(task, names[i] as string)] as const),
      ["output", ownName(task, "output")],
      ["gradient", ownName(task, "gradient")],
      ...shared,
    ]),
    program,
    taken,
  );
  const read = inputs.filter(({ isRead }) => isRead);
  const held = ["theta", ...read.map(({ name }) => name)];
  const copies = new Door(
    { prefix: "copy_", suffix: copiedSuffix },
    new Map([...held.map((name) => [name, `copyOf_${name}`] as const), ...shared]),
    program,
    taken,
  );
  const onArguments = { ...program, procedures: program.forArguments ?? procedures };
  const printed = [
    ...procedures.map((p) => printProcedure(p, program, own)),
    ...onArguments.procedures.map((p) => printProcedure(p, onArguments, copies)),
  ];
  const views = [...own.views, ...copies.views];
  const batch = printBatch(batchOf(program), sharedWith(copies, program), taken);
  const entrances = procedures.filter(({ name }) => name in documentation);
  return {
    copies: held.map((name) => ({ name, copy: `copyOf_${name}`, length: lengthOf(name, program) })),
    copied: parametersOf(held, held),
    isTiled: true,
    scratch: shared.map(([name, memory]) => ({ name: memory, length: roomFor(lengthOf(name, program)) })),
    views,
    batch,
    procedures: [...printed, ...entrances.map((p) => printEntrance(p, program, copies))],
  };
}

const copiedSuffix = "Copied";

/** Every name that the code of a program uses. */
function namesIn({ task, inputs, scratch, procedures }: Program): ReadonlySet<string> {
  const names = new Set([...task.codeNames.values(), ...inputs.map(({ name }) => name), ...scratch.map((s) => s.name)]);
  for (const { statements } of procedures)
    visitStatements(statements, (s) => {
      if (s.kind === "define" || s.kind === "accumulator") names.add(s.name);
      if (s.kind === "loop") names.add(s.index);
    });
  return names;
}

type Printed = Readonly<Record<string, unknown>> & { readonly lines: readonly string[] };

/** The function of a procedure on the arrays of a door. */
function printProcedure(procedure: Procedure, program: Program, door: Door): Printed {
  const { name, arrays, result } = procedure;
  const document = documentation[name];
  const isOneBody = door.suffix === "";
  const isPublic = document !== undefined && door.suffix !== copiedSuffix;
  const used = arraysUsed(procedure, program);
  const given = isPublic && isOneBody ? arrays : used.filter((array) => !door.memory.has(array));
  return {
    name: `${name}${door.suffix}`,
    doc: !isPublic ? null : [isOneBody ? document(program.task) : ownDocument(name, program)],
    isPublic,
    parameters: parametersOf(given, used),
    type: result === null ? "void" : "number",
    lines: printBody(procedure, program, door),
  };
}

/** A public function that copies what it is given and goes on with the copies. */
function printEntrance(procedure: Procedure, program: Program, door: Door): Printed {
  const { name, arrays, result } = procedure;
  const used = arraysUsed(procedure, program);
  const given = used.filter((array) => !door.memory.has(array));
  const copied = arrays.filter((array) => door.memory.has(array));
  const call = `${name}${door.suffix}(${given.join(", ")});`;
  return {
    name,
    doc: [documentation[name]?.(program.task)],
    isPublic: true,
    parameters: parametersOf(arrays, arrays),
    type: result === null ? "void" : "number",
    lines: [
      `copy(${copied.join(", ")});`,
      ...given.map((array) => `requireLength("${array}", ${array}, ${lengthOf(array, program)});`),
      result === null ? call : `return ${call}`,
    ],
  };
}

/** Strict settings complain of a parameter without use, unless its name begins with an underscore. */
const parametersOf = (arrays: readonly string[], used: readonly string[]): string =>
  arrays.map((array) => `${used.includes(array) ? array : `_${array}`}: Float64Array`).join(", ");
