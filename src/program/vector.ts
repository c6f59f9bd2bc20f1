import { mapParts, type Position, type Procedure, type Program, type Statement, type Value } from "./program.ts";

/** The index that counts the lanes of a vector, from 0; no equation has an index of this name. */
export const lane = "#";

/** What one scalar statement does to one place. */
export type Simple = Extract<Statement, { kind: "define" | "accumulator" | "add" | "raise" | "store" }>;

/**
 * Statements of a machine whose registers hold several numbers. What they mean is what {@link spellOut} makes of
 * them: statements of scalars, in which lane l of a vector v is the local `v.l`.
 */
export type VectorStatement =
  | Extract<Statement, { kind: "comment" | "run" }>
  | Simple
  | {
      readonly kind: "loop";
      readonly index: string;
      readonly start: number;
      readonly end: number;
      readonly step: number;
      readonly body: readonly VectorStatement[];
    }
  /** The statement in each of the lanes 0, 1, …, count−1. A local that it defines is a vector; one that it reads is its own lane of a vector, or the same scalar in all. */
  | { readonly kind: "lanes"; readonly count: number; readonly statement: Simple }
  /** A vector of the given scalars. */
  | { readonly kind: "pack"; readonly name: string; readonly values: readonly Value[] }
  /** A vector whose lane l is the sum of all lanes of the vector of[l]. */
  | { readonly kind: "collect"; readonly name: string; readonly of: readonly string[] }
  /** A scalar: the sum of all lanes of a vector. */
  | { readonly kind: "total"; readonly name: string; readonly of: string };

export interface VectorProcedure extends Omit<Procedure, "statements"> {
  readonly statements: readonly VectorStatement[];
}

/** A program for vectors of `lanes` numbers. */
export interface VectorProgram extends Omit<Program, "procedures" | "plain"> {
  readonly lanes: number;
  readonly procedures: readonly VectorProcedure[];
  readonly plain: VectorProgram | null;
}

/** The local that is one lane of a vector. */
export const laneOf = (vector: string, at: number): Value => ({ kind: "local", name: `${vector}.${at}` });

/** The program of scalars that says, operation by operation, what a program of vectors computes. */
export const spellOut = (program: VectorProgram): Program => ({
  ...program,
  plain: program.plain === null ? null : spellOut(program.plain),
  procedures: program.procedures.map((procedure) => {
    const vectors = vectorsIn(procedure.statements);
    const spell = (statements: readonly VectorStatement[]): readonly Statement[] =>
      statements.flatMap((s) => spellStatement(s, program.lanes, vectors, spell));
    return { ...procedure, statements: spell(procedure.statements) };
  }),
});

/** The locals that are vectors. */
export function vectorsIn(statements: readonly VectorStatement[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const statement of statements) {
    if (statement.kind === "loop") vectorsIn(statement.body).forEach((name) => found.add(name));
    if (statement.kind === "pack" || statement.kind === "collect") found.add(statement.name);
    if (statement.kind === "lanes" && definesLocal(statement.statement)) found.add(statement.statement.name);
  }
  return found;
}

export const definesLocal = (statement: Simple): statement is Extract<Simple, { kind: "define" | "accumulator" }> =>
  statement.kind === "define" || statement.kind === "accumulator";

function spellStatement(
  statement: VectorStatement,
  lanes: number,
  vectors: ReadonlySet<string>,
  spell: (statements: readonly VectorStatement[]) => readonly Statement[],
): readonly Statement[] {
  switch (statement.kind) {
    case "loop":
      return [{ ...statement, body: spell(statement.body) }];
    case "lanes":
      return upTo(statement.count).map((at) => inLane(statement.statement, at, vectors));
    case "pack":
      return statement.values.map((value, at) => ({ kind: "define", name: `${statement.name}.${at}`, value }));
    case "collect":
      return statement.of.map((vector, at) => ({
        kind: "define",
        name: `${statement.name}.${at}`,
        value: sumOfLanes(vector, lanes),
      }));
    case "total":
      return [{ kind: "define", name: statement.name, value: sumOfLanes(statement.of, lanes) }];
    default:
      return [statement];
  }
}

/** Halves are added until one number is left: 0 + 1, or (0 + 2) + (1 + 3). */
export function sumOfLanes(vector: string, lanes: number): Value {
  let parts = upTo(lanes).map((at) => laneOf(vector, at));
  while (parts.length > 1) {
    const half = parts.length / 2;
    parts = parts
      .slice(0, half)
      .map((left, i): Value => ({ kind: "operation", operator: "+", left, right: parts[i + half] as Value }));
  }
  return parts[0] as Value;
}

function inLane(statement: Simple, at: number, vectors: ReadonlySet<string>): Statement {
  const rename = (name: string): string => (vectors.has(name) ? `${name}.${at}` : name);
  return changed(statement, rename, (position) => withIndex(position, lane, at));
}

/** A statement with other names for its locals and other positions. */
export function changed<S extends Simple>(
  statement: S,
  rename: (name: string) => string,
  move: (position: Position) => Position,
): S {
  const value = (v: Value): Value => changedValue(v, rename, move);
  switch (statement.kind) {
    case "define":
    case "add":
    case "raise":
      return { ...statement, name: rename(statement.name), value: value(statement.value) };
    case "accumulator":
      return { ...statement, name: rename(statement.name), start: value(statement.start) };
    case "store":
      return { ...statement, at: move(statement.at), value: value(statement.value) };
  }
}

export function changedValue(
  value: Value,
  rename: (name: string) => string,
  move: (position: Position) => Position,
): Value {
  if (value.kind === "local") return { ...value, name: rename(value.name) };
  if (value.kind === "load") return { ...value, at: move(value.at) };
  const inside = mapParts(value, (part) => changedValue(part, rename, move));
  return inside.kind === "match" ? { ...inside, left: move(inside.left), right: move(inside.right) } : inside;
}

/** The position where an index has a value. */
export function withIndex({ constant, terms }: Position, index: string, value: number): Position {
  return {
    constant: constant + value * scaleOf({ constant, terms }, index),
    terms: terms.filter((t) => t.index !== index),
  };
}

/** How far a position moves with an index. */
export const scaleOf = ({ terms }: Position, index: string): number =>
  terms.filter((t) => t.index === index).reduce((total, { scale }) => total + scale, 0);

export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
