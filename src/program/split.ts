import { valuesOf, visitValue, type Procedure, type Statement, type Value } from "./program.ts";

/**
 * V8's optimising compiler refuses a function of more than 61,440 bytes of bytecode, and refused code runs
 * 30 to 260 times slower. Half of that leaves room for differences between versions.
 */
export const bytecodeLimit = 30_720;
/** What a piece may take for its own statements; the rest is for locals that come from and go to scratch. */
const ownShare = bytecodeLimit / 2;
/** Statements in one function: type checkers and formatters slow down beyond. */
const mostStatements = 200;

/** Cuts a straight-line procedure into ones that stay below the limits; locals that cross a cut go through scratch. */
export function split(procedure: Procedure): { readonly procedures: readonly Procedure[]; readonly scratch: number } {
  const chunks = cut(procedure.statements);
  if (chunks.length === 1) return { procedures: [procedure], scratch: 0 };
  const home = new Map<string, number>();
  chunks.forEach((chunk, i) => chunk.forEach((s) => s.kind === "define" && home.set(s.name, i)));
  const slots = new Map<string, number>();
  const needs = chunks.map((chunk, i) => [...localsIn(chunk)].filter((name) => home.get(name) !== i));
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

function localsIn(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const root of statements.flatMap(valuesOf))
    visitValue(root, (value) => value.kind === "local" && names.add(value.name));
  return names;
}
