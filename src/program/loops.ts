import { variableKey } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import { children, print, substitute, sym, view, type Expr, type Variable } from "../expression/index.ts";
import type { Assignment, GradientEquations } from "./gradient-equations.ts";
import { codeName, lower, number, type Lowering } from "./lower.ts";
import {
  loop,
  valueKey,
  type ArrayName,
  type Placement,
  type Position,
  type Statement,
  type Value,
} from "./program.ts";
import { tileLoops } from "./tile.ts";

/**
 * Loops with literal bounds. Neighbouring equations over the same first index share one loop where each needs
 * of the others only the entry at hand; such an entry is a local, and goes to a scratch array only where a
 * later loop reads it.
 *
 * @param kept variables that must be in their arrays afterwards, whoever reads them
 */
export function loops(
  equations: GradientEquations,
  assignments: readonly Assignment[],
  kept: ReadonlySet<string>,
): readonly Statement[] {
  const groups = fuse(assignments);
  return groups.flatMap((group, at) => {
    const later = new Set(
      groups
        .slice(at + 1)
        .flat()
        .flatMap((a) => [...variablesIn(a.value)]),
    );
    return loopOver(equations, group, new Set([...later, ...kept]));
  });
}

function fuse(assignments: readonly Assignment[]): readonly (readonly Assignment[])[] {
  const groups: Assignment[][] = [];
  for (const assignment of assignments) {
    const group = groups.at(-1);
    if (group !== undefined && fits(assignment, group)) group.push(assignment);
    else groups.push([assignment]);
  }
  return groups;
}

function fits(assignment: Assignment, group: readonly Assignment[]): boolean {
  const [outer] = assignment.ranges;
  const [first] = group[0]?.ranges ?? [];
  if (outer === undefined || first === undefined || print(outer.size) !== print(first.size)) return false;
  const inside = new Set(group.map((a) => variableKey(a.variable)));
  return readsOnlyAt(assignment.value, inside, outer.index);
}

/** Is every entry of `variables` in the expression the one at the loop's own index? */
function readsOnlyAt(expr: Expr, variables: ReadonlySet<string>, index: string): boolean {
  const v = view(expr);
  if (v.kind === "atom" && variables.has(variableKey(v.variable)))
    return v.indices.length === 1 && print(v.indices[0] as Expr) === index;
  return children(expr).every((child) => readsOnlyAt(child, variables, index));
}

/** Keys of the variables whose entries an expression reads. */
export function variablesIn(expr: Expr): ReadonlySet<string> {
  const v = view(expr);
  const own = v.kind === "atom" ? [variableKey(v.variable)] : [];
  return new Set([...own, ...children(expr).flatMap((child) => [...variablesIn(child)])]);
}

function loopOver(
  equations: GradientEquations,
  group: readonly Assignment[],
  readLater: ReadonlySet<string>,
): readonly Statement[] {
  const comments = group.map((a): Statement => ({ kind: "comment", text: a.comment }));
  const [first] = group as [Assignment];
  const [outer] = first.ranges;
  const body = new LoopBody(equations);
  if (outer === undefined) return [...comments, ...body.scalar(first)];
  const statements = group.flatMap((assignment) => {
    const own = assignment.ranges[0]?.index ?? outer.index;
    // One index name for the whole group; the others are of loops inside.
    const renamed = { ...assignment, value: substitute(assignment.value, new Map([[own, sym(outer.index)]])) };
    return body.entries(renamed, outer.index, readLater.has(variableKey(assignment.variable)));
  });
  return [...comments, ...tileLoops([loop(outer.index, wholeNumber(outer.size), statements)])];
}

/** Statements of one loop body; knows which entries are locals by now. */
class LoopBody {
  private readonly equations: GradientEquations;
  private readonly locals = new Map<string, string>();
  private pending: Statement[] = [];
  private accumulators = 0;
  /** Locals of this body by what they hold; a loop inside has its own. */
  private readonly shared = new Map<string, string>();
  private depth = 0;

  constructor(equations: GradientEquations) {
    this.equations = equations;
  }

  /** A scalar such as J. */
  scalar({ variable, value }: Assignment): readonly Statement[] {
    const result = lower(value, this.lowering());
    return [...this.flush(), { kind: "define", name: codeName(variable), value: result }];
  }

  /** The entries of one assignment at the current value of the outer index. */
  entries(
    { variable, ranges, value, gradientOf }: Assignment,
    outer: string,
    isReadLater: boolean,
  ): readonly Statement[] {
    const name = codeName(variable);
    const inner = ranges.slice(1);
    const target =
      gradientOf === null
        ? { array: name, placement: null }
        : { array: "gradient", placement: this.placementOf(variableKey(gradientOf)) };
    const indices = [sym(outer), ...inner.map(({ index }) => sym(index))];
    const at = position(
      indices,
      target.placement,
      ranges.map(({ size }) => wholeNumber(size)),
    );
    const result = lower(value, this.lowering());
    if (inner.length > 0) {
      const store: Statement = { kind: "store", array: target.array, at, value: result };
      return [
        ...this.flush(),
        inner.reduceRight<Statement>((body, { index, size }) => loop(index, wholeNumber(size), [body]), store),
      ];
    }
    if (gradientOf !== null) return [...this.flush(), { kind: "store", array: target.array, at, value: result }];
    const local = `${name}_${outer}`;
    this.locals.set(`${variableKey(variable)}[${outer}]`, local);
    const define: Statement = { kind: "define", name: local, value: result };
    const store: Statement = { kind: "store", array: name, at, value: { kind: "local", name: local } };
    return [...this.flush(), define, ...(isReadLater ? [store] : [])];
  }

  private flush(): readonly Statement[] {
    const statements = this.pending;
    this.pending = [];
    return statements;
  }

  private placementOf(name: string): Placement {
    const found = this.equations.layout.find((p) => p.name === name);
    if (found === undefined) throw new Error(`${name} has no place in θ`);
    return found;
  }

  private lowering(): Lowering {
    return {
      functions: this.equations.functions,
      entry: (variable, indices) => this.entry(variable, indices),
      sum: (index, count, body) => this.sum(index, count, body),
      share: (value) => this.share(value),
    };
  }

  private entry(variable: Variable, indices: readonly Expr[]): Value {
    const key = variableKey(variable);
    const local = this.locals.get(`${key}[${indices.map(print).join()}]`);
    if (local !== undefined) return { kind: "local", name: local };
    const placement = this.equations.layout.find((p) => p.name === key) ?? null;
    const array: ArrayName = placement === null ? codeName(variable) : "theta";
    const sizes = placement === null ? [0] : [placement.rows, placement.columns].slice(0, indices.length);
    return { kind: "load", array, at: position(indices, placement, sizes) };
  }

  private sum(index: string, count: number, summand: Expr): Value {
    const outerPending = this.pending;
    this.pending = [];
    this.accumulators += 1;
    const name = `s${this.accumulators}`;
    this.depth += 1;
    const term = lower(summand, this.lowering());
    this.depth -= 1;
    const body = [...this.flush(), { kind: "add", name, value: term } as const];
    this.pending = [...outerPending, { kind: "accumulator", name, start: number(0) }, loop(index, count, body)];
    return { kind: "local", name };
  }

  private share(value: Value): Value {
    if (value.kind === "local") return value;
    const key = this.depth === 0 ? valueKey(value) : null;
    const known = key === null ? undefined : this.shared.get(key);
    if (known !== undefined) return { kind: "local", name: known };
    this.accumulators += 1;
    const name = `t${this.accumulators}`;
    if (key !== null) this.shared.set(key, name);
    this.pending.push({ kind: "define", name, value });
    return { kind: "local", name };
  }
}

/** The offset of an entry as a function of the loop indices, which count from 0. */
function position(indices: readonly Expr[], placement: Placement | null, sizes: readonly number[]): Position {
  const strides = sizes.map((_, i) => sizes.slice(i + 1).reduce((a, b) => a * b, 1));
  let constant = placement?.offset ?? 0;
  const terms: { index: string; scale: number }[] = [];
  indices.forEach((index, i) => {
    const v = view(index);
    const scale = strides[i] ?? 1;
    if (v.kind === "symbol") terms.push({ index: v.name, scale });
    else constant += (wholeNumber(index) - 1) * scale;
  });
  return { constant, terms };
}
