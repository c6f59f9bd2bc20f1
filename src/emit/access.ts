import {
  positionsOf,
  valuesOf,
  visitValue,
  type ArrayName,
  type Position,
  type Procedure,
  type Program,
  type Statement,
} from "../program/index.ts";

type Loop = Extract<Statement, { kind: "loop" }>;

/** A view of one of the module's arrays. */
export interface View {
  readonly name: string;
  readonly memory: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The arrays of the module that one of its doors works on, and views of them. V8 folds the address and the length
 * of an array that is a constant of the module, and compares an index with a length once for all arrays of that
 * length: a tile reads each of its rows through a view of its own, all of one length, at one index.
 */
export class Door {
  /** Those that its functions use. */
  readonly views: View[];
  readonly prefix: string;
  /** What the names of its functions end with. */
  readonly suffix: string;
  /** The module's array behind one of the program's; one that is not here is an argument of the functions. */
  readonly memory: ReadonlyMap<ArrayName, string>;
  private readonly program: Program;
  private readonly taken: ReadonlySet<string>;

  /**
   * @param taken names that stand for something else in the module
   * @param views those of another door on some of the same arrays, to use and to add to
   */
  constructor(
    { prefix, suffix }: { readonly prefix: string; readonly suffix: string },
    memory: ReadonlyMap<ArrayName, string>,
    program: Program,
    taken: ReadonlySet<string>,
    views: View[] = [],
  ) {
    this.views = views;
    this.prefix = prefix;
    this.suffix = suffix;
    this.memory = memory;
    this.program = program;
    this.taken = taken;
  }

  /** How functions call the view, and what its name in the module is; the array itself where the view would be all of it. */
  view(array: ArrayName, from: number, to: number): { readonly alias: string; readonly name: string } {
    const memory = this.memory.get(array) as string;
    const end = Math.min(to, lengthOf(array, this.program));
    if (from === 0 && end === lengthOf(array, this.program)) return { alias: array, name: memory };
    let view = this.views.find((v) => v.memory === memory && v.from === from && v.to === end);
    if (view === undefined) {
      view = { name: this.fresh(tensorAt(array, from, this.program)), memory, from, to: end };
      this.views.push(view);
    }
    return { alias: view.name.slice(this.prefix.length), name: view.name };
  }

  /** Where the tensor ends that has an entry there; the end of the array where it begins with it. */
  endOf(array: ArrayName, at: number): number {
    const placement = isByLayout(array) ? this.program.layout.findLast(({ offset }) => offset <= at) : undefined;
    return placement === undefined
      ? lengthOf(array, this.program)
      : placement.offset + placement.rows * placement.columns;
  }

  private fresh(stem: string): string {
    const isFree = (alias: string): boolean =>
      !this.taken.has(alias) && this.views.every(({ name }) => name !== this.prefix + alias);
    let alias = stem;
    for (let nth = 0; !isFree(alias); nth++) alias = `${stem}${"bcdefghijklmnopqrstuvwxyz"[nth] ?? `_${nth}`}`;
    return this.prefix + alias;
  }
}

const isByLayout = (array: ArrayName): boolean => array === "theta" || array === "gradient";

/** `W2_3` for what begins at row 3 of W2, `dW2_3` in the gradient. */
function tensorAt(array: ArrayName, from: number, { layout, task }: Program): string {
  if (!isByLayout(array)) return `${array}_${from}`;
  const placement = layout.findLast(({ offset }) => offset <= from);
  if (placement === undefined) throw new Error(`${array} has nothing at ${from}`);
  const { name, offset, columns } = placement;
  const [row, column] = [Math.floor((from - offset) / columns), (from - offset) % columns];
  const tensor = `${array === "theta" ? "" : "d"}${task.codeNames.get(name) as string}`;
  if (columns === 1) return row === 0 ? tensor : `${tensor}_${row}`;
  return column === 0 ? `${tensor}_${row}` : `${tensor}_${row}_${column}`;
}

/** Length of an array of the program. */
export function lengthOf(array: ArrayName, { parameterCount, outputLength, inputs, scratch }: Program): number {
  if (array === "theta" || array === "gradient") return parameterCount;
  if (array === "output") return outputLength;
  const found = inputs.find(({ name }) => name === array) ?? scratch.find(({ name }) => name === array);
  if (found === undefined) throw new Error(`the program has no array ${array}`);
  return found.length;
}

/** Where the code of one procedure finds the entries of arrays. */
export class Access {
  /** Constants at the head of the function, by name: arrays and views of the module. */
  readonly aliases = new Map<string, string>();
  private readonly door: Door;
  private readonly nests: ReadonlyMap<Statement, Nest>;
  private nest: Nest | null = null;

  constructor({ statements, result }: Procedure, door: Door) {
    this.door = door;
    const nests = new Map<Statement, Nest>();
    for (const statement of statements) {
      if (statement.kind === "loop") nests.set(statement, new Nest(statement, door, this.aliases));
      else this.readStraight(statement);
    }
    if (result !== null) visitValue(result, (v) => v.kind === "load" && this.readWhole(v.array));
    this.nests = nests;
  }

  /** To be called before a statement of the procedure is printed. */
  enter(statement: Statement): void {
    this.nest = this.nests.get(statement) ?? null;
  }

  /** To be called after the last. */
  leave(): void {
    this.nest = null;
  }

  /** An entry as code reads or writes it. */
  entry(array: ArrayName, at: Position): string {
    return this.nest?.entry(array, at) ?? `${array}[${this.index(at)}]`;
  }

  index(at: Position): string {
    return this.nest === null ? String(at.constant) : this.nest.index(at);
  }

  /** The lines of a loop's body: first the indices that it needs and that are sums, as locals. */
  within(loop: Loop, body: () => readonly string[]): readonly string[] {
    return this.nest?.within(loop, body) ?? body();
  }

  private readStraight(statement: Statement): void {
    for (const root of valuesOf(statement)) visitValue(root, (v) => v.kind === "load" && this.readWhole(v.array));
    if (statement.kind === "store") this.readWhole(statement.array);
  }

  private readWhole(array: ArrayName): void {
    const memory = this.door.memory.get(array);
    if (memory !== undefined) this.aliases.set(array, memory);
  }
}

/** Entries one after another, reached from the first. */
interface Run {
  readonly from: number;
  readonly alias: string;
}

/** A loop of a procedure with all that is inside. */
class Nest {
  private readonly runs = new Map<string, readonly Run[]>();
  /** The indices of the loops around what is being printed. */
  private readonly around: string[] = [];
  private readonly lasts = new Map<string, number>();
  private readonly names = new Map<string, string>();

  constructor(loop: Loop, door: Door, aliases: Map<string, string>) {
    this.measure(loop);
    const places = new Map<string, { array: ArrayName; constants: Set<number>; reach: number }>();
    visitEntries(loop, (array, at) => {
      if (!door.memory.has(array)) return;
      if (at.terms.length === 0) {
        const { alias, name } = door.view(array, 0, Infinity);
        return void aliases.set(alias, name);
      }
      const key = placeKey(array, at);
      const place = places.get(key) ?? { array, constants: new Set<number>(), reach: this.reachOf(at) };
      place.constants.add(at.constant);
      places.set(key, place);
    });
    for (const [key, { array, constants, reach }] of places)
      this.runs.set(key, runsOf(array, constants, reach, door, aliases));
  }

  entry(array: ArrayName, at: Position): string {
    const run = this.runs.get(placeKey(array, at))?.findLast(({ from }) => from <= at.constant);
    const [name, from] = run === undefined ? [array, 0] : [run.alias, run.from];
    return `${name}[${this.index({ ...at, constant: at.constant - from })}]`;
  }

  index({ constant, terms }: Position): string {
    if (terms.length === 0) return String(constant);
    const sum = this.nameOf(this.inOrder(terms));
    return constant === 0 ? sum : `${sum} + ${constant}`;
  }

  within(loop: Loop, body: () => readonly string[]): readonly string[] {
    this.around.push(loop.index);
    const lines = [...this.indexLocals(loop), ...body()];
    this.around.pop();
    return lines;
  }

  private indexLocals(loop: Loop): readonly string[] {
    const lines = new Map<string, string>();
    visitPositions(loop, ({ terms }) => {
      const known = this.inOrder(terms.filter(({ index }) => this.around.includes(index)));
      const own = known.at(-1);
      if (own?.index !== loop.index || (known.length === 1 && own.scale === 1)) return;
      const scaled = own.scale === 1 ? own.index : `${own.scale} * ${own.index}`;
      const sum = known.length === 1 ? scaled : `(${this.nameOf(known.slice(0, -1))} + ${scaled}) | 0`;
      lines.set(this.nameOf(known), sum);
    });
    return [...lines].map(([name, value]) => `const ${name} = ${value};`);
  }

  /** An index alone is its own name; a sum of indices is a local. */
  private nameOf(terms: Position["terms"]): string {
    const [only] = terms;
    if (terms.length === 1 && only?.scale === 1) return only.index;
    const key = termsKey(terms);
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const stem = `at_${terms.map(({ index }) => index).join("")}`;
    const others = [...this.names.values()].filter((name) => name === stem || name.startsWith(`${stem}_`));
    const name = others.length === 0 ? stem : `${stem}_${others.length + 1}`;
    this.names.set(key, name);
    return name;
  }

  private inOrder(terms: Position["terms"]): Position["terms"] {
    return [...terms].sort((a, b) => this.around.indexOf(a.index) - this.around.indexOf(b.index));
  }

  private measure(loop: Loop): void {
    const { index, start, end, step, body } = loop;
    const last = start + step * (Math.ceil((end - start) / step) - 1);
    this.lasts.set(index, Math.max(last, this.lasts.get(index) ?? 0));
    for (const s of body) if (s.kind === "loop") this.measure(s);
  }

  private reachOf({ terms }: Position): number {
    return terms.reduce((sum, { index, scale }) => sum + scale * (this.lasts.get(index) as number), 0);
  }
}

function runsOf(
  array: ArrayName,
  constants: ReadonlySet<number>,
  reach: number,
  door: Door,
  aliases: Map<string, string>,
): readonly Run[] {
  const starts = [...constants].filter((c) => !constants.has(c - 1)).sort((a, b) => a - b);
  const lengths = starts.map((from) => {
    let length = 1;
    while (constants.has(from + length)) length++;
    return length;
  });
  const length = reach + Math.max(...lengths);
  // What is read through one view only need not end where the others do.
  const endFrom = (from: number): number =>
    starts.length === 1 ? Math.max(from + length, door.endOf(array, from)) : from + length;
  return starts.map((from) => {
    const { alias, name } = door.view(array, from, endFrom(from));
    aliases.set(alias, name);
    return { from, alias };
  });
}

function visitEntries(statement: Statement, visit: (array: ArrayName, at: Position) => void): void {
  if (statement.kind === "loop") for (const s of statement.body) visitEntries(s, visit);
  for (const root of valuesOf(statement)) visitValue(root, (v) => v.kind === "load" && visit(v.array, v.at));
  if (statement.kind === "store") visit(statement.array, statement.at);
}

function visitPositions(statement: Statement, visit: (at: Position) => void): void {
  if (statement.kind === "loop") for (const s of statement.body) visitPositions(s, visit);
  for (const root of valuesOf(statement)) visitValue(root, (v) => positionsOf(v).forEach(visit));
  if (statement.kind === "store") visit(statement.at);
}

const placeKey = (array: ArrayName, { terms }: Position): string => `${array} ${termsKey(terms)}`;

const termsKey = (terms: Position["terms"]): string =>
  [...terms]
    .sort((a, b) => (a.index < b.index ? -1 : 1))
    .map(({ index, scale }) => `${scale}${index}`)
    .join();
