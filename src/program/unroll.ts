import { tuples, wholeNumber } from "../exact/index.ts";
import { num, substitute, type Expr, type Variable } from "../expression/index.ts";
import type { Assignment, GradientEquations } from "./gradient-equations.ts";
import { codeName, lower, operation, type Lowering } from "./lower.ts";
import { mapParts, valuesOf, type ArrayName, type Position, type Statement, type Value } from "./program.ts";

/** Longer sums are cut into pieces of this many terms: compilers and formatters recurse into an expression. */
const longestSum = 256;

const fixedAt = (constant: number): Position => ({ constant, terms: [] });

/**
 * Straight-line code: every equation at every value of its indices, in order. Equal subexpressions are one
 * object, so that what is used twice is seen and becomes a local (hash-consing; common-subexpression
 * elimination).
 *
 * @param assignments what to compute
 * @param outputs array and position at which an entry has to be stored, or null
 */
export function unroll(
  equations: GradientEquations,
  assignments: readonly Assignment[],
  outputs: (assignment: Assignment, offset: number) => { readonly array: ArrayName; readonly at: number } | null,
): readonly Statement[] {
  const builder = new Builder(equations);
  for (const assignment of assignments) {
    const { ranges, value, variable } = assignment;
    builder.comment(assignment.comment);
    tuples(ranges.map(({ size }) => wholeNumber(size))).forEach((tuple, offset) => {
      const at = new Map(ranges.map(({ index }, i) => [index, num(tuple[i] as number)]));
      const result = builder.lower(substitute(value, at));
      const target = outputs(assignment, offset);
      if (assignment.gradientOf === null) builder.define([codeName(variable), ...tuple].join("_"), result);
      if (target !== null) builder.store(target.array, target.at, result);
    });
  }
  return nameShared(builder.statements);
}

/** Interns values while it lowers. Entries of known variables are their locals; those of θ, x and y are loaded once. */
class Builder {
  readonly statements: Statement[] = [];
  private readonly interned = new Map<string, Value>();
  private readonly keys = new Map<Value, string>();
  private readonly defined = new Set<string>();
  private readonly lowering: Lowering;
  private readonly equations: GradientEquations;

  constructor(equations: GradientEquations) {
    this.equations = equations;
    this.lowering = {
      functions: equations.functions,
      entry: (variable, indices) => this.entry(variable, indices.map(wholeNumber)),
      sum: (index, count, body) => this.sum(index, count, body),
      share: (value) => value,
    };
  }

  comment(text: string): void {
    this.statements.push({ kind: "comment", text });
  }

  lower(expr: Expr): Value {
    return this.intern(lower(expr, this.lowering));
  }

  define(name: string, value: Value): void {
    this.defined.add(name);
    this.statements.push({ kind: "define", name, value });
  }

  store(array: ArrayName, at: number, value: Value): void {
    const last = this.statements.at(-1);
    const isJustDefined = last?.kind === "define" && last.value === value;
    this.statements.push({
      kind: "store",
      array,
      at: fixedAt(at),
      value: isJustDefined ? { kind: "local", name: last.name } : value,
    });
  }

  private entry(variable: Variable, tuple: readonly number[]): Value {
    const name = [codeName(variable), ...tuple].join("_");
    if (!this.defined.has(name)) {
      const { array, at } = this.place(variable, tuple);
      this.define(name, { kind: "load", array, at: fixedAt(at) });
    }
    return { kind: "local", name };
  }

  private place({ family }: Variable, tuple: readonly number[]): { readonly array: ArrayName; readonly at: number } {
    const [row = 1, column = 1] = tuple;
    if (family === "x" || family === "y") return { array: family, at: row - 1 };
    const placement = this.equations.layout.find((p) => p.name === family);
    if (placement === undefined) throw new Error(`${family} is used before it is computed`);
    return { array: "theta", at: placement.offset + (row - 1) * placement.columns + column - 1 };
  }

  private sum(index: string, count: number, body: Expr): Value {
    const terms = Array.from({ length: count }, (_, i) =>
      lower(substitute(body, new Map([[index, num(i + 1)]])), this.lowering),
    );
    const pieces: Value[] = [];
    for (let i = 0; i < terms.length; i += longestSum)
      pieces.push(terms.slice(i, i + longestSum).reduce((a, b) => operation("+", a, b)));
    if (pieces.length === 1) return pieces[0] as Value;
    const named = pieces.map((piece): Value => {
      const name = `s${this.defined.size + 1}`;
      this.define(name, this.intern(piece));
      return { kind: "local", name };
    });
    return named.reduce((a, b) => operation("+", a, b));
  }

  /** The one object that stands for all values of this form. */
  private intern(value: Value): Value {
    const parts = mapParts(value, (part) => this.intern(part));
    const key = this.keyOf(parts);
    const known = this.interned.get(key);
    if (known !== undefined) return known;
    this.interned.set(key, parts);
    this.keys.set(parts, String(this.keys.size));
    return parts;
  }

  private keyOf(value: Value): string {
    const id = (part: Value): string => this.keys.get(part) as string;
    switch (value.kind) {
      case "number":
        return `${value.value.numerator}/${value.value.denominator}`;
      case "local":
        return value.name;
      case "load":
        return `${value.array}[${value.at.constant}]`;
      case "operation":
        return `${id(value.left)} ${value.operator} ${id(value.right)}`;
      case "negate":
        return `-${id(value.of)}`;
      case "call":
        return `${value.name}(${id(value.argument)})`;
    }
  }
}

/** Gives a name to every interned operation that is used more than once: its own, where a statement defines it, else t1, t2, … */
function nameShared(statements: readonly Statement[]): readonly Statement[] {
  const uses = new Map<Value, number>();
  const count = (value: Value): void => {
    const seen = uses.get(value) ?? 0;
    uses.set(value, seen + 1);
    if (seen > 0) return;
    if (value.kind === "operation") [value.left, value.right].forEach(count);
    if (value.kind === "negate") count(value.of);
    if (value.kind === "call") count(value.argument);
  };
  statements.flatMap(valuesOf).forEach(count);
  const names = new Map<Value, string>();
  let temporaries = 0;
  const result: Statement[] = [];
  const resolve = (value: Value, isRoot: boolean): Value => {
    const name = names.get(value);
    if (name !== undefined) return { kind: "local", name };
    const inner = mapParts(value, (part) => resolve(part, false));
    const isLeaf = value.kind === "local" || value.kind === "number";
    if (isRoot || isLeaf || (uses.get(value) ?? 0) < 2) return inner;
    temporaries += 1;
    const fresh = `t${temporaries}`;
    names.set(value, fresh);
    result.push({ kind: "define", name: fresh, value: inner });
    return { kind: "local", name: fresh };
  };
  for (const statement of statements) {
    if (statement.kind === "define") {
      const value = resolve(statement.value, true);
      if (value.kind !== "number" && statement.value.kind !== "local") names.set(statement.value, statement.name);
      result.push({ ...statement, value });
    } else if (statement.kind === "store") {
      result.push({ ...statement, value: resolve(statement.value, true) });
    } else result.push(statement);
  }
  return result;
}
