import { isZero } from "./lower.ts";
import { mapValue } from "./rewrite.ts";
import { valueKey, visitValue, type Position, type Program, type Statement, type Value } from "./program.ts";

type Loop = Extract<Statement, { kind: "loop" }>;

/** An array that a pass has made. */
export type Scratch = Program["scratch"][number];

/**
 * Loop interchange: a sum down the columns of a matrix, Σₖ δₖ·w[k,j] for each j, joins an earlier loop that goes
 * through the matrix row by row anyway, such as that of ∂J/∂w[k,j]. Each row adds its terms to all sums, in the
 * same order as before, so that no bit of a result changes.
 *
 * @param known how many arrays of sums there are already: those that come are called by the numbers after it
 */
export function interchange(
  statements: readonly Statement[],
  known: number,
): { readonly statements: readonly Statement[]; readonly scratch: readonly Scratch[] } {
  const result = [...statements];
  const scratch: Scratch[] = [];
  for (let at = 0; at < result.length; at++) {
    const columns = result[at];
    const sum = columns?.kind === "loop" ? columnSumOf(columns) : null;
    if (columns?.kind !== "loop" || sum === null) continue;
    const rowsAt = nearestRows(result, at, columns, sum);
    if (rowsAt === null) continue;
    const array = `sums${known + scratch.length + 1}`;
    result[rowsAt] = withSums(result[rowsAt] as Loop, columns, sum, array);
    result[at] = withoutSum(columns, sum, array);
    scratch.push({ name: array, length: columns.end });
  }
  return { statements: result, scratch };
}

interface ColumnSum {
  /** Where the accumulator stands in the body of the loop over columns; the loop over rows follows it. */
  readonly at: number;
  readonly name: string;
  readonly rows: Loop;
  readonly summand: Value;
}

/** The first sum of a loop's body whose terms need nothing that the body computes. */
function columnSumOf({ body, index: columns }: Loop): ColumnSum | null {
  const own = new Set(body.flatMap((s) => (s.kind === "define" || s.kind === "accumulator" ? [s.name] : [])));
  const at = body.findIndex((s) => s.kind === "accumulator");
  const [accumulator, rows] = [body[at], body[at + 1]];
  if (accumulator?.kind !== "accumulator" || rows?.kind !== "loop" || !isZero(accumulator.start)) return null;
  const [add] = rows.body;
  if (rows.body.length !== 1 || add?.kind !== "add" || add.name !== accumulator.name) return null;
  const needed: string[] = [];
  visitValue(add.value, (value) => value.kind === "local" && needed.push(value.name));
  const isFree = !needed.some((name) => own.has(name));
  if (!isFree || !goesDown(add.value, rows.index, columns)) return null;
  return { at, name: accumulator.name, rows, summand: add.value };
}

/** Are neighbouring columns neighbours in memory, and the rows apart? Only then is it better to go through the rows. */
function goesDown(summand: Value, row: string, column: string): boolean {
  const scalesOf = (index: string): readonly number[] => {
    const scales: number[] = [];
    visitValue(summand, (v) => {
      if (v.kind === "load") scales.push(...v.at.terms.filter((t) => t.index === index).map(({ scale }) => scale));
    });
    return scales;
  };
  return scalesOf(row).some((scale) => scale > 1) && scalesOf(column).every((scale) => scale === 1);
}

/** The nearest loop before that has a turn for each row and within it one for each column, nothing that the sum reads being stored between. */
function nearestRows(statements: readonly Statement[], before: number, columns: Loop, sum: ColumnSum): number | null {
  const read = new Set<string>();
  visitValue(sum.summand, (value) => value.kind === "load" && read.add(value.array));
  for (let at = before - 1; at >= 0; at--) {
    const statement = statements[at] as Statement;
    if (statement.kind === "comment") continue;
    if (statement.kind !== "loop") return null;
    if (isSameRange(statement, sum.rows) && columnsAt(statement, columns) >= 0)
      return readsOnlyItsRow(statement, columnsAt(statement, columns), sum, read) ? at : null;
    if (storedIn(statement).some((array) => read.has(array))) return null;
  }
  return null;
}

const isSameRange = (a: Loop, b: Loop): boolean =>
  a.start === b.start && a.end === b.end && a.step === 1 && b.step === 1;

const columnsAt = (rows: Loop, columns: Loop): number =>
  rows.body.findIndex((s) => s.kind === "loop" && isSameRange(s, columns) && s.body.every((t) => t.kind === "store"));

/** Of what the loop stores, a term may read the entry of its own row only, and only if it is there by then. */
function readsOnlyItsRow(
  rows: Loop,
  inner: number,
  { rows: { index }, summand }: ColumnSum,
  read: ReadonlySet<string>,
): boolean {
  const before = new Set(rows.body.slice(0, inner).flatMap((s) => (s.kind === "store" ? [s.array] : [])));
  const late = new Set(rows.body.flatMap(storedIn).filter((array) => read.has(array) && !before.has(array)));
  let isOwn = true;
  visitValue(summand, (value) => {
    if (value.kind !== "load") return;
    if (late.has(value.array)) isOwn = false;
    if (before.has(value.array))
      isOwn &&= value.at.constant === 0 && value.at.terms.length === 1 && value.at.terms[0]?.index === index;
  });
  return isOwn;
}

const storedIn = (statement: Statement): readonly string[] => {
  if (statement.kind === "loop") return statement.body.flatMap(storedIn);
  return statement.kind === "store" ? [statement.array] : [];
};

function withSums(rows: Loop, columns: Loop, sum: ColumnSum, array: string): Loop {
  const inner = columnsAt(rows, columns);
  const { index } = rows.body[inner] as Loop;
  const renamed = new Map([
    [sum.rows.index, rows.index],
    [columns.index, index],
  ]);
  const place = (at: Position): Position => ({
    ...at,
    terms: at.terms.map((term) => ({ ...term, index: renamed.get(term.index) ?? term.index })),
  });
  const value = mapValue(sum.summand, { place, leaf: (leaf) => heldLocal(leaf, rows) });
  const gathers = { over: rows.index, first: rows.start };
  const gather: Statement = { kind: "store", array, at: entryAt(index), value, gathers };
  return {
    ...rows,
    body: rows.body.map((s, at) => (at === inner ? { ...(s as Loop), body: [...(s as Loop).body, gather] } : s)),
  };
}

/** What an iteration has just stored is still in its local. */
function heldLocal(leaf: Value, { body }: Loop): Value {
  if (leaf.kind !== "load") return leaf;
  const key = valueKey(leaf);
  const store = body.find((s) => s.kind === "store" && valueKey({ kind: "load", array: s.array, at: s.at }) === key);
  return store?.kind === "store" && store.value.kind === "local" ? store.value : leaf;
}

function withoutSum(columns: Loop, { at, name }: ColumnSum, array: string): Loop {
  const load: Statement = { kind: "define", name, value: { kind: "load", array, at: entryAt(columns.index) } };
  return { ...columns, body: [...columns.body.slice(0, at), load, ...columns.body.slice(at + 2)] };
}

const entryAt = (index: string): Position => ({ constant: 0, terms: [{ index, scale: 1 }] });

/** Does any statement of a loop, itself or inside, gather? */
export const gathers = (statement: Statement): boolean =>
  isGather(statement) || (statement.kind === "loop" && statement.body.some(gathers));

export type Gather = Extract<Statement, { kind: "store" }> & { readonly gathers: object };

export const isGather = (statement: Statement): statement is Gather =>
  statement.kind === "store" && statement.gathers !== undefined;
