import type { Arithmetic } from "../exact/index.ts";
import {
  procedureOf,
  type ArrayName,
  type Operator,
  type Position,
  type Program,
  type Statement,
  type Value,
} from "./program.ts";

/** The arrays that a procedure reads and writes, by name; scratch arrays are added. */
export type Arrays<T> = Record<ArrayName, T[]>;

/** Runs a procedure of a program in any arithmetic and returns its result, or null where it has none. */
export function execute<T>(
  program: Program,
  procedure: string,
  arrays: Arrays<T>,
  arithmetic: Arithmetic<T>,
): T | null {
  const zero = arithmetic.constant({ numerator: 0n, denominator: 1n });
  for (const { name, length } of program.scratch) arrays[name] = Array.from({ length }, () => zero);
  return new Machine(program, arrays, arithmetic).run(procedure);
}

/** One run: locals and loop indices are of the procedure that is being run. */
class Machine<T> {
  private locals = new Map<string, T>();
  private readonly indices = new Map<string, number>();
  private readonly program: Program;
  private readonly arrays: Arrays<T>;
  private readonly arithmetic: Arithmetic<T>;
  private readonly operators: Readonly<Record<Operator, (a: T, b: T) => T>>;

  constructor(program: Program, arrays: Arrays<T>, arithmetic: Arithmetic<T>) {
    this.program = program;
    this.arrays = arrays;
    this.arithmetic = arithmetic;
    this.operators = {
      "+": arithmetic.add,
      "-": arithmetic.subtract,
      "*": arithmetic.multiply,
      "/": arithmetic.divide,
    };
  }

  run(name: string): T | null {
    const { statements, result } = procedureOf(this.program, name);
    const outer = this.locals;
    this.locals = new Map();
    this.runAll(statements);
    const value = result === null ? null : this.value(result);
    this.locals = outer;
    return value;
  }

  private runAll(statements: readonly Statement[]): void {
    for (const statement of statements) this.step(statement);
  }

  private step(statement: Statement): void {
    switch (statement.kind) {
      case "comment":
        return;
      case "define":
        this.locals.set(statement.name, this.value(statement.value));
        return;
      case "accumulator":
        this.locals.set(statement.name, this.value(statement.start));
        return;
      case "add":
        this.locals.set(statement.name, this.arithmetic.add(this.local(statement.name), this.value(statement.value)));
        return;
      case "raise": {
        const [held, value] = [this.local(statement.name), this.value(statement.value)];
        if (this.arithmetic.isGreater(value, held)) this.locals.set(statement.name, value);
        return;
      }
      case "store": {
        const at = this.offset(statement.at);
        const array = this.array(statement.array);
        if (at < 0 || at >= array.length) throw new Error(`${statement.array}[${at}] is outside the array`);
        const value = this.value(statement.value);
        const { gathers } = statement;
        const isSum = gathers !== undefined && this.indices.get(gathers.over) !== gathers.first;
        array[at] = isSum ? this.arithmetic.add(array[at] as T, value) : value;
        return;
      }
      case "loop":
        for (let i = statement.start; i < statement.end; i += statement.step) {
          this.indices.set(statement.index, i);
          this.runAll(statement.body);
        }
        return;
      case "run":
        this.run(statement.procedure);
    }
  }

  private value(value: Value): T {
    switch (value.kind) {
      case "number":
        return this.arithmetic.constant(value.value);
      case "local":
        return this.local(value.name);
      case "load": {
        const at = this.offset(value.at);
        const found = this.array(value.array)[at];
        if (found === undefined) throw new Error(`${value.array}[${at}] is outside the array`);
        return found;
      }
      case "operation":
        return this.operators[value.operator](this.value(value.left), this.value(value.right));
      case "negate":
        return this.arithmetic.subtract(
          this.arithmetic.constant({ numerator: 0n, denominator: 1n }),
          this.value(value.of),
        );
      case "call":
        return this.arithmetic.apply(value.name, ...value.args.map((argument) => this.value(argument)));
      case "choose":
        return this.value(this.holds(value) ? value.then : value.otherwise);
      case "match":
        return this.offset(value.left) === this.offset(value.right)
          ? this.value(value.then)
          : this.arithmetic.constant({ numerator: 0n, denominator: 1n });
    }
  }

  private holds({ left, relation, right }: Extract<Value, { kind: "choose" }>): boolean {
    const [a, b] = [this.value(left), this.value(right)];
    switch (relation) {
      case ">":
        return this.arithmetic.isGreater(a, b);
      case "<=":
        return !this.arithmetic.isGreater(a, b);
      case "<":
        return this.arithmetic.isGreater(b, a);
      case ">=":
        return !this.arithmetic.isGreater(b, a);
    }
  }

  private local(name: string): T {
    const found = this.locals.get(name);
    if (found === undefined) throw new Error(`the local ${name} has no value`);
    return found;
  }

  private array(name: ArrayName): T[] {
    const found = this.arrays[name];
    if (found === undefined) throw new Error(`no array ${name}`);
    return found;
  }

  private offset({ constant, terms }: Position): number {
    return terms.reduce((at, { index, scale }) => at + scale * (this.indices.get(index) as number), constant);
  }
}
