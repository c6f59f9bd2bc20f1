import { variableKey, type Range } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import {
  allSymbols,
  children,
  freshIndex,
  print,
  renameApart,
  substitute,
  sym,
  view,
  type Expr,
} from "../expression/index.ts";
import { variablesIn } from "./dependence.ts";
import { LoopBody, TopLevel } from "./loop-body.ts";
import { callsIn } from "./looped.ts";
import type { Statement } from "./program.ts";
import type { Assignment, GradientTask } from "./task.ts";

/**
 * Loops with literal bounds. Neighbouring equations over the same first index share one loop where each needs
 * of the others only the entries at hand; such an entry of a vector is a local, and goes to a scratch array
 * only where a later loop reads it.
 *
 * @param kept variables that must be in their arrays afterwards, whoever reads them
 * @param areCallsApart do equations that call elementary functions have loops of their own, beside those with loops
 *   inside? A compiler then inlines a function once where it would do so, or would not, for each row of a tile.
 */
export function loops(
  task: GradientTask,
  assignments: readonly Assignment[],
  kept: ReadonlySet<string>,
  areCallsApart: boolean,
): readonly Statement[] {
  const taken = new Set(task.codeNames.values());
  const groups = fuse(
    assignments.map((assignment) => withDistinctIndices(assignment, taken)),
    (a, b) => areCallsApart && (calls(a, task) || calls(b, task)) && (loopsInside(a) || loopsInside(b)),
  );
  const top = new TopLevel();
  return groups.flatMap((group, at) => {
    const later = groups.slice(at + 1).flat();
    const readLater = new Set([...later.flatMap((a) => [...variablesIn(a.value)]), ...kept]);
    return loopOver(task, group, readLater, kept, top);
  });
}

/**
 * Indices that are not called like a variable, bound ones apart from those of the equation and from each other:
 * a loop must not hide an array, nor another loop around it.
 */
function withDistinctIndices(assignment: Assignment, taken: ReadonlySet<string>): Assignment {
  const used = new Set([...taken, ...assignment.ranges.map(({ index }) => index), ...allSymbols(assignment.value)]);
  const { ranges, value } = renameRanges(assignment, (index) => (taken.has(index) ? freshIndex(used) : index));
  return { ...assignment, ranges, value: renameApart(value, new Set([...taken, ...ranges.map(({ index }) => index)])) };
}

/** The same equation with other names for its indices. */
function renameRanges(assignment: Assignment, rename: (index: string, axis: number) => string): Assignment {
  const ranges = assignment.ranges.map((range, axis) => ({ ...range, index: rename(range.index, axis) }));
  const replacements = new Map(assignment.ranges.map(({ index }, i) => [index, sym((ranges[i] as Range).index)]));
  return { ...assignment, ranges, value: substitute(assignment.value, replacements) };
}

function fuse(
  assignments: readonly Assignment[],
  areApart: (a: Assignment, b: Assignment) => boolean,
): readonly (readonly Assignment[])[] {
  const groups: Assignment[][] = [];
  for (const assignment of assignments) {
    const group = groups.at(-1);
    const isJoined = group !== undefined && fits(assignment, group) && !group.some((a) => areApart(a, assignment));
    if (isJoined) group.push(assignment);
    else groups.push([assignment]);
  }
  return groups;
}

const loopsInside = ({ ranges, value }: Assignment): boolean => ranges.length > 1 || reduces(value);

const reduces = (expr: Expr): boolean =>
  ["sum", "maximum"].includes(view(expr).kind) || children(expr).some((child) => reduces(child));

/** Does it call elementary functions? */
const calls = ({ value }: Assignment, task: GradientTask): boolean => callsIn(value, task, () => true) > 0;

function fits(assignment: Assignment, group: readonly Assignment[]): boolean {
  const [outer] = assignment.ranges;
  const [first] = group[0]?.ranges ?? [];
  if (outer === undefined || first === undefined || print(outer.size) !== print(first.size)) return false;
  const inside = new Set(group.map((a) => variableKey(a.variable)));
  return readsOnlyAt(assignment.value, inside, outer.index);
}

/**
 * Does the expression read of `variables` only what has the loop's own index for its first? All of that has been
 * computed in this turn of the loop, whatever the other indices are.
 */
function readsOnlyAt(expr: Expr, variables: ReadonlySet<string>, index: string): boolean {
  const v = view(expr);
  if (v.kind === "atom" && variables.has(variableKey(v.variable))) return print(v.indices[0] as Expr) === index;
  return children(expr).every((child) => readsOnlyAt(child, variables, index));
}

function loopOver(
  task: GradientTask,
  group: readonly Assignment[],
  readLater: ReadonlySet<string>,
  kept: ReadonlySet<string>,
  top: TopLevel,
): readonly Statement[] {
  const comments = group.map((a): Statement => ({ kind: "comment", text: a.comment }));
  const [first] = group as [Assignment];
  const [outer] = first.ranges;
  if (outer === undefined)
    return [...comments, ...new LoopBody(task, top, null).scalar(first, kept.has(variableKey(first.variable)))];
  const taken = new Set(task.codeNames.values());
  const body = new LoopBody(task, top, outer.index);
  for (const assignment of group)
    body.entries(withOuterIndex(assignment, outer.index, taken), readLater.has(variableKey(assignment.variable)));
  const { before, statements } = body.finish(wholeNumber(outer.size));
  return [...comments, ...before, ...statements];
}

/** One index name for the whole group; the others are of loops inside, and get out of its way. */
function withOuterIndex(assignment: Assignment, outer: string, taken: ReadonlySet<string>): Assignment {
  const { ranges, value } = assignment;
  if (ranges[0]?.index === outer) return assignment;
  const used = new Set([...taken, outer, ...ranges.map(({ index }) => index), ...allSymbols(value)]);
  const renamed = renameRanges(assignment, (index, axis) =>
    axis === 0 ? outer : index === outer ? freshIndex(used) : index,
  );
  return withDistinctIndices(renamed, taken);
}
