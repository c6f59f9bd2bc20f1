import type { Position, Program, Statement, Value } from "./program.ts";
import {
  addedIn,
  isAlong,
  isIndependent,
  isRowSum,
  isZero,
  localsOf,
  readsWhatItWrites,
  zero,
  type Loop,
} from "./vector-forms.ts";
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

/** How many rows and vectors go side by side; the best of what was measured on V8. */
export interface VectorSchedule {
  /** Rows of a matrix whose products with one vector are summed together, sharing its loads: with their sums they fill the registers. */
  readonly rowsPerSum: number;
  /** Vectors of neighbouring sums that are summed together where the rows of a matrix are added up. */
  readonly vectorsPerSum: number;
  /** Vectors of what is done row by row; functions of so many do not wait for each other. */
  readonly vectorsPerTurn: number;
  /** Rows that an outer product writes together. */
  readonly rowsPerStore: number;
  /** So many tiles of sums are written out one after another: their addresses need one pointer less. */
  readonly mostTiles: number;
}

export const vectorSchedule: VectorSchedule = {
  rowsPerSum: 6,
  vectorsPerSum: 4,
  vectorsPerTurn: 4,
  rowsPerStore: 6,
  mostTiles: 24,
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
      ...this.repeat(loop.index, loop.start, whole, this.lanes, inLanes),
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
      const sumsAcross =
        phase.kind === "rows" && phase.statements.some((s) => s.kind === "loop" && !isAlong(s, loop.index));
      const rows = sumsAcross ? this.schedule.rowsPerSum : this.rowsOf(phase);
      const tile = (count: number, move: Move): readonly VectorStatement[] =>
        phase.kind === "rows"
          ? this.tileOfRows(loop.index, phase.statements, count, move)
          : this.tileOfStores(loop.index, phase.loop, count, move);
      const whole = loop.end - (loop.end % rows);
      return [
        ...this.repeat(
          loop.index,
          0,
          whole,
          rows,
          (move) => tile(rows, move),
          sumsAcross ? this.schedule.mostTiles : 1,
        ),
        ...(whole === loop.end ? [] : tile(loop.end - whole, (p) => withIndex(p, loop.index, whole))),
      ];
    });
  }

  private hasForm(loop: Loop, phase: Phase): boolean {
    if (phase.kind === "stores") return isAlong(phase.loop, phase.loop.index) || isAlong(phase.loop, loop.index);
    return phase.statements.every((s) => s.kind !== "loop" || isAlong(s, loop.index) || isRowSum(s, phase.statements));
  }

  /** Rows of a tile, where its sums do not go along the rows. */
  private rowsOf(phase: Phase): number {
    const { rowsPerStore, vectorsPerSum, vectorsPerTurn } = this.schedule;
    if (phase.kind === "stores")
      return isAlong(phase.loop, phase.loop.index) ? rowsPerStore : rowsPerStore * this.lanes;
    return this.lanes * (phase.statements.some((s) => s.kind === "loop") ? vectorsPerSum : vectorsPerTurn);
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
        return this.repeat(statement.index, statement.start, statement.end, 1, turn);
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
      ...this.repeat(loop.index, loop.start, whole, lanes, turn),
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
      return this.repeat(loop.index, loop.start, loop.end, 1, (inner) =>
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
      ...this.repeat(loop.index, loop.start, whole, lanes, turn(lanes)),
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
   * A loop over index = start, start + step, … below end.
   *
   * @param mostStraight of no more turns straight-line code is made
   */
  private repeat(
    index: string,
    start: number,
    end: number,
    step: number,
    turn: (move: Move) => readonly VectorStatement[],
    mostStraight = 1,
  ): readonly VectorStatement[] {
    const count = (end - start) / step;
    if (count <= mostStraight) {
      const turns = upTo(count).flatMap((nth) => turn((p) => withIndex(p, index, start + nth * step)));
      return shareLoads(turns, null, this.nextName).body;
    }
    const { before, body } = shareLoads(turn(same), index, this.nextName);
    return [...before, { kind: "loop", index, start, end, step, body }];
  }
}

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
