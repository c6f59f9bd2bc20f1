import { isConstant, toNumber, type Constant } from "../expression/index.ts";
import {
  procedureOf,
  valueKey,
  valuesOf,
  visitStatements,
  visitValue,
  type ArrayName,
  type Procedure,
  type Program,
  type Statement,
  type Value,
} from "../program/index.ts";
import { Access, type Door } from "./access.ts";
import { nameOfFunction } from "./own-functions.ts";

/** The caller's arrays that a procedure touches, itself or through those it runs. */
export function arraysUsed({ arrays, statements, result }: Procedure, program: Program): readonly ArrayName[] {
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

/** The body of a procedure's function, whose arrays are the door's or else its arguments. */
export function printBody(procedure: Procedure, program: Program, door: Door): readonly string[] {
  const access = new Access(procedure, door);
  const code = new Code(program, door, access);
  const { statements, result } = procedure;
  const lines = statements.flatMap((statement, i) => {
    access.enter(statement);
    const isListed = statement.kind === "comment" && statements[i - 1]?.kind === "comment";
    return code.statement(statement).slice(isListed ? 1 : 0);
  });
  access.leave();
  const aliases = [...access.aliases].map(([alias, name]) => `const ${alias} = ${name};`);
  return [...aliases, ...lines, ...(result === null ? [] : [`return ${code.value(result)};`])];
}

/** What code for a block of samples calls their number. */
export const samplesName = "samples";

const strengths = { "+": 1, "-": 1, "*": 2, "/": 2 } as const;

const strengthOf = (value: Value): number => {
  if (value.kind === "operation") return strengths[value.operator];
  if (value.kind === "choose" || value.kind === "match") return 0;
  if (value.kind === "call" && value.name === "sech") return strengths["/"];
  const isNegative = value.kind === "negate" || (value.kind === "number" && value.value.numerator < 0n);
  return isNegative ? 3 : 4;
};

/** Statements and values of one procedure as TypeScript. */
class Code {
  private readonly program: Program;
  private readonly door: Door;
  private readonly access: Access;

  constructor(program: Program, door: Door, access: Access) {
    this.program = program;
    this.door = door;
    this.access = access;
  }

  statement(statement: Statement): string[] {
    switch (statement.kind) {
      case "comment":
        return ["", `// ${statement.text}`];
      case "define":
        return [`const ${statement.name} = ${this.value(statement.value)};`];
      case "accumulator":
        return [`let ${statement.name} = ${this.value(statement.start)};`];
      case "add":
        return [`${statement.name} += ${this.value(statement.value)};`];
      case "raise":
        return [
          `if (${this.value(statement.value)} > ${statement.name}) ${statement.name} = ${this.value(statement.value)};`,
        ];
      case "store":
        if (statement.gathers !== undefined) throw new Error(`no schedule has settled how ${statement.array} gathers`);
        return [this.store(statement)];
      case "loop": {
        const { index, start, end, step, perSample, body } = statement;
        const lines = this.access.within(statement, () => body.flatMap((s) => this.statement(s)));
        // The type keeps TypeScript from objecting to a comparison of numbers that it knows.
        if (perSample === undefined && start + step >= end)
          return ["{", `const ${index}: number = ${start};`, ...lines, "}"];
        if (perSample !== undefined) {
          const turns = perSample === 1 ? samplesName : `${perSample} * ${samplesName}`;
          return [`for (let ${index} = ${start}; ${index} < ${turns}; ${index}++) {`, ...lines, "}"];
        }
        const next = step === 1 ? `${index}++` : `${index} += ${step}`;
        return [`for (let ${index} = ${start}; ${index} < ${end}; ${next}) {`, ...lines, "}"];
      }
      case "run": {
        const callee = procedureOf(this.program, statement.procedure);
        const given = arraysUsed(callee, this.program).filter((array) => !this.door.memory.has(array));
        return [`${callee.name}${this.door.suffix}(${given.join(", ")});`];
      }
    }
  }

  private store({ array, at, value }: Extract<Statement, { kind: "store" }>): string {
    const entry = this.access.entry(array, at);
    const isGrowing = value.kind === "operation" && value.operator === "+" && value.left.kind === "load";
    if (isGrowing && valueKey(value.left) === valueKey({ kind: "load", array, at }))
      return `${entry}! += ${this.value(value.right)};`;
    return `${entry} = ${this.value(value)};`;
  }

  /** The order of operations is kept to the last bit: a right operand as strong as its operator is parenthesised. */
  value(value: Value): string {
    switch (value.kind) {
      case "number":
        return String(toNumber(value.value));
      case "local":
        return value.name;
      case "load":
        return `${this.access.entry(value.array, value.at)}!`;
      case "operation": {
        const least = strengths[value.operator];
        return `${this.within(value.left, least)} ${value.operator} ${this.within(value.right, strengthOf(value.right) === 3 ? 4 : least + 1)}`;
      }
      case "negate":
        return `-${this.within(value.of, 4)}`;
      case "call":
        return this.call(value.name, value.args);
      case "choose":
        return `${this.within(value.left, 1)} ${value.relation} ${this.within(value.right, 1)} ? ${this.within(value.then, 1)} : ${this.within(value.otherwise, 1)}`;
      case "match":
        return `${this.access.index(value.left)} === ${this.access.index(value.right)} ? ${this.within(value.then, 1)} : 0`;
    }
  }

  private within(part: Value, least: number): string {
    return strengthOf(part) < least ? `(${this.value(part)})` : this.value(part);
  }

  private call(name: string, args: readonly Value[]): string {
    const list = args.map((argument) => this.value(argument)).join(", ");
    if (isConstant(name)) return constantsInCode[name];
    return name === "sech" ? `1 / Math.cosh(${list})` : `${nameOfFunction(name, this.program.exp)}(${list})`;
  }
}

const constantsInCode = { pi: "Math.PI" } satisfies Record<Constant, string>;
