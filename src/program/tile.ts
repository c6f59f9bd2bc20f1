import {
  mapParts,
  valueKey,
  valuesOf,
  visitStatements,
  visitValue,
  type Position,
  type Statement,
  type Value,
} from "./program.ts";

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
  const own = localsOf(loop.body);
  const names: LoadNames = new Map();
  return parts
    .filter(({ start, end }) => end > start)
    .map((part) => ({
      ...part,
      body: jam(
        Array.from({ length: part.step }, (_, row) => part.body.map((s) => atRow(s, part.index, row, own))),
        names,
      ),
    }));
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
function jam(copies: readonly (readonly Statement[])[], names: LoadNames): readonly Statement[] {
  const [first = []] = copies;
  return first.flatMap((statement, at): readonly Statement[] => {
    const row = copies.map((copy) => copy[at] as Statement);
    if (statement.kind !== "loop") return row;
    return [
      {
        ...statement,
        body: shareLoads(
          jam(
            row.map((s) => (s as Loop).body),
            names,
          ),
          names,
        ),
      },
    ];
  });
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

/** By array and indices; another load that would be called the same has a name of its own. */
function localName(load: Extract<Value, { kind: "load" }>, names: LoadNames): string {
  const { array, at } = load;
  let name = [array, ...(at.constant === 0 ? [] : [at.constant]), ...at.terms.map((t) => t.index)].join("_");
  while ((names.get(name) ?? valueKey(load)) !== valueKey(load)) name += "_";
  names.set(name, valueKey(load));
  return name;
}

/** A statement for the row-th iteration of a tile: the index is moved by `row`, and its locals get a name of their own. */
function atRow(statement: Statement, index: string, row: number, own: ReadonlySet<string>): Statement {
  const move = (position: Position): Position => {
    const scale = position.terms.filter((t) => t.index === index).reduce((total, t) => total + t.scale, 0);
    return { ...position, constant: position.constant + row * scale };
  };
  const rename = (name: string): string => (row === 0 || !own.has(name) ? name : `${name}_${row}`);
  return mapStatement(
    statement,
    (value) => (value.kind === "local" ? { ...value, name: rename(value.name) } : value),
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
  const value = (v: Value): Value => mapValue(v, mapLeaf, mapPosition);
  switch (statement.kind) {
    case "define":
      return { ...statement, name: rename(statement.name), value: value(statement.value) };
    case "accumulator":
      return { ...statement, name: rename(statement.name), start: value(statement.start) };
    case "add":
    case "raise":
      return { ...statement, name: rename(statement.name), value: value(statement.value) };
    case "store":
      return { ...statement, at: mapPosition(statement.at), value: value(statement.value) };
    case "loop":
      return { ...statement, body: statement.body.map((s) => mapStatement(s, mapLeaf, mapPosition, rename)) };
    default:
      return statement;
  }
}

function mapValue(
  value: Value,
  mapLeaf: (value: Value) => Value,
  mapPosition: (position: Position) => Position,
): Value {
  switch (value.kind) {
    case "number":
    case "local":
      return mapLeaf(value);
    case "load":
      return mapLeaf({ ...value, at: mapPosition(value.at) });
    default: {
      const mapped = mapParts(value, (part) => mapValue(part, mapLeaf, mapPosition));
      return mapped.kind === "match"
        ? { ...mapped, left: mapPosition(mapped.left), right: mapPosition(mapped.right) }
        : mapped;
    }
  }
}
