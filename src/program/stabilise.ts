import { variableKey, type ScalarFunction } from "../equations/index.ts";
import {
  children,
  isBinder,
  print,
  substitute,
  transform,
  view,
  withChildren,
  type Expr,
} from "../expression/index.ts";
import { needed } from "./dependence.ts";
import { withoutVanishingDivisors } from "./stabilise-adjoints.ts";
import { liftSums } from "./stabilise-lift.ts";
import { agree, type Method, type Scope } from "./stabilise-check.ts";
import { argumentOf, collected, expressionOf, minus, productOf } from "./stabilise-product.ts";
import { rewrites, type Replacement, type Rewrite, type Surroundings } from "./stabilise-rules.ts";
import type { Assignment, GradientTask } from "./task.ts";

/**
 * The same task with every value in a form that does not overflow, underflow or cancel where its true value does
 * not. Each application of a rewrite is checked; sums that several entries share become assignments of their own.
 * A task that no rewrite concerns is given back as it is.
 *
 * Not mended, for want of an elementary function or of a form: log(softplus(z)) and logistic(z)/softplus(z) below
 * z = −745; in equation files exponentials that are variables themselves, e[i] = exp(z[i]), sums of exponentials with
 * other terms, 1 + Σ exp(z), from z = 710 on, and quotients by an output other than a logistic or a softmax that is 0;
 * losses that are not defined for an activation, log of log-softmax.
 *
 * @param table the rewrites; given only by tests that corrupt one
 * @throws Error where the two sides of a rewrite differ
 */
export function stabilise(task: GradientTask, table: Readonly<Record<string, Rewrite>> = rewrites): GradientTask {
  const definitions = new Map<string, Assignment>();
  const known = { define: (entry: Expr) => defined(entry, definitions) };
  const [forward, adjoints] = [task.forward, task.backward].map(
    (list) => new Set(list.map(({ variable }) => variableKey(variable))),
  ) as [Set<string>, Set<string>];
  const equations = {
    isForward: (key: string) => forward.has(key),
    isAdjoint: (key: string) => adjoints.has(key),
    ...known,
  };
  const all = mapAssignments(task, (assignment) => {
    const stable = (of: Assignment): Assignment => stableAssignment(of, task, known, table);
    const next = withoutVanishingDivisors(assignment, equations, stable) ?? stable(assignment);
    definitions.set(variableKey(next.variable), { ...next, value: withFunctions(next.value, task.model.functions) });
    return next;
  });
  const once = withoutUnread(all);
  const both = pairsOfLogistics(once);
  const shared =
    both.size === 0 ? once : mapAssignments(once, (assignment) => stableAssignment(assignment, once, { both }, table));
  return liftSums(shared);
}

/** Without the adjoints that have been put in wherever they would be read. */
function withoutUnread(task: GradientTask): GradientTask {
  const keyOf = ({ variable }: Assignment): string => variableKey(variable);
  const read = needed(task.backward.filter(({ gradientOf }) => gradientOf !== null).map(keyOf), task.backward);
  const backward = task.backward.filter((assignment) => read.has(keyOf(assignment)));
  return backward.length === task.backward.length ? task : { ...task, backward };
}

/** The task itself where no assignment changes. */
function mapAssignments(task: GradientTask, change: (assignment: Assignment) => Assignment): GradientTask {
  const forward = task.forward.map(change);
  const [objective, backward] = [change(task.objective), task.backward.map(change)];
  const before = assignmentsOf(task);
  const isSame = [...forward, objective, ...backward].every((assignment, i) => assignment === before[i]);
  return isSame ? task : { ...task, forward, objective, backward };
}

const assignmentsOf = ({ forward, objective, backward }: GradientTask): readonly Assignment[] => [
  ...forward,
  objective,
  ...backward,
];

function stableAssignment(
  assignment: Assignment,
  task: GradientTask,
  known: Known,
  table: Readonly<Record<string, Rewrite>>,
): Assignment {
  const opened = withFunctions(assignment.value, task.model.functions);
  const indices = new Map(assignment.ranges.map(({ index, size }) => [index, size]));
  const value = stableForm(opened, { indices, sizes: sizesIn(task) }, known, table);
  return value === opened ? assignment : { ...assignment, value };
}

const sizesIn = (task: GradientTask): Scope["sizes"] =>
  new Map([
    ...task.model.tensors.map((t) => [variableKey(t.variable), t.sizes] as const),
    ...assignmentsOf(task).map((a) => [variableKey(a.variable), a.ranges.map(({ size }) => size)] as const),
  ]);

/** Every u, as text, for which both logistic(u) and logistic(−u) are computed. */
function pairsOfLogistics(task: GradientTask): ReadonlySet<string> {
  const found = new Map<string, Expr>();
  for (const { value } of assignmentsOf(task)) for (const u of logisticsIn(value)) found.set(print(u), u);
  return new Set([...found].filter(([, u]) => found.has(print(minus(u)))).map(([text]) => text));
}

function logisticsIn(expr: Expr): readonly Expr[] {
  const u = argumentOf("logistic", expr);
  return [...(u === null ? [] : [u]), ...children(expr).flatMap(logisticsIn)];
}

/** What is known beside an expression: nothing, unless it is given. */
interface Known {
  /** An entry of a variable by its equation, or null. */
  readonly define?: Surroundings["define"];
  /** Every u, as text, for which both logistic(u) and logistic(−u) are computed. */
  readonly both?: ReadonlySet<string>;
}

/**
 * An expression with every rewrite applied that applies.
 *
 * @throws Error where the two sides of a rewrite differ
 */
export function stableForm(
  expr: Expr,
  scope: Scope,
  { define = () => null, both = new Set() }: Known = {},
  table: Readonly<Record<string, Rewrite>> = rewrites,
): Expr {
  let [before, after] = [expr, expr];
  do {
    before = after;
    // Plain forms of a logistic that is computed in any case come to be the same value.
    const logistics = new Set([...both, ...logisticsIn(before).map(print)]);
    const surroundings = {
      define,
      hasLogistic: (u: Expr) => logistics.has(print(u)),
      hasBothLogistics: (u: Expr) => both.has(print(u)),
    };
    after = new Rewriter(table, surroundings).rewrite(before, scope);
  } while (after !== before);
  return after;
}

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
  private readonly surroundings: Surroundings;
  private readonly table: Readonly<Record<string, Rewrite>>;

  constructor(table: Readonly<Record<string, Rewrite>>, surroundings: Surroundings) {
    this.table = table;
    this.surroundings = surroundings;
  }

  rewrite(expr: Expr, scope: Scope): Expr {
    const v = view(expr);
    if (isProduct(expr)) return this.product(expr, scope);
    const own = isBinder(v) ? { ...scope, indices: new Map([...scope.indices, [v.index, v.to]]) } : scope;
    const parts = v.kind === "atom" ? [] : children(expr);
    const next = parts.map((part) => this.rewrite(part, own));
    const node = next.every((part, i) => part === parts[i]) ? expr : withChildren(expr, next);
    return this.node(node, scope);
  }

  private node(node: Expr, scope: Scope): Expr {
    for (const [id, rewrite] of Object.entries(this.table)) {
      if (!("ofExpression" in rewrite)) continue;
      const found = rewrite.ofExpression(node, this.surroundings);
      if (found === null) continue;
      const { before, after, open = (side: Expr) => side }: Replacement = found;
      check(id, open(before), open(after), rewrite.method, scope);
      return found.after;
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
    const next = parts.map((part) => (isProduct(part) ? this.insideProduct(part, scope) : this.rewrite(part, scope)));
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
