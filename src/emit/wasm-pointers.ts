import { positionsOf, valuesOf, visitValue, type Position, type VectorStatement } from "../program/index.ts";

/** Bytes by which a position moves with each index but the lane: those of one key share a pointer. */
export type Steps = ReadonlyMap<string, number>;

/** How far a position moves with the loops around it. */
export function stepsOf({ terms }: Position, around: readonly string[], bytes: number): Steps {
  const steps = new Map<string, number>();
  for (const index of around) {
    const scale = terms.filter((t) => t.index === index).reduce((sum, t) => sum + t.scale, 0);
    if (scale !== 0) steps.set(index, scale * bytes);
  }
  return steps;
}

/** `40j+8k`: what a pointer is called. */
export const keyOf = (steps: Steps): string => [...steps].map(([index, step]) => `${step}${index}`).join("+");

/** The pointers that move with an index: those of positions in the loop, and what pointers of loops inside start from. */
export function pointersIn(
  body: readonly VectorStatement[],
  around: readonly string[],
  index: string,
  bytes: number,
): ReadonlyMap<string, Steps> {
  const keys = new Map<string, Steps>();
  for (const position of positionsIn(body)) {
    const steps = stepsOf(position, around, bytes);
    if (steps.has(index)) keys.set(keyOf(steps), steps);
  }
  return keys;
}

function positionsIn(statements: readonly VectorStatement[]): readonly Position[] {
  return statements.flatMap((statement): readonly Position[] => {
    if (statement.kind === "loop") return positionsIn(statement.body);
    const simple = statement.kind === "lanes" ? statement.statement : statement;
    const values =
      simple.kind === "pack"
        ? simple.values
        : simple.kind === "collect" || simple.kind === "total"
          ? []
          : valuesOf(simple);
    const found: Position[] = simple.kind === "store" ? [simple.at] : [];
    for (const root of values) visitValue(root, (value) => found.push(...positionsOf(value)));
    return found;
  });
}
