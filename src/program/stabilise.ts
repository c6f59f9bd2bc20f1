import { variableKey, type ScalarFunction } from "../equations/index.ts";
import {
  children,
  isBinder,
  print,
  some,
  substitute,
  transform,
  view,
  withChildren,
  type Expr,
} from "../expression/index.ts";
import { liftSums } from "./stabilise-lift.ts";
import { agree, type Method, type Scope } from "./stabilise-check.ts";
import { argumentOf, collected, expressionOf, productOf } from "./stabilise-product.ts";
import { rewrites, type Rewrite, type Surroundings } from "./stabilise-rules.ts";
import type { Assignment, GradientTask } from "./task.ts";

/**
 * The same task with every value in a form that does not overflow, underflow or cancel where its true value does
 * not. Each application of a rewrite is checked; sums that several entries share become assignments of their own.
 * A task that no rewrite concerns is given back as it is.
 *
 * @param table the rewrites; given only by tests that corrupt one
 * @throws Error where the two sides of a rewrite differ
 */
export function stabilise(task: GradientTask, table: Readonly<Record<string, Rewrite>> = rewrites): GradientTask {
  const { functions } = task.model;
  const forward: Assignment[] = [];
  const definitions = new Map<string, Assignment>();
  const sizes = new Map([
    ...task.model.tensors.map((t) => [variableKey(t.variable), t.sizes] as const),
    ...[...task.forward, task.objective, ...task.backward].map(
      (a) => [variableKey(a.variable), a.ranges.map(({ size }) => size)] as const,
    ),
  ]);
  const stable = (assignment: Assignment): Assignment => {
    const opened = withFunctions(assignment.value, functions);
    const indices = new Map(assignment.ranges.map(({ index, size }) => [index, size]));
    const value = stableForm(opened, { indices, sizes }, (entry) => defined(entry, definitions), table);
    return value === opened ? assignment : { ...assignment, value };
  };
  for (const assignment of task.forward) {
    const next = stable(assignment);
    forward.push(next);
    definitions.set(variableKey(next.variable), { ...next, value: withFunctions(next.value, functions) });
  }
  const [objective, backward] = [stable(task.objective), task.backward.map(stable)];
  const all = [...task.forward, task.objective, ...task.backward];
  const isSame = [...forward, objective, ...backward].every((assignment, i) => assignment === all[i]);
  return liftSums(isSame ? task : { ...task, forward, objective, backward });
}

/**
 * An expression with every rewrite applied that applies.
 *
 * @param define an entry of a variable by its equation, or null
 * @throws Error where the two sides of a rewrite differ
 */
export const stableForm = (
  expr: Expr,
  scope: Scope,
  define: Surroundings["define"] = () => null,
  table: Readonly<Record<string, Rewrite>> = rewrites,
): Expr => new Rewriter(table, scope, define).rewrite(expr);

/** Calls of functions that have a formula, by it. */
function withFunctions(expr: Expr, functions: readonly ScalarFunction[]): Expr {
  return transform(expr, (node) => {
    const v = view(node);
    if (v.kind !== "call") return node;
    const layer = v.layer === null ? null : print(v.layer);
    const definition = functions.find(
      (f) => f.name === v.name && (f.layer === null ? null : String(f.layer)) === layer,
    );
    if (definition === undefined) return node;
    return substitute(definition.value, new Map([[definition.argument, v.args[0] as Expr]]));
  });
}

/** An entry of a computed variable by its equation. */
function defined(entry: Expr, definitions: ReadonlyMap<string, Assignment>): Expr | null {
  const v = view(entry);
  const key = v.kind === "atom" ? variableKey(v.variable) : v.kind === "symbol" ? v.name : null;
  const definition = key === null ? undefined : definitions.get(key);
  if (definition === undefined) return null;
  const indices = v.kind === "atom" ? v.indices : [];
  return substitute(definition.value, new Map(definition.ranges.map(({ index }, i) => [index, indices[i] as Expr])));
}

/** Rewrites the value of one assignment from its leaves up, products as wholes. */
class Rewriter {
  private readonly logistics = new Set<string>();
  private readonly surroundings: Surroundings;
  private readonly table: Readonly<Record<string, Rewrite>>;
  private readonly scope: Scope;

  constructor(table: Readonly<Record<string, Rewrite>>, scope: Scope, define: Surroundings["define"]) {
    this.table = table;
    this.scope = scope;
    this.surroundings = { define, hasLogistic: (u) => this.logistics.has(print(u)) };
  }

  rewrite(expr: Expr): Expr {
    const once = this.inner(expr, this.scope);
    some(once, (node) => {
      const u = argumentOf("logistic", node);
      if (u !== null) this.logistics.add(print(u));
      return false;
    });
    // Plain forms of a logistic that is computed in any case come to be the same value.
    return this.logistics.size === 0 ? once : this.inner(once, this.scope);
  }

  private inner(expr: Expr, scope: Scope): Expr {
    const v = view(expr);
    if (isProduct(expr)) return this.product(expr, scope);
    const own = isBinder(v) ? { ...scope, indices: new Map([...scope.indices, [v.index, v.to]]) } : scope;
    const parts = v.kind === "atom" ? [] : children(expr);
    const next = parts.map((part) => this.inner(part, own));
    const node = next.every((part, i) => part === parts[i]) ? expr : withChildren(expr, next);
    return this.node(node, scope);
  }

  private node(node: Expr, scope: Scope): Expr {
    for (const [id, rewrite] of Object.entries(this.table)) {
      if (!("ofExpression" in rewrite)) continue;
      const found = rewrite.ofExpression(node, this.surroundings);
      if (found === null) continue;
      check(id, found.before, found.after, rewrite.method, scope);
      return this.inner(found.after, scope);
    }
    return node;
  }

  /** A maximal product: its factors first, then what they make together. */
  private product(expr: Expr, scope: Scope): Expr {
    const inside = this.insideProduct(expr, scope);
    let { isNegative, factors } = productOf(inside);
    let isChanged = false;
    for (;;) {
      const step = this.productStep(factors, scope);
      if (step === null) break;
      isChanged = true;
      const rebuilt = productOf(expressionOf({ isNegative, factors: step }));
      ({ isNegative, factors } = rebuilt);
    }
    return isChanged ? expressionOf({ isNegative, factors }) : inside;
  }

  private productStep(factors: ReturnType<typeof collected>, scope: Scope): ReturnType<typeof collected> | null {
    for (const [id, rewrite] of Object.entries(this.table)) {
      if (!("ofProduct" in rewrite)) continue;
      const found = rewrite.ofProduct(factors, this.surroundings);
      if (found === null) continue;
      const [before, after] = [found.taken, found.put].map((part) =>
        expressionOf({ isNegative: false, factors: part }),
      ) as [Expr, Expr];
      check(id, before, after, rewrite.method, scope);
      const taken = new Set(found.taken.map(({ base }) => print(base)));
      return collected([...factors.filter(({ base }) => !taken.has(print(base))), ...found.put]);
    }
    return null;
  }

  /** The product with each factor rewritten, in the shape that it has. */
  private insideProduct(expr: Expr, scope: Scope): Expr {
    const parts = children(expr);
    const next = parts.map((part) => (isProduct(part) ? this.insideProduct(part, scope) : this.inner(part, scope)));
    return next.every((part, i) => part === parts[i]) ? expr : withChildren(expr, next);
  }
}

const isProduct = (expr: Expr): boolean => ["multiply", "divide", "power", "negate"].includes(view(expr).kind);

const passed = new Set<string>();

/** Layers of one kind differ in the names of their variables only, and are met again and again: each is checked once. */
function check(id: string, before: Expr, after: Expr, method: Method, scope: Scope): void {
  const key = `${id}: ${print(before)} = ${print(after)}`;
  if (passed.has(key)) return;
  if (!agree(before, after, method, scope))
    throw new Error(`the rewrite ${id} fails its check: ${print(before)} is not ${print(after)}`);
  passed.add(key);
}
