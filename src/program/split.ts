import { valuesOf, visitValue, type Procedure, type Statement, type Value } from "./program.ts";
import { loadWhereUsed, shareLoads } from "./reload.ts";

/**
 * V8's optimising compiler refuses a function of more than 61,440 bytes of bytecode, and refused code runs
 * 30 to 260 times slower. Half of that leaves room for differences between versions.
 */
export const bytecodeLimit = 30_720;
/** What a piece may take for its own statements; the rest is for locals that come from and go to scratch. */
const ownShare = bytecodeLimit / 2;
/** Statements in one function: type checkers and formatters slow down beyond. */
const mostStatements = 400;

/** Cuts a straight-line procedure into ones that stay below the limits; locals that cross a cut go through scratch. */
export function split(procedure: Procedure): Pieces {
  if (isWhole(procedure)) return { procedures: [procedure], scratch: 0 };
  const { statements, names } = loadWhereUsed(procedure.statements);
  return distribute(
    procedure,
    cut(statements).map((part) => shareLoads(part, names)),
  );
}

/** What need not be cut has no locals that come from scratch or go there. */
const isWhole = ({ statements }: Procedure): boolean =>
  statements.length <= mostStatements && sum(statements, bytecodeWithin) <= bytecodeLimit;

/**
 * Cuts a procedure of loops, between equations, into ones that stay below the limit. V8 inlines the module's own
 * functions into each of them up to a limit of its own, so that calls count as well.
 *
 * @param isLong does an equation run so long that a function of its own, in which V8 finds registers for it alone, is
 *   worth a call?
 */
export const splitLoops = (procedure: Procedure, isLong: (equation: readonly Statement[]) => boolean): Pieces =>
  distribute(procedure, cutLoops(procedure.statements, isLong));

interface Pieces {
  readonly procedures: readonly Procedure[];
  /** Length of the scratch array. */
  readonly scratch: number;
}

function distribute(procedure: Procedure, chunks: readonly (readonly Statement[])[]): Pieces {
  if (chunks.length === 1) return { procedures: [procedure], scratch: 0 };
  const home = new Map<string, number>();
  chunks.forEach((chunk, i) => chunk.forEach((s) => s.kind === "define" && home.set(s.name, i)));
  const slots = new Map<string, number>();
  const needs = chunks.map((chunk, i) =>
    [...freeLocals(chunk)].filter((name) => home.has(name) && home.get(name) !== i),
  );
  const resultName = procedure.result?.kind === "local" ? procedure.result.name : null;
  for (const name of [...needs.flat(), ...(resultName === null ? [] : [resultName])])
    if (!slots.has(name)) slots.set(name, slots.size);
  const inScratch = (name: string): Extract<Value, { kind: "load" }> => ({
    kind: "load",
    array: "scratch",
    at: { constant: slots.get(name) as number, terms: [] },
  });
  const parts = chunks.map((chunk, i): Procedure => {
    const loads = (needs[i] as string[]).map((name): Statement => ({ kind: "define", name, value: inScratch(name) }));
    const stores = chunk.flatMap((s): Statement[] =>
      s.kind === "define" && slots.has(s.name)
        ? [s, { kind: "store", array: "scratch", at: inScratch(s.name).at, value: { kind: "local", name: s.name } }]
        : [s],
    );
    return {
      name: `${procedure.name}${i + 1}`,
      arrays: procedure.arrays,
      statements: [...loads, ...stores],
      result: null,
    };
  });
  const runs = parts.map(({ name }): Statement => ({ kind: "run", procedure: name }));
  return {
    procedures: [
      ...parts,
      { ...procedure, statements: runs, result: resultName === null ? null : inScratch(resultName) },
    ],
    scratch: slots.size,
  };
}

function cut(statements: readonly Statement[]): Statement[][] {
  const chunks: Statement[][] = [[]];
  let size = 0;
  let count = 0;
  for (const statement of statements) {
    const cost = bytecodeOf(statement);
    const isCode = statement.kind !== "comment";
    if (count > 0 && (size + cost > ownShare || count + 1 > mostStatements)) {
      chunks.push([]);
      [size, count] = [0, 0];
    }
    (chunks.at(-1) as Statement[]).push(statement);
    size += cost;
    count += isCode ? 1 : 0;
  }
  return chunks;
}

/** Calls of functions in one procedure: V8 inlines 920 bytes of bytecode, and its exp takes about a hundred. */
const mostCalls = 6;

function cutLoops(
  statements: readonly Statement[],
  isLong: (equation: readonly Statement[]) => boolean,
): readonly (readonly Statement[])[] {
  const chunks: Statement[][] = [[]];
  let [bytes, calls] = [0, 0];
  let wasLong = false;
  for (const equation of equationsIn(statements)) {
    const [ownBytes, ownCalls] = [sum(equation, bytecodeWithin), sum(equation, callsWithin)];
    const isCode = (chunks.at(-1) as Statement[]).some((s) => s.kind !== "comment");
    const isFull = bytes + ownBytes > ownShare || calls + ownCalls > mostCalls;
    const long = isLong(equation);
    if (isCode && (isFull || long || wasLong)) {
      chunks.push([]);
      [bytes, calls] = [0, 0];
    }
    wasLong = long;
    (chunks.at(-1) as Statement[]).push(...equation);
    bytes += ownBytes;
    calls += ownCalls;
  }
  return chunks;
}

/** A comment, those that follow it, and all up to the next. */
function equationsIn(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const equations: Statement[][] = [];
  statements.forEach((statement, at) => {
    const begins = statement.kind === "comment" && statements[at - 1]?.kind !== "comment";
    if (begins || equations.length === 0) equations.push([]);
    (equations.at(-1) as Statement[]).push(statement);
  });
  return equations;
}

const sum = (statements: readonly Statement[], of: (statement: Statement) => number): number =>
  statements.reduce((total, s) => total + of(s), 0);

/** A loop itself takes some forty bytes. */
const bytecodeWithin = (statement: Statement): number =>
  statement.kind === "loop" ? 40 + sum(statement.body, bytecodeWithin) : bytecodeOf(statement);

function callsWithin(statement: Statement): number {
  let calls = statement.kind === "loop" ? sum(statement.body, callsWithin) : 0;
  for (const root of valuesOf(statement))
    visitValue(root, (value) => (calls += value.kind === "call" && value.args.length > 0 ? 1 : 0));
  return calls;
}

/**
 * Bytes of V8 bytecode that a straight-line statement takes at most, with the wide registers of a long
 * function. A test holds the estimate against `node --print-bytecode`.
 */
export function bytecodeOf(statement: Statement): number {
  if (statement.kind === "run") return bytecodeOfRun;
  let bytes = 10;
  for (const root of valuesOf(statement)) {
    visitValue(root, (value) => {
      bytes += bytecodeOfKind[value.kind];
    });
  }
  return statement.kind === "comment" ? 0 : bytes + (statement.kind === "store" ? 10 : 0);
}

/** A call with arrays for arguments, each of which is copied to a register. */
const bytecodeOfRun = 64;

const bytecodeOfKind = {
  number: 8,
  local: 6,
  load: 16,
  operation: 10,
  negate: 6,
  call: 28,
  choose: 20,
  match: 28,
} satisfies Record<Value["kind"], number>;

/** The locals that statements read and do not define before, in the scope that they stand in. */
function freeLocals(statements: readonly Statement[], outer: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const defined = new Set(outer);
  const free = new Set<string>();
  const read = (name: string): void => {
    if (!defined.has(name)) free.add(name);
  };
  for (const statement of statements) {
    for (const root of valuesOf(statement)) visitValue(root, (value) => value.kind === "local" && read(value.name));
    if (statement.kind === "add" || statement.kind === "raise") read(statement.name);
    if (statement.kind === "define" || statement.kind === "accumulator") defined.add(statement.name);
    if (statement.kind === "loop") for (const name of freeLocals(statement.body, defined)) free.add(name);
  }
  return free;
}
