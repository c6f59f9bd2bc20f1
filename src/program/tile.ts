import { mapParts, valueKey, valuesOf, visitValue, type Position, type Statement, type Value } from "./program.ts";

/**
 * Rows that one pass of an inner loop serves. Each needs a register for its accumulator and one for its
 * weight; with four, the adder's latency is hidden and stores of an outer product reach one a cycle.
 */
const rowsPerTile = 4;
/** Inner loops shorter than this gain nothing. */
const shortestInner = 8;

type Loop = Extract<Statement, { kind: "loop" }>;

/**
 * Register tiling (unroll-and-jam): an outer loop whose iterations are independent, and that has loops
 * inside, does several iterations at a time, their inner loops merged into one, so that what does not depend
 * on the row is loaded once. Rows that are left over make one smaller tile.
 */
export function tileLoops(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((statement) =>
    statement.kind === "loop" && hasLongLoop(statement.body) ? tile(statement) : [statement],
  );
}

const hasLongLoop = (body: readonly Statement[]): boolean =>
  body.some((s) => s.kind === "loop" && s.end - s.start >= shortestInner);

function tile(loop: Loop): readonly Statement[] {
  const whole = loop.end - (loop.end % rowsPerTile);
  const parts = [
    { ...loop, start: 0, end: whole, step: rowsPerTile },
    { ...loop, start: whole, end: loop.end, step: loop.end - whole },
  ];
  return parts
    .filter(({ start, end }) => end > start)
    .map((part) => ({
      ...part,
      body: jam(Array.from({ length: part.step }, (_, row) => part.body.map((s) => atRow(s, part.index, row)))),
    }));
}

/** The copies of a body side by side: position by position, loops merged. */
function jam(copies: readonly (readonly Statement[])[]): readonly Statement[] {
  const [first = []] = copies;
  return first.flatMap((statement, at): readonly Statement[] => {
    const row = copies.map((copy) => copy[at] as Statement);
    if (statement.kind !== "loop") return row;
    return [{ ...statement, body: shareLoads(jam(row.map((s) => (s as Loop).body))) }];
  });
}

/** Loads that several statements of an inner loop have in common come first, into locals. */
function shareLoads(body: readonly Statement[]): readonly Statement[] {
  const stored = new Set(body.flatMap((s) => (s.kind === "store" ? [s.array] : [])));
  const counts = new Map<string, { value: Extract<Value, { kind: "load" }>; uses: number }>();
  for (const root of body.flatMap(valuesOf)) {
    visitValue(root, (value) => {
      if (value.kind !== "load" || stored.has(value.array)) return;
      const known = counts.get(valueKey(value));
      counts.set(valueKey(value), { value, uses: (known?.uses ?? 0) + 1 });
    });
  }
  const shared = new Map(
    [...counts].filter(([, { uses }]) => uses > 1).map(([key, { value }]) => [key, { value, name: localName(value) }]),
  );
  const replace = (value: Value): Value => {
    const local = value.kind === "load" ? shared.get(valueKey(value)) : undefined;
    return local === undefined ? value : { kind: "local", name: local.name };
  };
  const defines = [...shared.values()].map(({ value, name }): Statement => ({ kind: "define", name, value }));
  return [
    ...defines,
    ...body.map((s) =>
      mapStatement(
        s,
        replace,
        (position) => position,
        (name) => name,
      ),
    ),
  ];
}

const localName = ({ array, at }: Extract<Value, { kind: "load" }>): string =>
  [array, ...(at.constant === 0 ? [] : [at.constant]), ...at.terms.map((t) => t.index)].join("_");

/** A statement for the row-th iteration of a tile: the index is moved by `row`, and its locals get a name of their own. */
function atRow(statement: Statement, index: string, row: number): Statement {
  const move = (position: Position): Position => {
    const scale = position.terms.filter((t) => t.index === index).reduce((total, t) => total + t.scale, 0);
    return { ...position, constant: position.constant + row * scale };
  };
  const rename = (name: string): string => (row === 0 ? name : `${name}_${row}`);
  return mapStatement(
    statement,
    (value) =>
      value.kind === "load"
        ? { ...value, at: move(value.at) }
        : value.kind === "local"
          ? { ...value, name: rename(value.name) }
          : value,
    move,
    rename,
  );
}

function mapStatement(
  statement: Statement,
  mapLeaf: (value: Value) => Value,
  mapPosition: (position: Position) => Position,
  rename: (name: string) => string,
): Statement {
  const value = (v: Value): Value => mapValue(v, mapLeaf);
  switch (statement.kind) {
    case "define":
      return { ...statement, name: rename(statement.name), value: value(statement.value) };
    case "accumulator":
      return { ...statement, name: rename(statement.name), start: value(statement.start) };
    case "add":
      return { ...statement, name: rename(statement.name), value: value(statement.value) };
    case "store":
      return { ...statement, at: mapPosition(statement.at), value: value(statement.value) };
    case "loop":
      return { ...statement, body: statement.body.map((s) => mapStatement(s, mapLeaf, mapPosition, rename)) };
    default:
      return statement;
  }
}

function mapValue(value: Value, mapLeaf: (value: Value) => Value): Value {
  const isLeaf = value.kind === "number" || value.kind === "local" || value.kind === "load";
  return isLeaf ? mapLeaf(value) : mapParts(value, (part) => mapValue(part, mapLeaf));
}
