import {
  inlined,
  partsOf,
  positionsOf,
  procedureOf,
  valueKey,
  valuesOf,
  visitValue,
  type ArrayName,
  type Position,
  type Program,
  type Statement,
  type Value,
} from "./program.ts";
import { bytecodeOf } from "./split.ts";

/**
 * What a superscalar core of today needs for code that V8 has compiled, in cycles. The figures are those of AMD's
 * Zen 4, on which the model was held against measurements: it tells loops from 8-8-4 to 16-32-8 to within 15 %, and
 * straight-line code to within 25 %. Other cores have the same kinds of limits at other figures: issue width, loads
 * and floating-point stores a cycle, an adder's latency.
 */
export const machine = {
  /** Micro-operations issued in a cycle, of a nominal six. */
  width: 5,
  loads: 2,
  stores: 1,
  adderLatency: 3,
  /** Registers for doubles that accumulators and shared values can take; two are scratch. */
  registers: 15,
  /** Registers for addresses of arrays, beside those for the indices; … */
  addresses: 10,
  /** … and of those that lie far. */
  farAddresses: 6,
  /** An array of so many numbers lies where its address takes a register; a shorter one's is part of the instruction. */
  farLength: 16_384,
  /** Rows that are written at the same time before the cache has to wait for one of them. */
  writtenRows: 4,
  /** Micro-operations for each access to an array that is given, and for each such array in a turn. */
  givenAccess: 2,
  givenArray: 3,
  /** What a value costs that does not stay in a register, each turn. */
  spill: 2,
  /** Comparison with the bound, increment, check for an interrupt. */
  loopTurn: 4,
  /** Entering a loop and leaving it, its last branch mispredicted. */
  loopEntry: 8,
  /** How much longer straight-line code takes, of whose many values only some stay in registers. */
  crowding: 1.4,
  /** A division, a call of exp: one after another they take so long, … */
  division: 5,
  call: 7,
  /** … and so long till the result is there, as every operation does. */
  latency: { load: 4, operation: 3, division: 13, call: 45 },
  /** Bytes of bytecode whose machine code, some two times as long, the core holds close by; beyond it waits for the rest. */
  closeBytecode: 12_000,
  fetchedBytecode: 24,
} as const;

/** Cycles of one call of `backward`; those in which it waits for results are told for straight-line code only. */
export function cyclesOfGradient(program: Pick<Program, "procedures">): number {
  const statements = inlined(program, procedureOf(program, "backward").statements);
  const bytes = statements.reduce((total, s) => total + (s.kind === "loop" ? 0 : bytecodeOf(s)), 0);
  const fetch = Math.max(0, bytes - machine.closeBytecode) / machine.fetchedBytecode;
  const isStraight = statements.every((s) => s.kind !== "loop" || s.body.every((inner) => inner.kind !== "loop"));
  const busy = cyclesOf(statements) * (isStraight ? machine.crowding : 1);
  return Math.max(busy, criticalPath(statements)) + fetch;
}

/** Cycles that pass from the first load to the last result however many operations the core could do at once: no code of the same equations takes fewer. */
export const latencyOfGradient = (program: Pick<Program, "procedures">): number =>
  criticalPath(inlined(program, procedureOf(program, "backward").statements));

/** The longest chain of operations of straight-line code, each waiting for the one before; loops are not followed. */
function criticalPath(statements: readonly Statement[]): number {
  const ready = new Map<string, number>();
  let longest = 0;
  const timeOf = (value: Value): number => {
    if (value.kind === "local") return ready.get(value.name) ?? 0;
    const parts = Math.max(0, ...partsOf(value).map(timeOf));
    return parts + latencyOf(value);
  };
  for (const statement of statements)
    for (const root of valuesOf(statement)) {
      const time = timeOf(root);
      longest = Math.max(longest, time);
      if (statement.kind === "define") ready.set(statement.name, time);
    }
  return longest;
}

function latencyOf(value: Value): number {
  const { load, operation, division, call } = machine.latency;
  if (value.kind === "load") return load;
  if (value.kind === "call") return value.args.length === 0 ? 0 : call;
  if (value.kind === "operation") return value.operator === "/" ? division : operation;
  return value.kind === "number" ? 0 : operation;
}

/** What the model knows of arrays. */
export interface Whereabouts {
  /** Those of {@link machine}'s farLength or more. */
  readonly far: ReadonlySet<ArrayName>;
  /** Those that a function is given as arguments: every access asks for the array's length anew. */
  readonly given: ReadonlySet<ArrayName>;
}
const near: Whereabouts = { far: new Set(), given: new Set() };

/** Cycles of a list of statements, loops with all their turns. */
export function cyclesOf(statements: readonly Statement[], arrays: Whereabouts = near): number {
  let total = cyclesOfStraight(statements.filter((s) => s.kind !== "loop"));
  for (const statement of statements) {
    if (statement.kind !== "loop") continue;
    const turns = Math.ceil((statement.end - statement.start) / statement.step);
    const isInnermost = statement.body.every((s) => s.kind !== "loop");
    const turn = isInnermost
      ? cyclesOfTurn(statement.body, arrays)
      : cyclesOf(statement.body, arrays) + machine.loopTurn / machine.width;
    total += turns * turn + machine.loopEntry;
  }
  return total;
}

/** One turn of an innermost loop: whichever of the core's limits is reached first. */
function cyclesOfTurn(body: readonly Statement[], arrays: Whereabouts): number {
  const chains = new Map<string, number>();
  for (const s of body) if (s.kind === "add") chains.set(s.name, (chains.get(s.name) ?? 0) + machine.adderLatency);
  return (
    Math.max(cyclesOfStraight(body, machine.loopTurn + overheadOfGiven(body, arrays)), ...chains.values()) +
    spillsOf(body, arrays) * machine.spill
  );
}

function overheadOfGiven(body: readonly Statement[], { given }: Whereabouts): number {
  const accessed = body.flatMap((s) => (s.kind === "store" ? [s.array] : []));
  for (const root of body.flatMap(valuesOf)) visitValue(root, (v) => v.kind === "load" && accessed.push(v.array));
  const own = accessed.filter((array) => given.has(array));
  return own.length * machine.givenAccess + new Set(own).size * machine.givenArray;
}

/** Cycles that the issue of micro-operations, loads and stores takes, with no waiting for results. */
function cyclesOfStraight(statements: readonly Statement[], overhead = 0): number {
  const { operations, loads, stores, slow } = resourcesOf(statements);
  const issue = (operations + stores + overhead) / machine.width;
  return Math.max(issue, loads / machine.loads, stores / machine.stores) + slow;
}

function resourcesOf(statements: readonly Statement[]): Record<"operations" | "loads" | "stores" | "slow", number> {
  const total = { operations: 0, loads: 0, stores: 0, slow: 0 };
  const indices = new Set<string>();
  for (const statement of statements) {
    if (statement.kind === "store") {
      total.stores += 1;
      indices.add(indexKey(statement.at));
    }
    // An addend is one operation more; a load that is all of a definition is one of its own.
    if (statement.kind === "add" || statement.kind === "raise") total.operations += 1;
    for (const root of valuesOf(statement)) {
      if (statement.kind === "define" && root.kind === "load") total.operations += 1;
      visitValue(root, (value) => {
        for (const at of positionsOf(value)) indices.add(indexKey(at));
        if (value.kind === "load") total.loads += 1;
        if (value.kind === "operation" && value.operator === "/") total.slow += machine.division;
        if (value.kind === "call" && value.args.length > 0) total.slow += machine.call;
        total.operations += ["operation", "negate"].includes(value.kind) ? 1 : value.kind === "choose" ? 2 : 0;
      });
    }
  }
  // An index is computed, and compared with the array's length once for all arrays of that length.
  for (const index of indices) total.operations += /^\d/.test(index) ? 1 : 2;
  return total;
}

/** Arrays whose views differ by whole rows are checked with one comparison: what the index itself is. */
const indexKey = ({ constant, terms }: Position): string =>
  `${terms.map(({ index, scale }) => `${index}${scale}`).join()}${terms.length > 1 ? "" : constant}`;

/** How many values of an innermost loop find no register. */
function spillsOf(body: readonly Statement[], arrays: Whereabouts): number {
  const locals = new Set<string>();
  const addresses = new Map<string, Set<number>>();
  const address = (array: string, { constant, terms }: Position): void => {
    const key = `${array} ${terms.length > 1}`;
    addresses.set(key, (addresses.get(key) ?? new Set()).add(terms.length > 1 ? constant : 0));
  };
  let temporaries = 0;
  for (const statement of body) {
    if (statement.kind === "add" || statement.kind === "raise" || statement.kind === "define")
      locals.add(statement.name);
    if (statement.kind === "store") address(statement.array, statement.at);
    for (const root of valuesOf(statement)) {
      temporaries = Math.max(temporaries, partsOf(root).length);
      visitValue(root, (value) => {
        if (value.kind === "local" || value.kind === "number") locals.add(valueKey(value));
        if (value.kind === "load") address(value.array, value.at);
      });
    }
  }
  const written = new Set(
    body.flatMap((s) => (s.kind === "store" ? [`${s.array}${s.at.constant - (s.at.constant % 2)}`] : [])),
  ).size;
  // Neighbours are reached from one address by the index.
  const bases = [...addresses.values()].reduce((n, set) => n + [...set].filter((c) => !set.has(c - 1)).length, 0);
  const isFar = [...addresses.keys()].some((key) => arrays.far.has(key.split(" ")[0] as string));
  const over = (count: number, most: number): number => Math.max(0, count - most);
  return (
    over(locals.size + temporaries, machine.registers) +
    over(bases, isFar ? machine.farAddresses : machine.addresses) +
    over(written, machine.writtenRows) / 4
  );
}
