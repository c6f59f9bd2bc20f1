import { variableKey } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import { num, print, substitute, sym, view, type Expr, type Variable } from "../expression/index.ts";
import { lengthOf } from "./dependence.ts";
import { lower, number, type Lowering } from "./lower.ts";
import {
  loop,
  positionsOf,
  valueKey,
  valuesOf,
  visitStatements,
  visitValue,
  type ArrayName,
  type Position,
  type Statement,
  type Value,
} from "./program.ts";
import type { Assignment, GradientTask } from "./task.ts";

/** What the loops of one procedure have in common: names that are used up, scalars that are locals by now. */
export class TopLevel {
  temporaries = 0;
  hoisted = 0;
  readonly scalars = new Set<string>();
}

/** The array that keeps a scalar for other procedures, `muCell`. */
export const arrayOf = (task: GradientTask, variable: Variable, rank: number): ArrayName => {
  const name = task.codeNames.get(variableKey(variable));
  if (name === undefined) throw new Error(`${variableKey(variable)} has no value here`);
  return rank === 0 ? `${name}Cell` : name;
};

/** A loop that is being filled, or what stands in front of all loops. */
interface Scope {
  readonly index: string | null;
  readonly statements: Statement[];
  /** Locals of this scope by what they hold. */
  readonly shared: Map<string, string>;
}

const scopeOf = (index: string | null): Scope => ({ index, statements: [], shared: new Map() });

/**
 * Statements of one loop, or of a scalar. What does not change with an inner index is computed outside of its
 * loop (loop-invariant code motion); which entries are locals by now is known.
 */
export class LoopBody {
  private readonly task: GradientTask;
  private readonly top: TopLevel;
  private readonly scopes: Scope[];
  /** Entries that are locals, by variable and index. */
  private readonly entryLocals = new Map<string, string>();
  /** Depth of the scope in which a local has been defined. */
  private readonly depths = new Map<string, number>();
  private readonly isScalar: boolean;
  private temporaries = 0;
  /** How many conditions stand between the value that is being lowered and the statement it is in. */
  private conditions = 0;
  private readonly lowering: Lowering;

  /** @param outer the index of the loop; null for a scalar, whose statements stand in no loop */
  constructor(task: GradientTask, top: TopLevel, outer: string | null) {
    this.task = task;
    this.top = top;
    this.isScalar = outer === null;
    this.scopes = [scopeOf(null), ...(outer === null ? [] : [scopeOf(outer)])];
    this.lowering = {
      functions: task.model.functions,
      isVariable: (name) => task.codeNames.has(name),
      entry: (variable, indices) => this.entry(variable, indices),
      reduce: (kind, index, count, body) => this.reduce(kind, index, count, body),
      share: (value) => this.share(value),
      branch: (lowerBranch) => this.branch(lowerBranch),
      match: matchOf,
    };
  }

  /** A scalar such as J. */
  scalar({ variable, value, gradientOf }: Assignment, isKept: boolean): readonly Statement[] {
    const key = variableKey(variable);
    const name = this.task.codeNames.get(key) as string;
    const result = lower(value, this.lowering);
    const { statements } = this.scopes[0] as Scope;
    if (gradientOf !== null) return [...statements, this.gradientStore(gradientOf, [], result)];
    this.top.scalars.add(key);
    const cell: Statement = {
      kind: "store",
      array: arrayOf(this.task, variable, 0),
      at: { constant: 0, terms: [] },
      value: { kind: "local", name },
    };
    return [...statements, { kind: "define", name, value: result }, ...(isKept ? [cell] : [])];
  }

  /** The entries of one assignment at the current value of the outer index. */
  entries({ variable, ranges, value, gradientOf }: Assignment, isReadLater: boolean): void {
    const inner = ranges.slice(1);
    const indices = ranges.map(({ index }) => index);
    for (const { index } of inner) this.scopes.push(scopeOf(index));
    const result = lower(value, this.lowering);
    const sizes = ranges.map(({ size }) => wholeNumber(size));
    const array = arrayOf(this.task, variable, ranges.length);
    if (gradientOf !== null) this.emit(this.scopes.length - 1, this.gradientStore(gradientOf, indices, result));
    else if (inner.length > 0)
      this.emit(this.scopes.length - 1, { kind: "store", array, at: positionOf(indices, sizes, 0), value: result });
    else {
      const [outer] = indices as [string];
      const local = `${array}_${outer}`;
      this.entryLocals.set(`${variableKey(variable)}[${outer}]`, local);
      this.define(1, local, result);
      const held: Value = { kind: "local", name: local };
      if (isReadLater) this.emit(1, { kind: "store", array, at: positionOf(indices, sizes, 0), value: held });
    }
    for (const { index, size } of [...inner].reverse()) {
      const { statements } = this.scopes.pop() as Scope;
      this.emit(this.scopes.length - 1, loop(index, wholeNumber(size), statements));
    }
  }

  /** The loop, and what has to be computed before it. */
  finish(count: number): { readonly before: readonly Statement[]; readonly statements: readonly Statement[] } {
    const [before, body] = this.scopes as [Scope, Scope];
    return { before: before.statements, statements: [loop(body.index as string, count, body.statements)] };
  }

  private gradientStore(parameter: Variable, indices: readonly string[], value: Value): Statement {
    const placement = this.task.layout.find((p) => p.name === variableKey(parameter));
    if (placement === undefined) throw new Error(`${variableKey(parameter)} has no place in θ`);
    const at = positionOf(indices, placement.sizes, placement.offset);
    return { kind: "store", array: "gradient", at, value };
  }

  private emit(depth: number, statement: Statement): void {
    (this.scopes[depth] as Scope).statements.push(statement);
  }

  private define(depth: number, name: string, value: Value): void {
    this.depths.set(name, depth);
    this.emit(depth, { kind: "define", name, value });
  }

  /** The next number of a temporary; those of a scalar stand side by side with those of other scalars. */
  private nextNumber(): number {
    return this.isScalar ? (this.top.temporaries += 1) : (this.temporaries += 1);
  }

  /** In front of a loop a temporary has a name that none inside hides. */
  private nameAt(depth: number, letter: string, nth: number): string {
    return depth === 0 && !this.isScalar ? `fixed${(this.top.hoisted += 1)}` : `${letter}${nth}`;
  }

  private entry(variable: Variable, indices: readonly Expr[]): Value {
    const key = variableKey(variable);
    const local = this.entryLocals.get(`${key}[${indices.map(print).join()}]`);
    if (local !== undefined) return { kind: "local", name: local };
    const placement = this.task.layout.find((p) => p.name === key);
    if (placement !== undefined)
      return { kind: "load", array: "theta", at: entryPosition(indices, placement.sizes, placement.offset) };
    const input = this.task.inputs.find((p) => p.key === key);
    if (input !== undefined) return { kind: "load", array: input.name, at: entryPosition(indices, input.sizes, 0) };
    if (indices.length === 0) return this.scalarEntry(variable);
    return {
      kind: "load",
      array: arrayOf(this.task, variable, indices.length),
      at: entryPosition(indices, this.sizesOf(key), 0),
    };
  }

  /** A computed scalar; one that another procedure has computed is fetched once. */
  private scalarEntry(variable: Variable): Value {
    const key = variableKey(variable);
    const array = arrayOf(this.task, variable, 0);
    const name = this.task.codeNames.get(key) as string;
    if (!this.top.scalars.has(key)) {
      this.top.scalars.add(key);
      this.define(0, name, { kind: "load", array, at: { constant: 0, terms: [] } });
    }
    this.depths.set(name, 0);
    return { kind: "local", name };
  }

  private sizesOf(key: string): readonly number[] {
    const { forward, backward } = this.task;
    const found = [...forward, ...backward].find((a) => variableKey(a.variable) === key);
    if (found === undefined) throw new Error(`${key} has no value here`);
    return found.ranges.map(({ size }) => wholeNumber(size));
  }

  private reduce(kind: "sum" | "maximum", index: string, count: number, body: Expr): Value {
    const key = `${kind} ${index} ${count} ${print(body)}`;
    const known = this.findShared(key);
    if (known !== null) return known;
    return kind === "sum" ? this.sum(key, index, count, body) : this.maximum(key, index, count, body);
  }

  private sum(key: string, index: string, count: number, summand: Expr): Value {
    const nth = this.nextNumber();
    const { statements, last } = this.inLoop(index, () => lower(summand, this.lowering));
    const depth = this.depthOf([...statements, { kind: "add", name: "", value: last }]);
    const name = this.nameAt(depth, "s", nth);
    this.accumulate(depth, key, { kind: "accumulator", name, start: number(0) }, [
      loop(index, count, [...statements, { kind: "add", name, value: last }]),
    ]);
    return { kind: "local", name };
  }

  private maximum(key: string, index: string, count: number, body: Expr): Value {
    const nth = this.nextNumber();
    const start = lower(substitute(body, new Map([[index, num(1)]])), this.lowering);
    const { statements, last } = this.inLoop(index, () => this.asLeaf(lower(body, this.lowering)));
    const depth = this.depthOf([
      ...statements,
      ...[start, last].map((value) => ({ kind: "add", name: "", value }) as const),
    ]);
    const name = this.nameAt(depth, "m", nth);
    const raise: Statement = { kind: "raise", name, value: last };
    const rest: Statement = { kind: "loop", index, start: 1, end: count, step: 1, body: [...statements, raise] };
    this.accumulate(depth, key, { kind: "accumulator", name, start }, count === 1 ? [] : [rest]);
    return { kind: "local", name };
  }

  private accumulate(
    depth: number,
    key: string,
    accumulator: Extract<Statement, { kind: "accumulator" }>,
    rest: readonly Statement[],
  ): void {
    this.depths.set(accumulator.name, depth);
    (this.scopes[depth] as Scope).shared.set(key, accumulator.name);
    for (const statement of [accumulator, ...rest]) this.emit(depth, statement);
  }

  /** What is lowered inside a loop over `index`, and the statements that have come to stand there. */
  private inLoop(
    index: string,
    lowerBody: () => Value,
  ): { readonly statements: readonly Statement[]; readonly last: Value } {
    const conditions = this.conditions;
    this.conditions = 0;
    this.scopes.push(scopeOf(index));
    const last = lowerBody();
    const { statements } = this.scopes.pop() as Scope;
    this.conditions = conditions;
    return { statements, last };
  }

  private asLeaf(value: Value): Value {
    if (value.kind === "local" || value.kind === "load") return value;
    return this.shareAt(this.scopes.length - 1, value);
  }

  private branch(lowerBranch: () => Value): Value {
    this.conditions += 1;
    const value = lowerBranch();
    this.conditions -= 1;
    return value;
  }

  /** A local for the value; under a condition, where it may not be wanted, only one that is there already. */
  private share(value: Value): Value {
    if (value.kind === "local") return value;
    const known = this.findShared(valueKey(value));
    if (known !== null) return known;
    return this.conditions > 0 ? value : this.shareAt(this.depthOf([{ kind: "add", name: "", value }]), value);
  }

  private shareAt(depth: number, value: Value): Value {
    const name = this.nameAt(depth, "t", this.nextNumber());
    (this.scopes[depth] as Scope).shared.set(valueKey(value), name);
    this.define(depth, name, value);
    return { kind: "local", name };
  }

  private findShared(key: string): Value | null {
    for (const { shared } of this.scopes) {
      const name = shared.get(key);
      if (name !== undefined) return { kind: "local", name };
    }
    return null;
  }

  /** The outermost scope in which statements can stand: that of the innermost index or local that they use. */
  private depthOf(statements: readonly Statement[]): number {
    let depth = 0;
    const own = new Set<string>();
    const deepest = this.scopes.length - 1;
    visitStatements(statements, (statement) => {
      if (statement.kind === "define" || statement.kind === "accumulator") own.add(statement.name);
      for (const root of valuesOf(statement))
        visitValue(root, (value) => {
          for (const { index } of positionsOf(value).flatMap(({ terms }) => terms))
            depth = Math.max(
              depth,
              this.scopes.findIndex((scope) => scope.index === index),
            );
          if (value.kind === "local" && !own.has(value.name))
            depth = Math.max(depth, Math.min(deepest, this.depths.get(value.name) ?? deepest));
        });
    });
    return depth;
  }
}

/** The offset of an entry as a function of the loop indices, which count from 0. */
function entryPosition(indices: readonly Expr[], sizes: readonly number[], offset: number): Position {
  let constant = offset;
  const scales = new Map<string, number>();
  indices.forEach((index, axis) => {
    const v = view(index);
    const scale = lengthOf(sizes.slice(axis + 1));
    // Of a diagonal x[i, i] both indices are one term.
    if (v.kind === "symbol") scales.set(v.name, (scales.get(v.name) ?? 0) + scale);
    else constant += (wholeNumber(index) - 1) * scale;
  });
  const terms = [...scales].map(([index, scale]) => ({ index, scale }));
  return { constant, terms };
}

const positionOf = (indices: readonly string[], sizes: readonly number[], offset: number): Position =>
  entryPosition(indices.map(sym), sizes, offset);

/** Where the indices are equal: known at once for two numbers, and for one index and itself. */
function matchOf(left: Expr, right: Expr): ReturnType<Lowering["match"]> {
  if (print(left) === print(right)) return true;
  if (view(left).kind === "number" && view(right).kind === "number") return false;
  const [index, other] = view(left).kind === "number" ? [right, left] : [left, right];
  return { left: entryPosition([index], [1], 0), right: entryPosition([other], [1], 0) };
}
