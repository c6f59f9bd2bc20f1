import { variableKey } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import { children, freeSymbols, print, view, type Expr } from "../expression/index.ts";
import { onExp } from "./exponential.ts";
import { definitionOf } from "./lower.ts";
import type { Statement, Value } from "./program.ts";
import { mapStatement } from "./rewrite.ts";
import type { Assignment, GradientTask } from "./task.ts";

/** V8 inlines so many calls of a function of the size of a module's exp into another; the others stay calls. */
const mostInlined = 5;
/** Entries from which on a loop over them costs less than their calls. */
const leastEntries = 3;

/**
 * The equations that straight-line code computes in a loop all the same, with one call of exp, so that V8 inlines
 * what it would have to call: those with the most entries, until few enough calls are left.
 */
export function chooseLooped(task: GradientTask, assignments: readonly Assignment[]): ReadonlySet<Assignment> {
  const counted = assignments
    .map((assignment) => ({ assignment, entries: entriesOf(assignment), calls: callsOfExp(assignment.value, task) }))
    .filter(({ calls }) => calls > 0);
  // An exponential of the forward pass that the backward pass needs again is computed once in straight-line code.
  if (counted.some(({ assignment }) => task.backward.includes(assignment))) return new Set();
  let total = counted.reduce((sum, { entries, calls }) => sum + entries * calls, 0);
  const looped = new Set<Assignment>();
  for (const { assignment, entries, calls } of counted.sort((a, b) => b.entries - a.entries)) {
    if (total <= mostInlined || entries < leastEntries) break;
    if (!isElementwise(assignment, task)) continue;
    looped.add(assignment);
    total -= (entries - 1) * calls;
  }
  return looped;
}

const entriesOf = ({ ranges }: Assignment): number =>
  ranges.reduce((product, { size }) => product * wholeNumber(size), 1);

/** Is each entry computed from those at its own place, of vectors that are computed before, and nothing else? */
export function isElementwise({ ranges, value, gradientOf }: Assignment, task: GradientTask): boolean {
  if (ranges.length !== 1 || gradientOf !== null) return false;
  const index = ranges[0]?.index as string;
  const computed = new Set([...task.forward, ...task.backward].map(({ variable }) => variableKey(variable)));
  const scalars = [...freeSymbols(value)].filter((name) => task.codeNames.has(name) && name !== index);
  return (
    scalars.length === 0 &&
    atomsIn(value).every(
      ({ key, indices }) => computed.has(key) && indices.length === 1 && print(indices[0] as Expr) === index,
    )
  );
}

/** The variables that an expression speaks of, with their indices. */
export function atomsIn(expr: Expr): readonly { readonly key: string; readonly indices: readonly Expr[] }[] {
  const v = view(expr);
  const own = v.kind === "atom" ? [{ key: variableKey(v.variable), indices: v.indices }] : [];
  return [...own, ...children(expr).flatMap(atomsIn)];
}

/** Calls of functions built on exp. */
export const callsOfExp = (expr: Expr, task: GradientTask): number =>
  callsIn(expr, task, (name) => onExp.includes(name));

/** Calls of elementary functions, those in the definition of a function such as σ with them. */
export function callsIn(expr: Expr, task: GradientTask, isCounted: (name: string) => boolean): number {
  const v = view(expr);
  const inside = children(expr).reduce((sum, child) => sum + callsIn(child, task, isCounted), 0);
  if (v.kind !== "call") return inside;
  const definition = definitionOf(task.model.functions, v.name, v.layer);
  if (definition !== undefined) return inside + callsIn(definition.value, task, isCounted);
  return inside + (isCounted(v.name) ? 1 : 0);
}

/** What stands in front of a loop, constants of one equation, with names that those of another do not have. */
export function withOwnConstants(statements: readonly Statement[], owner: string): readonly Statement[] {
  const constants = new Set(statements.flatMap((s) => (s.kind === "define" ? [s.name] : [])));
  const name = (local: string): string => (constants.has(local) ? `${local}_${owner}` : local);
  const leaf = (value: Value): Value => (value.kind === "local" ? { ...value, name: name(value.name) } : value);
  return statements.map((s) => mapStatement(s, { name, leaf }));
}
