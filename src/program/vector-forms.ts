import {
  partsOf,
  valuesOf,
  visitStatements,
  visitValue,
  type Position,
  type Statement,
  type Value,
} from "./program.ts";
import { scaleOf } from "./vector.ts";

export type Loop = Extract<Statement, { kind: "loop" }>;

export const zero: Value = { kind: "number", value: { numerator: 0n, denominator: 1n } };
export const isZero = (value: Value): boolean => value.kind === "number" && value.value.numerator === 0n;

/** The locals that statements define, those in inner loops with them. */
export function localsOf(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  visitStatements(statements, (s) => (s.kind === "define" || s.kind === "accumulator") && names.add(s.name));
  return names;
}

/** Does it add to nothing but locals of its own? */
export function isIndependent({ body }: Loop): boolean {
  const own = localsOf(body);
  let found = true;
  visitStatements(body, (s) => (found &&= (s.kind !== "add" && s.kind !== "raise") || own.has(s.name)));
  return found;
}

export const addedIn = (loop: Loop): readonly string[] => [
  ...new Set(loop.body.flatMap((s) => (s.kind === "add" || s.kind === "raise" ? [s.name] : []))),
];

/** Does what a loop loads and stores lie side by side along the index, or stay where it is? */
export function isAlong(loop: Loop, index: string): boolean {
  const isNear = (at: Position): boolean => scaleOf(at, index) === 0 || scaleOf(at, index) === 1;
  const areNear = (value: Value): boolean =>
    (value.kind !== "load" || isNear(value.at)) && partsOf(value).every(areNear);
  return loop.body.every((s) => (s.kind !== "store" || isNear(s.at)) && valuesOf(s).every(areNear));
}

/** Is the loop a sum, from zero, along the row? */
export function isRowSum(loop: Loop, row: readonly Statement[]): boolean {
  const [name, ...others] = addedIn(loop);
  const start = row.find((s) => s.kind === "accumulator" && s.name === name);
  return (
    others.length === 0 &&
    start?.kind === "accumulator" &&
    isZero(start.start) &&
    loop.body.every((s) => s.kind === "add" || s.kind === "define") &&
    isAlong(loop, loop.index)
  );
}

export function readsWhatItWrites(loop: Loop): boolean {
  const stored = new Set(loop.body.flatMap((s) => (s.kind === "store" ? [s.array] : [])));
  let found = false;
  for (const root of loop.body.flatMap(valuesOf))
    visitValue(root, (value) => (found ||= value.kind === "load" && stored.has(value.array)));
  return found;
}
