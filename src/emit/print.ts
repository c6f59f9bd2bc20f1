import { toNumber } from "../expression/index.ts";
import { optionsText, sizesText } from "../network/index.ts";
import {
  chooseStrategy,
  countOperations,
  procedureOf,
  type OperationCount,
  type Position,
  type Procedure,
  type Program,
  type Statement,
  type Value,
} from "../program/index.ts";
import { fill } from "../templates.ts";

/** The module's source before formatting. */
export function printModule(program: Program, version: string | undefined, checks: readonly string[]): string {
  const { network, layout, parameterCount, scratch, procedures } = program;
  return fill("module", {
    sizesText: sizesText(network),
    header: header(program, version, checks),
    sizes: network.sizes.join(", "),
    parameterCount,
    layout: layout.map((p) => ({ ...p, end: p.offset + p.rows * p.columns })),
    scratch,
    procedures: procedures.map((procedure) => printProcedure(procedure, program)),
    inputs: network.sizes[0],
    outputs: network.sizes.at(-1),
  });
}

function header(program: Program, version: string | undefined, checks: readonly string[]): string[] {
  const { network, strategy } = program;
  const [first] = network.activations;
  const activations = network.activations.every((a) => a === first) ? first : network.activations.join(", ");
  return [
    `Made by deltarule${version === undefined ? "" : ` ${version}`}: deltarule emit ${sizesText(network)}${optionsText(network)}${strategy === chooseStrategy(network) ? "" : ` --strategy ${strategy}`}`,
    `Activation: ${activations}. Loss: ${network.loss}. Strategy: ${strategy}.`,
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

const documentation: Readonly<Record<string, readonly string[]>> = {
  forward: ["Forward pass: writes the activations of the last layer to `output`."],
  backward: ["Gradient of J by every parameter, written to `gradient` in the layout of θ. Returns J."],
};

function printProcedure(procedure: Procedure, program: Program): Readonly<Record<string, unknown>> {
  const { name, statements, result } = procedure;
  const isPublic = name in documentation;
  const arrays = isPublic ? procedure.arrays : arraysUsed(procedure, program);
  const lines = statements.flatMap((s, i) =>
    printStatement(s, program).slice(s.kind === "comment" && statements[i - 1]?.kind === "comment" ? 1 : 0),
  );
  return {
    name,
    doc: documentation[name] ?? null,
    isPublic,
    parameters: arrays.map((array) => `${array}: Float64Array`).join(", "),
    type: result === null ? "void" : "number",
    lines: result === null ? lines : [...lines, `return ${printValue(result)};`],
  };
}

/** The caller's arrays that a procedure touches, itself or through those it runs. */
function arraysUsed({ arrays, statements }: Procedure, program: Program): readonly string[] {
  const text = statements.flatMap((s) => printStatement(s, program)).join("\n");
  return arrays.filter((array) => new RegExp(`\\b${array}\\b`).test(text));
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
    case "store":
      return [`${statement.array}[${printPosition(statement.at)}] = ${printValue(statement.value)};`];
    case "loop": {
      const { index, start, end, step, body } = statement;
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
      return value.name === "sech"
        ? `1 / Math.cosh(${printValue(value.argument)})`
        : `Math.${value.name}(${printValue(value.argument)})`;
  }
}
