import { tuples, wholeNumber } from "../exact/index.ts";
import { variableKey, type Range } from "../equations/index.ts";
import { num, renameApart, substitute, type Expr, type Variable } from "../expression/index.ts";
import { atomsIn, chooseLooped, withOwnConstants } from "./looped.ts";
import { loops } from "./loops.ts";
import { greater, lower, plus, type Lowering } from "./lower.ts";
import {
  mapParts,
  partsOf,
  shallowKey,
  valuesOf,
  visitStatements,
  visitValue,
  type ArrayName,
  type Position,
  type Statement,
  type Value,
} from "./program.ts";
import { mapStatement } from "./rewrite.ts";
import type { Assignment, GradientTask } from "./task.ts";

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
 * @param result the local that the procedure returns
 */
export function unroll(
  task: GradientTask,
  assignments: readonly Assignment[],
  outputs: (assignment: Assignment, offset: number) => { readonly array: ArrayName; readonly at: number } | null,
  result: string | null = null,
): readonly Statement[] {
  const builder = new Builder(task);
  const looped = chooseLooped(task, assignments);
  const readInLoops = new Set([...looped].flatMap(({ value }) => atomsIn(value).map(({ key }) => key)));
  for (const assignment of assignments) {
    const { ranges, variable } = assignment;
    const key = variableKey(variable);
    if (looped.has(assignment)) {
      builder.loop(assignment).forEach((entry, offset) => {
        const target = outputs(assignment, offset);
        if (target !== null) builder.store(target.array, target.at, entry);
      });
      continue;
    }
    // A sum may bind the name of an index of the equation.
    const value = renameApart(assignment.value, new Set(ranges.map(({ index }) => index)));
    builder.comment(assignment.comment);
    tuples(ranges.map(({ size }) => wholeNumber(size))).forEach((tuple, offset) => {
      const at = new Map(ranges.map(({ index }, i) => [index, num(tuple[i] as number)]));
      const result = builder.lower(substitute(value, at));
      const target = outputs(assignment, offset);
      if (assignment.gradientOf === null) builder.define(builder.nameOf(variable, tuple), result);
      // At once: a value that waited for the others would not stay in a register.
      if (readInLoops.has(key)) builder.store(task.codeNames.get(key) as string, offset, result);
      if (target !== null) builder.store(target.array, target.at, result);
    });
  }
  return withoutUnread(nameShared(builder.statements), result);
}

/** Entries that nothing is computed from, such as those of steps that the output does not use, are left out. */
function withoutUnread(statements: readonly Statement[], result: string | null): readonly Statement[] {
  const read = new Set(result === null ? [] : [result]);
  return [...statements]
    .reverse()
    .filter((statement) => {
      if (statement.kind === "define" && !read.has(statement.name)) return false;
      visitStatements([statement], (s) => {
        for (const root of valuesOf(s)) visitValue(root, (value) => value.kind === "local" && read.add(value.name));
      });
      return true;
    })
    .reverse();
}

/** Interns values while it lowers. Entries of known variables are their locals; those of θ, x and y are loaded once. */
class Builder {
  readonly statements: Statement[] = [];
  private readonly interned = new Map<string, Value>();
  private readonly keys = new Map<Value, string>();
  private readonly defined = new Set<string>();
  private readonly lowering: Lowering;
  private readonly task: GradientTask;
  private readonly inputs: ReadonlySet<string>;

  constructor(task: GradientTask) {
    this.task = task;
    this.inputs = new Set(task.inputs.map(({ key }) => key));
    this.lowering = {
      functions: task.model.functions,
      isVariable: (name) => task.codeNames.has(name),
      entry: (variable, indices) => this.entry(variable, indices.map(wholeNumber)),
      reduce: (kind, index, count, body) => this.reduce(kind, index, count, body),
      share: (value) => value,
      branch: (lower) => lower(),
      match: (left, right) => wholeNumber(left) === wholeNumber(right),
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

  /** The entries of a vector by a loop: what they are computed from has been stored in arrays, and so are they. */
  loop(assignment: Assignment): readonly Value[] {
    const { ranges, variable } = assignment;
    const [{ index, size }] = ranges as [Range];
    const places = Array.from({ length: wholeNumber(size) }, (_, at) => at);
    const array = this.task.codeNames.get(variableKey(variable)) as string;
    const isOutside = (name: string): boolean => name.endsWith(`_${array}`);
    const inLoop = (name: string): string =>
      name.endsWith(`_${index}`) || isOutside(name) ? name : `${name}_${index}`;
    const leaf = (v: Value): Value => (v.kind === "local" ? { ...v, name: inLoop(v.name) } : v);
    const statements = loops(this.task, [assignment], new Set([variableKey(variable)]), false);
    this.statements.push(...withOwnConstants(statements, array).map((s) => mapStatement(s, { name: inLoop, leaf })));
    return places.map((at) => {
      const name = this.nameOf(variable, [at + 1]);
      this.define(name, { kind: "load", array, at: fixedAt(at) });
      return { kind: "local", name };
    });
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

  /** The local of an entry. A scalar that the caller gives has an array of the variable's own name. */
  nameOf(variable: Variable, tuple: readonly number[]): string {
    const key = variableKey(variable);
    const name = this.task.codeNames.get(key);
    if (name === undefined) throw new Error(`${key} has no value here`);
    return [name, ...(tuple.length === 0 && this.inputs.has(key) ? [0] : tuple)].join("_");
  }

  private entry(variable: Variable, tuple: readonly number[]): Value {
    const name = this.nameOf(variable, tuple);
    if (!this.defined.has(name)) {
      const { array, at } = this.place(variableKey(variable), tuple);
      this.define(name, { kind: "load", array, at: fixedAt(at) });
    }
    return { kind: "local", name };
  }

  private place(key: string, tuple: readonly number[]): { readonly array: ArrayName; readonly at: number } {
    const offsetIn = (sizes: readonly number[]): number =>
      sizes.reduce((at, size, axis) => at * size + (tuple[axis] as number) - 1, 0);
    const input = this.task.inputs.find((place) => place.key === key);
    if (input !== undefined) return { array: input.name, at: offsetIn(input.sizes) };
    const placement = this.task.layout.find((p) => p.name === key);
    if (placement === undefined) throw new Error(`${key} is used before it is computed`);
    return { array: "theta", at: placement.offset + offsetIn(placement.sizes) };
  }

  private reduce(kind: "sum" | "maximum", index: string, count: number, body: Expr): Value {
    const terms = Array.from({ length: count }, (_, i) =>
      lower(substitute(body, new Map([[index, num(i + 1)]])), this.lowering),
    );
    // Interned at each step: the tree that two uses of every step make is of size 2ⁿ.
    if (kind === "maximum") return terms.map((term) => this.intern(term)).reduce((a, b) => this.intern(greater(a, b)));
    const pieces: Value[] = [];
    for (let i = 0; i < terms.length; i += longestSum) pieces.push(terms.slice(i, i + longestSum).reduce(plus));
    if (pieces.length === 1) return pieces[0] as Value;
    const named = pieces.map((piece): Value => {
      const name = `s${this.defined.size + 1}`;
      this.define(name, this.intern(piece));
      return { kind: "local", name };
    });
    return named.reduce(plus);
  }

  /** The one object that stands for all values of this form. */
  private intern(value: Value): Value {
    if (this.keys.has(value)) return value;
    const parts = mapParts(value, (part) => this.intern(part));
    const key = shallowKey(parts, (part) => this.keys.get(part) as string);
    const known = this.interned.get(key);
    if (known !== undefined) return known;
    this.interned.set(key, parts);
    this.keys.set(parts, `#${this.keys.size}`);
    return parts;
  }
}

/** Gives a name to every interned operation that is used more than once: its own, where a statement defines it, else t1, t2, … */
function nameShared(statements: readonly Statement[]): readonly Statement[] {
  const uses = new Map<Value, number>();
  const count = (value: Value): void => {
    const seen = uses.get(value) ?? 0;
    uses.set(value, seen + 1);
    if (seen === 0) partsOf(value).forEach(count);
  };
  statements.flatMap(valuesOf).forEach(count);
  const names = new Map<Value, string>();
  let temporaries = 0;
  const result: Statement[] = [];
  const resolve = (value: Value, isRoot: boolean): Value => {
    const name = names.get(value);
    if (name !== undefined) return { kind: "local", name };
    const inner = mapParts(value, (part) => resolve(part, false));
    const isLeaf =
      value.kind === "local" || value.kind === "number" || (value.kind === "call" && value.args.length === 0);
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
