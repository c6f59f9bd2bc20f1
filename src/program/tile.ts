import { cyclesOf, machine, type Whereabouts } from "./cost-model.ts";
import { gathers, isGather, type Gather } from "./interchange.ts";
import {
  valueKey,
  valuesOf,
  visitStatements,
  visitValue,
  type Position,
  type Statement,
  type Value,
} from "./program.ts";
import { fixed, mapStatement, moved } from "./rewrite.ts";

/** With more rows a tile has no registers left for what they need. */
const mostRows = 6;
/** Inner loops shorter than this gain nothing by being merged, and those up to {@link shortest} are written out. */
const shortestInner = 8;
const shortest = 4;
/** Two turns in one must cost so much less than one by one: what the code is longer by costs as well. */
const worthwhile = 0.95;

type Loop = Extract<Statement, { kind: "loop" }>;

/**
 * Register tiling (unroll-and-jam): an outer loop whose iterations are independent, and that has loops
 * inside, does several iterations at a time, their inner loops merged into one, so that what does not depend
 * on the row is loaded once and additions to several sums overlap. How many is what costs least by the cost model;
 * rows that would be left over make tiles of another height.
 */
export function tileLoops(statements: readonly Statement[], arrays: Whereabouts): readonly Statement[] {
  return statements.flatMap((statement) =>
    statement.kind === "loop" && (hasLongLoop(statement.body) || gathers(statement))
      ? tile(statement, arrays)
      : [statement],
  );
}

const hasLongLoop = (body: readonly Statement[]): boolean =>
  body.some((s) => s.kind === "loop" && s.end - s.start >= shortestInner);

function tile(loop: Loop, arrays: Whereabouts): readonly Statement[] {
  const names: LoadNames = new Map();
  const own = localsOf(loop.body);
  const bodies = Array.from({ length: Math.min(mostRows, loop.end - loop.start) }, (_, i) =>
    tileBody(loop, i + 1, own, names, arrays),
  );
  const parts: Loop[] = [];
  let start = loop.start;
  for (const { rows, tiles } of cheapestPartition(loop.end - loop.start, bodies, arrays)) {
    const body = bodies[rows - 1] as readonly Statement[];
    parts.push({ ...loop, start, end: start + rows * tiles, step: rows, body });
    start += rows * tiles;
  }
  return parts.flatMap((part, nth) => withGathered(part, nth === 0));
}

/** Rows in tiles, one or two heights, the higher first. */
function cheapestPartition(
  count: number,
  bodies: readonly (readonly Statement[])[],
  arrays: Whereabouts,
): readonly { readonly rows: number; readonly tiles: number }[] {
  const costs = bodies.map((body) => cyclesOf(body, arrays) + machine.loopTurn);
  const costOf = (rows: number): number => costs[rows - 1] as number;
  let best = { cost: Infinity, parts: [] as { rows: number; tiles: number }[] };
  for (let high = bodies.length; high >= 1; high--)
    for (let low = 0; low < high; low++)
      for (let tiles = Math.floor(count / high); tiles >= 1; tiles--) {
        const rest = count - high * tiles;
        if (low === 0 ? rest !== 0 : rest === 0 || rest % low !== 0) continue;
        const cost = tiles * costOf(high) + (low === 0 ? 0 : (rest / low) * costOf(low) + machine.loopEntry);
        if (cost >= best.cost) continue;
        best = {
          cost,
          parts: [{ rows: high, tiles }, ...(low === 0 ? [] : [{ rows: low, tiles: rest / low }])],
        };
      }
  return best.parts;
}

/** Some iterations side by side. */
function tileBody(
  loop: Loop,
  rows: number,
  own: ReadonlySet<string>,
  names: LoadNames,
  arrays: Whereabouts,
): readonly Statement[] {
  const copies = Array.from({ length: rows }, (_, row) =>
    loop.body.map((s) => atTurn(s, loop.index, row, own, (local) => `${local}_${row}`)),
  );
  return jam(copies, names, arrays);
}

/** The locals that belong to one iteration; those from outside are the same for all. */
function localsOf(body: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  visitStatements(body, (s) => (s.kind === "define" || s.kind === "accumulator") && names.add(s.name));
  return names;
}

/** Names of loads that have become locals, with the load that each stands for. */
type LoadNames = Map<string, string>;

/** The copies of a body side by side: position by position, loops merged. */
function jam(copies: readonly (readonly Statement[])[], names: LoadNames, arrays: Whereabouts): readonly Statement[] {
  const [first = []] = copies;
  return first.flatMap((statement, at): readonly Statement[] => {
    const row = copies.map((copy) => copy[at] as Statement);
    if (isGather(statement)) return [gathered(row as Gather[])];
    if (statement.kind !== "loop") return row;
    const bodies = row.map((s) => (s as Loop).body);
    return unrollInner({ ...statement, body: shareLoads(jam(bodies, names, arrays), names) }, arrays);
  });
}

/** What several rows add to one entry is added up first, in the order of the rows. */
const gathered = (row: readonly Gather[]): Gather => ({
  ...(row[0] as Gather),
  value: row
    .map(({ value }) => value)
    .reduce((left, right): Value => ({ kind: "operation", operator: "+", left, right })),
});

/** The loop over tiles once more: its first turn sets the sums that the others add to. */
function withGathered(part: Loop, isFirst: boolean): readonly Loop[] {
  if (!gathers(part)) return [part];
  const first = { ...part, end: part.start + part.step };
  const others = { ...part, start: first.end };
  const setting = mapGathers(first, ({ value }) => value);
  const adding = (loop: Loop): Loop =>
    mapGathers(loop, ({ array, at, value }) => addTo({ kind: "load", array, at }, value));
  if (!isFirst) return [adding(part)];
  return others.start < others.end ? [setting, adding(others)] : [setting];
}

/** sum + value, added from the left as the terms of the value come. */
const addTo = (sum: Value, value: Value): Value =>
  value.kind === "operation" && value.operator === "+"
    ? { ...value, left: addTo(sum, value.left) }
    : { kind: "operation", operator: "+", left: sum, right: value };

function mapGathers(loop: Loop, valueOf: (gather: Gather) => Value): Loop {
  const body = loop.body.map((s): Statement => {
    if (s.kind === "loop") return mapGathers(s, valueOf);
    return isGather(s) ? { kind: "store", array: s.array, at: s.at, value: valueOf(s) } : s;
  });
  return { ...loop, body };
}

/** An innermost loop with two turns in one where that costs less; very short ones without a loop. */
function unrollInner(loop: Loop, arrays: Whereabouts): readonly Statement[] {
  const turns = loop.end - loop.start;
  const own = localsOf(loop.body);
  if (loop.step !== 1 || loop.body.some((s) => s.kind === "loop")) return [loop];
  const turn = (by: number): readonly Statement[] =>
    loop.body.map((s) => atTurn(s, loop.index, by, own, (local) => nameInTurn(local, loop.index, by)));
  const at = (value: number): readonly Statement[] =>
    turn(value).map((s) => mapStatement(s, { place: (p) => fixed(p, loop.index, 0) }));
  if (turns <= shortest) return Array.from({ length: turns }, (_, i) => at(loop.start + i)).flat();
  const twice = { ...loop, end: loop.end - (turns % 2), step: 2, body: loadsFirst([turn(0), turn(1)]) };
  const rest = turns % 2 === 0 ? [] : at(loop.end - 1);
  return cyclesOf([twice, ...rest], arrays) < worthwhile * cyclesOf([loop], arrays) ? [twice, ...rest] : [loop];
}

/** The turns one after another, but the shared loads of all of them first, so that none waits for the sums of another. */
function loadsFirst(turns: readonly (readonly Statement[])[]): readonly Statement[] {
  const [first = []] = turns;
  const loads = first.findIndex((s) => s.kind !== "define" || s.value.kind !== "load");
  return [...turns.flatMap((turn) => turn.slice(0, loads)), ...turns.flatMap((turn) => turn.slice(loads))];
}

/** Loads that several statements of an inner loop have in common come first, into locals. */
function shareLoads(body: readonly Statement[], names: LoadNames): readonly Statement[] {
  const stored = new Set<string>();
  visitStatements(body, (s) => s.kind === "store" && stored.add(s.array));
  const counts = new Map<string, { value: Extract<Value, { kind: "load" }>; uses: number }>();
  for (const root of body.flatMap(valuesOf)) {
    visitValue(root, (value) => {
      if (value.kind !== "load" || stored.has(value.array)) return;
      const known = counts.get(valueKey(value));
      counts.set(valueKey(value), { value, uses: (known?.uses ?? 0) + 1 });
    });
  }
  const shared = new Map(
    [...counts]
      .filter(([, { uses }]) => uses > 1)
      .map(([key, { value }]) => [key, { value, name: localName(value, names) }]),
  );
  const leaf = (value: Value): Value => {
    const local = value.kind === "load" ? shared.get(valueKey(value)) : undefined;
    return local === undefined ? value : { kind: "local", name: local.name };
  };
  const defines = [...shared.values()].map(({ value, name }): Statement => ({ kind: "define", name, value }));
  return [...defines, ...body.map((s) => mapStatement(s, { leaf }))];
}

/** By array and indices; another load that would be called the same has a name of its own. */
function localName(load: Extract<Value, { kind: "load" }>, names: LoadNames): string {
  const { array, at } = load;
  let name = [array, ...(at.constant === 0 ? [] : [at.constant]), ...at.terms.map((t) => t.index)].join("_");
  while ((names.get(name) ?? valueKey(load)) !== valueKey(load)) name += "_";
  names.set(name, valueKey(load));
  return name;
}

/** x_k becomes x_k1, t2 becomes t2_k1: apart from the names of rows. */
const nameInTurn = (local: string, index: string, turn: number): string =>
  local.endsWith(`_${index}`) ? `${local}${turn}` : `${local}_${index}${turn}`;

/** A statement some turns of a loop later, its locals with names of their own. */
function atTurn(
  statement: Statement,
  index: string,
  turn: number,
  own: ReadonlySet<string>,
  nameOf: (local: string) => string,
): Statement {
  if (turn === 0) return statement;
  const name = (local: string): string => (own.has(local) ? nameOf(local) : local);
  return mapStatement(statement, {
    leaf: (value) => (value.kind === "local" ? { ...value, name: name(value.name) } : value),
    place: (at: Position) => moved(at, index, turn),
    name,
  });
}
