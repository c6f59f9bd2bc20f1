import { isConstant, toNumber, type Constant } from "../expression/index.ts";
import {
  chooseStrategy,
  countOperations,
  procedureOf,
  valuesOf,
  visitStatements,
  visitValue,
  type GradientTask,
  type OperationCount,
  type Position,
  type Procedure,
  type Program,
  type Statement,
  type Value,
} from "../program/index.ts";
import { fill } from "../templates.ts";
import { bufferNames } from "./buffers.ts";
import { functionsUsed, nameOfFunction, ownFunctions } from "./own-functions.ts";

/** The module's source before formatting. */
export function printModule(program: Program, version: string | undefined, checks: readonly string[]): string {
  const { task, layout, parameterCount, scratch, procedures } = program;
  const { network } = task;
  const kind = network === null ? "model" : "network";
  const quoted = (name: string): string => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name));
  return fill("module", {
    subject: `${kind}, ${task.name}`,
    kind,
    header: header(program, version, checks),
    sizes: network?.sizes.join(", ") ?? null,
    shapes: shapesOf(program),
    parameterCount,
    layout: layout.map((p) => ({
      ...p,
      name: quoted(p.name),
      sizes: network === null ? p.sizes.join(", ") : null,
      end: p.offset + p.rows * p.columns,
    })),
    functions: functionsUsed(program).map((name) => ownFunctions[name]),
    scratch,
    procedures: procedures.map((procedure) => printProcedure(procedure, program)),
    buffers: buffersOf(program),
    ...doorsOf(program),
  });
}

const shapesOf = ({ task: { inputs } }: Program): readonly { readonly name: string; readonly sizes: string }[] =>
  inputs.map(({ name, sizes }) => ({ name, sizes: sizes.join(", ") }));

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
function doorsOf({ task, inputs }: Program): Readonly<Record<string, string>> {
  const names = bufferNames(task);
  const read = names.filter((_, i) => inputs[i]?.isRead);
  const list = (parts: readonly string[]): string =>
    parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  const owns = (parts: readonly string[]): string => parts.map((name) => `${ownName(task, name)}, `).join("");
  return {
    forwardFrom: list(read) || "θ",
    backwardFrom: list(names) || "θ",
    forwardInputs: owns(read),
    backwardInputs: owns(names),
    objective: task.objective.variable.family,
  };
}

function header(program: Program, version: string | undefined, checks: readonly string[]): string[] {
  const { task, strategy } = program;
  return [
    `Made by deltarule${version === undefined ? "" : ` ${version}`}: ${task.command}${strategy === chooseStrategy(task) ? "" : ` --strategy ${strategy}`}`,
    [...task.about, `Strategy: ${strategy}.`].join(" "),
    "",
    "Operations of one call:",
    `  forward   ${describe(countOperations(program, "forward"))}`,
    `  backward  ${describe(countOperations(program, "backward"))} (its forward pass included)`,
    "",
    "Checked before it was written:",
    ...checks.map((check) => `  ${check}`),
  ];
}

const describe = ({ multiplications, additions, divisions, functions }: OperationCount): string =>
  `${multiplications} multiplications, ${additions} additions, ${divisions} divisions, ${functions} exp or other functions`;

const documentation: Readonly<Record<string, (task: GradientTask) => string>> = {
  forward: ({ network, model }) =>
    network === null
      ? `Forward pass: writes ${model.output.family} to \`output\`, row by row.`
      : "Forward pass: writes the activations of the last layer to `output`.",
  backward: ({ objective }) =>
    `Gradient of ${objective.variable.family} by every parameter, written to \`gradient\` in the layout of θ. Returns ${objective.variable.family}.`,
};

function printProcedure(procedure: Procedure, program: Program): Readonly<Record<string, unknown>> {
  const { name, statements, result } = procedure;
  const document = documentation[name];
  const used = arraysUsed(procedure, program);
  // Strict settings complain of a parameter without use, unless its name begins with an underscore.
  const arrays =
    document === undefined ? used : procedure.arrays.map((array) => (used.includes(array) ? array : `_${array}`));
  const lines = statements.flatMap((s, i) =>
    printStatement(s, program).slice(s.kind === "comment" && statements[i - 1]?.kind === "comment" ? 1 : 0),
  );
  return {
    name,
    doc: document === undefined ? null : [document(program.task)],
    isPublic: document !== undefined,
    parameters: arrays.map((array) => `${array}: Float64Array`).join(", "),
    type: result === null ? "void" : "number",
    lines: result === null ? lines : [...lines, `return ${printValue(result)};`],
  };
}

/** The caller's arrays that a procedure touches, itself or through those it runs. */
function arraysUsed({ arrays, statements, result }: Procedure, program: Program): readonly string[] {
  const used = new Set<string>();
  const visit = (value: Value): void => visitValue(value, (v) => v.kind === "load" && used.add(v.array));
  if (result !== null) visit(result);
  visitStatements(statements, (statement) => {
    if (statement.kind === "store") used.add(statement.array);
    if (statement.kind === "run")
      arraysUsed(procedureOf(program, statement.procedure), program).forEach((array) => used.add(array));
    valuesOf(statement).forEach(visit);
  });
  return arrays.filter((array) => used.has(array));
}

function printStatement(statement: Statement, program: Program): string[] {
  switch (statement.kind) {
    case "comment":
      return ["", `// ${statement.text}`];
    case "define":
      return [`const ${statement.name} = ${printValue(statement.value)};`];
    case "accumulator":
      return [`let ${statement.name} = ${printValue(statement.start)};`];
    case "add":
      return [`${statement.name} += ${printValue(statement.value)};`];
    case "raise":
      return [
        `if (${printValue(statement.value)} > ${statement.name}) ${statement.name} = ${printValue(statement.value)};`,
      ];
    case "store":
      return [`${statement.array}[${printPosition(statement.at)}] = ${printValue(statement.value)};`];
    case "loop": {
      const { index, start, end, step, body } = statement;
      if (start + step >= end)
        return ["{", `const ${index} = ${start};`, ...body.flatMap((s) => printStatement(s, program)), "}"];
      return [
        `for (let ${index} = ${start}; ${index} < ${end}; ${step === 1 ? `${index}++` : `${index} += ${step}`}) {`,
        ...body.flatMap((s) => printStatement(s, program)),
        "}",
      ];
    }
    case "run": {
      const callee = procedureOf(program, statement.procedure);
      return [`${callee.name}(${arraysUsed(callee, program).join(", ")});`];
    }
  }
}

function printPosition({ constant, terms }: Position): string {
  const parts = [
    ...terms.map(({ index, scale }) => (scale === 1 ? index : `${scale} * ${index}`)),
    ...(constant === 0 && terms.length > 0 ? [] : [String(constant)]),
  ];
  return parts.join(" + ");
}

const strengths = { "+": 1, "-": 1, "*": 2, "/": 2 } as const;

const strengthOf = (value: Value): number => {
  if (value.kind === "operation") return strengths[value.operator];
  if (value.kind === "choose" || value.kind === "match") return 0;
  if (value.kind === "call" && value.name === "sech") return strengths["/"];
  const isNegative = value.kind === "negate" || (value.kind === "number" && value.value.numerator < 0n);
  return isNegative ? 3 : 4;
};

/** The order of operations is kept to the last bit: a right operand as strong as its operator is parenthesised. */
function printValue(value: Value): string {
  const within = (part: Value, least: number): string =>
    strengthOf(part) < least ? `(${printValue(part)})` : printValue(part);
  switch (value.kind) {
    case "number":
      return String(toNumber(value.value));
    case "local":
      return value.name;
    case "load":
      return `${value.array}[${printPosition(value.at)}]!`;
    case "operation": {
      const least = strengths[value.operator];
      return `${within(value.left, least)} ${value.operator} ${within(value.right, strengthOf(value.right) === 3 ? 4 : least + 1)}`;
    }
    case "negate":
      return `-${within(value.of, 4)}`;
    case "call":
      return printCall(value.name, value.args);
    case "choose":
      return `${within(value.left, 1)} ${value.relation} ${within(value.right, 1)} ? ${within(value.then, 1)} : ${within(value.otherwise, 1)}`;
    case "match":
      return `${printPosition(value.left)} === ${printPosition(value.right)} ? ${within(value.then, 1)} : 0`;
  }
}

function printCall(name: string, args: readonly Value[]): string {
  const list = args.map(printValue).join(", ");
  if (isConstant(name)) return constantsInCode[name];
  return name === "sech" ? `1 / Math.cosh(${list})` : `${nameOfFunction(name)}(${list})`;
}

const constantsInCode = { pi: "Math.PI" } satisfies Record<Constant, string>;
