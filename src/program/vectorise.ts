import {
  partsOf,
  valuesOf,
  visitStatements,
  visitValue,
  type Position,
  type Program,
  type Statement,
  type Value,
} from "./program.ts";
import { sharedName, shareLoads } from "./vector-loads.ts";
import { splitRows, type Phase } from "./vector-phases.ts";
import {
  changed,
  lane,
  scaleOf,
  upTo,
  withIndex,
  type Simple,
  type VectorProgram,
  type VectorStatement,
} from "./vector.ts";

export type Loop = Extract<Statement, { kind: "loop" }>;

/** How far loops are unrolled. */
export interface VectorSchedule {
  /** Rows of a matrix whose products with one vector are summed side by side, sharing its loads. */
  readonly rowsPerSum: number;
  /** Vectors of neighbouring sums that are summed side by side where the rows of a matrix are added up. */
  readonly vectorsPerSum: number;
  /** Rows that an outer product writes side by side. */
  readonly rowsPerStore: number;
  /** Vectors of a row in one turn of a loop. */
  readonly vectorsPerTurn: number;
  /** Loops of no more vectors than this are straight-line code. */
  readonly mostUnrolled: number;
}

export const vectorSchedule: VectorSchedule = {
  rowsPerSum: 6,
  vectorsPerSum: 4,
  rowsPerStore: 4,
  vectorsPerTurn: 1,
  mostUnrolled: 40,
};

/**
 * Loops as a machine with vectors of `lanes` numbers runs them. Neighbouring rows are the lanes of what is done
 * row by row; sums along the rows of a matrix have the entries of a row as lanes, which are added up in the end, several
 * rows side by side; sums down its columns, and outer products, have neighbouring columns as lanes. What has no
 * such form stays a loop of scalars.
 *
 * @param program loops as they come from the equations, see buildLoops
 */
export function vectorise(
  { plain, ...program }: Program,
  lanes: number,
  schedule: VectorSchedule = vectorSchedule,
): VectorProgram {
  const scratch = new Map(program.scratch.map(({ name, length }) => [name, length]));
  const procedures = program.procedures.map((procedure) => ({
    ...procedure,
    statements: new Vectoriser(lanes, schedule, scratch).block(procedure.statements),
  }));
  return {
    ...program,
    lanes,
    procedures,
    scratch: [...scratch].map(([name, length]) => ({ name, length })),
    plain: plain === null ? null : vectorise(plain, lanes, schedule),
  };
}

type Move = (position: Position) => Position;

/** One procedure. */
class Vectoriser {
  private readonly lanes: number;
  private readonly schedule: VectorSchedule;
  private readonly scratch: Map<string, number>;
  private shared = 0;

  constructor(lanes: number, schedule: VectorSchedule, scratch: Map<string, number>) {
    this.lanes = lanes;
    this.schedule = schedule;
    this.scratch = scratch;
  }

  block(statements: readonly Statement[]): readonly VectorStatement[] {
    return statements.flatMap((statement, i): readonly VectorStatement[] => {
      const next = statements[i + 1];
      const before = statements[i - 1];
      if (statement.kind === "accumulator" && next?.kind === "loop" && this.isSum(statement, next)) return [];
      if (statement.kind !== "loop") return [statement];
      if (before?.kind === "accumulator" && this.isSum(before, statement)) return this.sum(before, statement);
      return this.rows(statement);
    });
  }

  /** Is the loop one that adds to the accumulator, and to nothing else, what lies side by side? */
  private isSum(accumulator: Extract<Statement, { kind: "accumulator" }>, loop: Loop): boolean {
    return (
      loop.end - loop.start >= this.lanes &&
      loop.body.every((s) => s.kind === "define" || (s.kind === "add" && s.name === accumulator.name)) &&
      isAlong(loop, loop.index)
    );
  }

  private sum(accumulator: Extract<Statement, { kind: "accumulator" }>, loop: Loop): readonly VectorStatement[] {
    const { name } = accumulator;
    const vector = `${name}_lanes`;
    const whole = loop.end - ((loop.end - loop.start) % this.lanes);
    const own = new Set([name, ...localsOf(loop.body)]);
    const inLanes = (move: Move): readonly VectorStatement[] =>
      loop.body.map((s) =>
        this.inLanes(
          this.lanes,
          s as Simple,
          (n) => (own.has(n) ? `${n}_lanes` : n),
          (p) => move(alongLanes(p, loop.index)),
        ),
      );
    return [
      this.inLanes(this.lanes, { kind: "accumulator", name: vector, start: zero }, same, same),
      ...this.repeat(loop.index, loop.start, whole, this.lanes, 1, inLanes),
      ...(isZero(accumulator.start)
        ? [{ kind: "total", name, of: vector } as const]
        : [
            accumulator,
            { kind: "total", name: `${name}_total`, of: vector } as const,
            { kind: "add", name, value: { kind: "local", name: `${name}_total` } } as const,
          ]),
      ...upTo(loop.end - whole).flatMap((at) =>
        loop.body.map((s) => changed(s as Simple, same, (p) => withIndex(p, loop.index, whole + at))),
      ),
    ];
  }

  /** A loop whose turns do not depend on each other. */
  private rows(loop: Loop): readonly VectorStatement[] {
    const phases = loop.step === 1 && loop.start === 0 && isIndependent(loop) ? splitRows(loop, this.scratch) : null;
    if (phases === null || !phases.every((phase) => this.hasForm(loop, phase)))
      return [{ ...loop, body: this.block(loop.body) }];
    return phases.flatMap((phase) => {
      const rows = this.rowsOf(loop, phase);
      const tile = (count: number, move: Move): readonly VectorStatement[] =>
        phase.kind === "rows"
          ? this.tileOfRows(loop.index, phase.statements, count, move)
          : this.tileOfStores(loop.index, phase.loop, count, move);
      const whole = loop.end - (loop.end % rows);
      return [
        ...this.repeat(loop.index, 0, whole, rows, 1, (move) => tile(rows, move), 1),
        ...(whole === loop.end ? [] : tile(loop.end - whole, (p) => withIndex(p, loop.index, whole))),
      ];
    });
  }

  private hasForm(loop: Loop, phase: Phase): boolean {
    if (phase.kind === "stores") return isAlong(phase.loop, phase.loop.index) || isAlong(phase.loop, loop.index);
    return phase.statements.every((s) => s.kind !== "loop" || isAlong(s, loop.index) || isRowSum(s, phase.statements));
  }

  private rowsOf(loop: Loop, phase: Phase): number {
    if (phase.kind === "stores")
      return isAlong(phase.loop, phase.loop.index)
        ? this.schedule.rowsPerStore
        : this.schedule.rowsPerStore * this.lanes;
    const inner = phase.statements.filter((s) => s.kind === "loop");
    if (inner.some((s) => !isAlong(s, loop.index))) return this.schedule.rowsPerSum;
    return this.lanes * (inner.length > 0 ? this.schedule.vectorsPerSum : 4);
  }

  private tileOfRows(
    index: string,
    statements: readonly Statement[],
    count: number,
    move: Move,
  ): readonly VectorStatement[] {
    const own = localsOf(statements);
    const isAcross = (s: Statement): boolean => s.kind === "loop" && !isAlong(s, index);
    const acrossSums = new Set(statements.flatMap((s) => (s.kind === "loop" && isAcross(s) ? addedIn(s) : [])));
    return statements.flatMap((statement): readonly VectorStatement[] => {
      if (statement.kind === "loop") {
        if (isAcross(statement)) return this.rowSums(index, statement, own, count, move);
        const turn = (inner: Move): readonly VectorStatement[] =>
          statement.body.flatMap((s) => this.overRows(index, s as Simple, own, count, (p) => inner(move(p))));
        return this.repeat(statement.index, statement.start, statement.end, 1, this.schedule.vectorsPerTurn, turn);
      }
      if (statement.kind === "accumulator" && acrossSums.has(statement.name)) return [];
      return this.overRows(index, statement as Simple, own, count, move);
    });
  }

  /** A statement for neighbouring rows, which are the lanes. */
  private overRows(
    index: string,
    statement: Simple,
    own: ReadonlySet<string>,
    count: number,
    move: Move,
  ): readonly VectorStatement[] {
    return upTo(Math.ceil(count / this.lanes)).map((nth) => {
      const first = nth * this.lanes;
      return this.inLanes(Math.min(this.lanes, count - first), statement, named(own, first), (p) =>
        move(alongLanes(movedBy(p, index, first), index)),
      );
    });
  }

  /** Sums along neighbouring rows: the lanes are the entries of a row; in the end the sums of the rows are lanes. */
  private rowSums(
    index: string,
    loop: Loop,
    own: ReadonlySet<string>,
    count: number,
    move: Move,
  ): readonly VectorStatement[] {
    const { lanes } = this;
    const inner = localsOf(loop.body);
    const [sum] = addedIn(loop) as [string];
    const length = loop.end - loop.start;
    const whole = loop.end - (length % lanes);
    const nameOf = (row: number): string => `${sum}*${row}`;
    /** A local of a row is one lane of a vector there. */
    const rename =
      (row: number) =>
      (name: string): string => {
        if (name === sum) return nameOf(row);
        if (inner.has(name)) return named(inner, row)(name);
        return own.has(name) ? `${named(own, row - (row % lanes))(name)}.${row % lanes}` : name;
      };
    const turn = (at: Move): readonly VectorStatement[] =>
      loop.body.flatMap((s) =>
        upTo(count).map((row) =>
          this.inLanes(lanes, s as Simple, rename(row), (p) =>
            at(move(alongLanes(movedBy(p, index, row), loop.index))),
          ),
        ),
      );
    return [
      ...upTo(count).flatMap((row) =>
        this.leftOver(loop, whole, nameOf(row), rename(row), (p) => move(movedBy(p, index, row))),
      ),
      ...this.repeat(loop.index, loop.start, whole, lanes, this.schedule.vectorsPerTurn, turn, count),
      ...upTo(Math.ceil(count / lanes)).map((nth): VectorStatement => ({
        kind: "collect",
        name: named(own, nth * lanes)(sum),
        of: upTo(Math.min(lanes, count - nth * lanes)).map((at) => nameOf(nth * lanes + at)),
      })),
    ];
  }

  /** A vector to add a row's entries to: it begins with those that fill no vector. */
  private leftOver(
    loop: Loop,
    whole: number,
    name: string,
    rename: (name: string) => string,
    move: Move,
  ): readonly VectorStatement[] {
    const places = upTo(loop.end - whole);
    if (places.length === 0) return [this.inLanes(this.lanes, { kind: "accumulator", name, start: zero }, same, same)];
    const inner = localsOf(loop.body);
    const before: VectorStatement[] = [];
    const values = places.map((place): Value => {
      const toLocal = (n: string): string => (inner.has(n) ? `${rename(n)}'${place}` : rename(n));
      const moved = loop.body.map((s) =>
        changed(s as Simple, toLocal, (p) => move(withIndex(p, loop.index, whole + place))),
      );
      before.push(...moved.filter((s) => s.kind === "define"));
      const added = moved.filter((s) => s.kind === "add").map((s) => s.value);
      return added.reduce((left, right): Value => ({ kind: "operation", operator: "+", left, right }));
    });
    const rest = upTo(this.lanes - places.length).map(() => zero);
    return [...before, { kind: "pack", name, values: [...values, ...rest] }];
  }

  /** Rows that are written side by side. */
  private tileOfStores(index: string, loop: Loop, count: number, move: Move): readonly VectorStatement[] {
    const { lanes } = this;
    const own = localsOf(loop.body);
    if (!isAlong(loop, loop.index))
      return this.repeat(loop.index, loop.start, loop.end, 1, 1, (inner) =>
        loop.body.flatMap((s) => this.overRows(index, s as Simple, own, count, (p) => inner(move(p)))),
      );
    const turn =
      (width: number) =>
      (at: Move): readonly VectorStatement[] =>
        loop.body.flatMap((s) =>
          upTo(count).map((row) =>
            this.inLanes(width, s as Simple, named(own, row), (p) =>
              at(move(alongLanes(movedBy(p, index, row), loop.index))),
            ),
          ),
        );
    const rest = (loop.end - loop.start) % lanes;
    const whole = loop.end - rest;
    // What is written twice is the same both times.
    const overlaps = whole > loop.start && !readsWhatItWrites(loop);
    const last = overlaps ? loop.end - lanes : whole;
    return [
      ...this.repeat(loop.index, loop.start, whole, lanes, this.schedule.vectorsPerTurn, turn(lanes), count),
      ...(rest === 0
        ? []
        : shareLoads(
            turn(overlaps ? lanes : rest)((p) => withIndex(p, loop.index, last)),
            null,
            this.nextName,
          ).body),
    ];
  }

  private inLanes(
    count: number,
    statement: Simple,
    rename: (name: string) => string,
    move: Move,
  ): Extract<VectorStatement, { kind: "lanes" }> {
    return { kind: "lanes", count, statement: changed(statement, rename, move) };
  }

  private readonly nextName = (array: string): string => sharedName(array, (this.shared += 1));

  /**
   * A loop over index = start, start + step, … below end, several turns at a time; straight-line code where
   * the loop is short.
   *
   * @param weight vectors in one turn
   */
  private repeat(
    index: string,
    start: number,
    end: number,
    step: number,
    turns: number,
    body: (move: Move) => readonly VectorStatement[],
    weight = 1,
  ): readonly VectorStatement[] {
    const count = (end - start) / step;
    const { mostUnrolled } = this.schedule;
    const at =
      (offset: number): Move =>
      (p) =>
        movedBy(p, index, offset);
    const fixed = (first: number, last: number): readonly VectorStatement[] =>
      upTo((last - first) / step).flatMap((nth) => body((p) => withIndex(p, index, first + nth * step)));
    if (count <= 1 || (turns > 1 && count * weight <= mostUnrolled))
      return shareLoads(fixed(start, end), null, this.nextName).body;
    const together = Math.min(turns, count);
    const whole = start + (count - (count % together)) * step;
    const one = upTo(together).flatMap((turn) => body(at(turn * step)));
    const { before, body: inside } = shareLoads(one, index, this.nextName);
    return [
      ...before,
      { kind: "loop", index, start, end: whole, step: step * together, body: inside },
      ...shareLoads(fixed(whole, end), null, this.nextName).body,
    ];
  }
}

const zero: Value = { kind: "number", value: { numerator: 0n, denominator: 1n } };
const isZero = (value: Value): boolean => value.kind === "number" && value.value.numerator === 0n;
const same = <T>(value: T): T => value;

/** The position some turns later. */
const movedBy = (position: Position, index: string, turns: number): Position => ({
  ...position,
  constant: position.constant + turns * scaleOf(position, index),
});

/** The position at an index that goes on from lane to lane. */
const alongLanes = (position: Position, index: string): Position => {
  const scale = scaleOf(position, index);
  return scale === 0 ? position : { ...position, terms: [...position.terms, { index: lane, scale }] };
};

/** Locals that belong to a row have names of their own in each. */
const named =
  (own: ReadonlySet<string>, row: number) =>
  (name: string): string =>
    own.has(name) ? `${name}+${row}` : name;

/** The locals that statements define, those in inner loops with them. */
function localsOf(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  visitStatements(statements, (s) => (s.kind === "define" || s.kind === "accumulator") && names.add(s.name));
  return names;
}

/** Does it add to nothing but locals of its own? */
function isIndependent({ body }: Loop): boolean {
  const own = localsOf(body);
  let found = true;
  visitStatements(body, (s) => (found &&= (s.kind !== "add" && s.kind !== "raise") || own.has(s.name)));
  return found;
}

const addedIn = (loop: Loop): readonly string[] => [
  ...new Set(loop.body.flatMap((s) => (s.kind === "add" || s.kind === "raise" ? [s.name] : []))),
];

/** Does what a loop loads and stores lie side by side along the index, or stay where it is? */
function isAlong(loop: Loop, index: string): boolean {
  const isNear = (at: Position): boolean => scaleOf(at, index) === 0 || scaleOf(at, index) === 1;
  const areNear = (value: Value): boolean =>
    (value.kind !== "load" || isNear(value.at)) && partsOf(value).every(areNear);
  return loop.body.every((s) => (s.kind !== "store" || isNear(s.at)) && valuesOf(s).every(areNear));
}

/** Is the loop a sum, from zero, along the row? */
function isRowSum(loop: Loop, row: readonly Statement[]): boolean {
  const [name, ...others] = addedIn(loop);
  const start = row.find((s) => s.kind === "accumulator" && s.name === name);
  return (
    others.length === 0 &&
    start?.kind === "accumulator" &&
    isZero(start.start) &&
    loop.body.every((s) => s.kind === "add" || s.kind === "define") &&
    isAlong(loop, loop.index)
  );
}

function readsWhatItWrites(loop: Loop): boolean {
  const stored = new Set(loop.body.flatMap((s) => (s.kind === "store" ? [s.array] : [])));
  let found = false;
  for (const root of loop.body.flatMap(valuesOf))
    visitValue(root, (value) => (found ||= value.kind === "load" && stored.has(value.array)));
  return found;
}
