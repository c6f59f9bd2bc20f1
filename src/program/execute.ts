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
  return new Machine(program, arrays, arithmetic, zero).procedure(procedure)();
}

/** Makes closures of procedures, which loops then run without looking at their trees again. */
class Machine<T> {
  private locals = new Frame<T>();
  private readonly indices = new Frame<number>();
  private readonly program: Program;
  private readonly arrays: Arrays<T>;
  private readonly arithmetic: Arithmetic<T>;
  private readonly zero: T;
  private readonly operators: Readonly<Record<Operator, (a: T, b: T) => T>>;

  constructor(program: Program, arrays: Arrays<T>, arithmetic: Arithmetic<T>, zero: T) {
    this.program = program;
    this.arrays = arrays;
    this.arithmetic = arithmetic;
    this.zero = zero;
    this.operators = {
      "+": arithmetic.add,
      "-": arithmetic.subtract,
      "*": arithmetic.multiply,
      "/": arithmetic.divide,
    };
  }

  /** Locals are of the procedure that is being run; none runs itself. */
  procedure(name: string): () => T | null {
    const { statements, result } = procedureOf(this.program, name);
    const outer = this.locals;
    this.locals = new Frame();
    const run = this.all(statements);
    const value = result === null ? (): null => null : this.value(result);
    this.locals = outer;
    return () => {
      run();
      return value();
    };
  }

  private all(statements: readonly Statement[]): () => void {
    const steps = statements.filter(({ kind }) => kind !== "comment").map((statement) => this.step(statement));
    return () => {
      for (let i = 0; i < steps.length; i++) (steps[i] as () => void)();
    };
  }

  private step(statement: Statement): () => void {
    switch (statement.kind) {
      case "comment":
        return () => undefined;
      case "define":
        return this.assign(statement.name, this.value(statement.value));
      case "accumulator":
        return this.assign(statement.name, this.value(statement.start));
      case "add": {
        const [held, value] = [this.local(statement.name), this.value(statement.value)];
        const { add } = this.arithmetic;
        return this.assign(statement.name, () => add(held(), value()));
      }
      case "raise": {
        const [held, value] = [this.local(statement.name), this.value(statement.value)];
        const { isGreater } = this.arithmetic;
        return this.assign(statement.name, () => {
          const [old, raised] = [held(), value()];
          return isGreater(raised, old) ? raised : old;
        });
      }
      case "store":
        return this.store(statement);
      case "loop":
        return this.loop(statement);
      case "run":
        return this.procedure(statement.procedure);
    }
  }

  private assign(name: string, value: () => T): () => void {
    const slot = this.locals.slot(name);
    const { values } = this.locals;
    return () => {
      values[slot] = value();
    };
  }

  private store({ array: name, at, value, gathers }: Extract<Statement, { kind: "store" }>): () => void {
    const [array, offset, run] = [this.array(name), this.offset(at), this.value(value)];
    const [turn, turns] = [this.indices.slot(gathers?.over ?? ""), this.indices.values];
    const { add } = this.arithmetic;
    return () => {
      const at = offset();
      if (at < 0 || at >= array.length) throw new Error(`${name}[${at}] is outside the array`);
      const found = run();
      const isSum = gathers !== undefined && turns[turn] !== gathers.first;
      array[at] = isSum ? add(array[at] as T, found) : found;
    };
  }

  private loop({ index, start, end, step, body }: Extract<Statement, { kind: "loop" }>): () => void {
    const slot = this.indices.slot(index);
    const { values } = this.indices;
    const run = this.all(body);
    return () => {
      for (let i = start; i < end; i += step) {
        values[slot] = i;
        run();
      }
    };
  }

  private value(value: Value): () => T {
    switch (value.kind) {
      case "number": {
        const constant = this.arithmetic.constant(value.value);
        return () => constant;
      }
      case "local":
        return this.local(value.name);
      case "load": {
        const [array, offset] = [this.array(value.array), this.offset(value.at)];
        return () => {
          const at = offset();
          const found = array[at];
          if (found === undefined) throw new Error(`${value.array}[${at}] is outside the array`);
          return found;
        };
      }
      case "operation": {
        const [operate, left, right] = [
          this.operators[value.operator],
          this.value(value.left),
          this.value(value.right),
        ];
        return () => operate(left(), right());
      }
      case "negate": {
        const [{ subtract }, zero, of] = [this.arithmetic, this.zero, this.value(value.of)];
        return () => subtract(zero, of());
      }
      case "call":
        return this.call(value);
      case "choose": {
        const [holds, then, otherwise] = [this.holds(value), this.value(value.then), this.value(value.otherwise)];
        return () => (holds() ? then() : otherwise());
      }
      case "match": {
        const [left, right] = [this.offset(value.left), this.offset(value.right)];
        const [then, zero] = [this.value(value.then), this.zero];
        return () => (left() === right() ? then() : zero);
      }
    }
  }

  private call({ name, args }: Extract<Value, { kind: "call" }>): () => T {
    const { apply } = this.arithmetic;
    const runs = args.map((argument) => this.value(argument));
    const [first] = runs;
    if (first !== undefined && runs.length === 1) return () => apply(name, first());
    return () => apply(name, ...runs.map((run) => run()));
  }

  private holds({ left, relation, right }: Extract<Value, { kind: "choose" }>): () => boolean {
    const [a, b] = [this.value(left), this.value(right)];
    const { isGreater } = this.arithmetic;
    const compare = {
      ">": (x: T, y: T) => isGreater(x, y),
      "<=": (x: T, y: T) => !isGreater(x, y),
      "<": (x: T, y: T) => isGreater(y, x),
      ">=": (x: T, y: T) => !isGreater(y, x),
    }[relation];
    return () => compare(a(), b());
  }

  private local(name: string): () => T {
    const slot = this.locals.slot(name);
    const { values } = this.locals;
    return () => {
      const found = values[slot];
      if (found === undefined) throw new Error(`the local ${name} has no value`);
      return found;
    };
  }

  private array(name: ArrayName): T[] {
    const found = this.arrays[name];
    if (found === undefined) throw new Error(`no array ${name}`);
    return found;
  }

  private offset({ constant, terms }: Position): () => number {
    const { values } = this.indices;
    const [first, second, ...rest] = terms.map(({ index, scale }) => ({ slot: this.indices.slot(index), scale }));
    if (first === undefined) return () => constant;
    const one = (): number => constant + first.scale * (values[first.slot] as number);
    if (second === undefined) return one;
    const two = (): number => one() + second.scale * (values[second.slot] as number);
    if (rest.length === 0) return two;
    return () => rest.reduce((at, { slot, scale }) => at + scale * (values[slot] as number), two());
  }
}

/** Values by name, each in a place of its own. */
class Frame<T> {
  readonly values: (T | undefined)[] = [];
  private readonly slots = new Map<string, number>();

  slot(name: string): number {
    const known = this.slots.get(name);
    if (known !== undefined) return known;
    this.slots.set(name, this.values.length);
    return this.values.push(undefined) - 1;
  }
}
