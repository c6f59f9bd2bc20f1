import { mapParts, type Position, type Statement, type Value } from "./program.ts";

/** What becomes of the parts of a statement. */
export interface Rewriting {
  /** Of a local, a number or a load, its position moved already. */
  readonly leaf?: (value: Value) => Value;
  readonly place?: (at: Position) => Position;
  readonly name?: (name: string) => string;
}

/** The same statement with its leaves, places and names changed, those of a loop's body too. */
export function mapStatement(statement: Statement, rewriting: Rewriting): Statement {
  const value = (v: Value): Value => mapValue(v, rewriting);
  const name = rewriting.name ?? ((same: string): string => same);
  const place = rewriting.place ?? ((same: Position): Position => same);
  switch (statement.kind) {
    case "define":
    case "add":
    case "raise":
      return { ...statement, name: name(statement.name), value: value(statement.value) };
    case "accumulator":
      return { ...statement, name: name(statement.name), start: value(statement.start) };
    case "store":
      return { ...statement, at: place(statement.at), value: value(statement.value) };
    case "loop":
      return { ...statement, body: statement.body.map((s) => mapStatement(s, rewriting)) };
    default:
      return statement;
  }
}

/** The same value with its leaves and places changed. */
export function mapValue(value: Value, { leaf = (same) => same, place = (same) => same }: Rewriting): Value {
  switch (value.kind) {
    case "number":
    case "local":
      return leaf(value);
    case "load":
      return leaf({ ...value, at: place(value.at) });
    default: {
      const mapped = mapParts(value, (part) => mapValue(part, { leaf, place }));
      return mapped.kind === "match" ? { ...mapped, left: place(mapped.left), right: place(mapped.right) } : mapped;
    }
  }
}

/** A position in which an index is moved by a number of turns. */
export function moved({ constant, terms }: Position, index: string, by: number): Position {
  const scale = terms.filter((t) => t.index === index).reduce((total, t) => total + t.scale, 0);
  return { terms, constant: constant + by * scale };
}

/** A position in which an index has a value. */
export const fixed = (at: Position, index: string, value: number): Position => ({
  constant: moved(at, index, value).constant,
  terms: at.terms.filter((t) => t.index !== index),
});
