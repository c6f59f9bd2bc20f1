import { cyclesOf, machine } from "./cost-model.ts";
import { interchange } from "./interchange.ts";
import {
  valuesOf,
  visitStatements,
  visitValue,
  type ArrayName,
  type Procedure,
  type Program,
  type Statement,
  type Value,
} from "./program.ts";
import { splitLoops } from "./split.ts";
import { tileLoops } from "./tile.ts";

type Scratch = Program["scratch"][number];

/** How loops are arranged for a kind of machine. */
export interface Schedule {
  /** See `loops`. */
  readonly areCallsApart: boolean;
  /**
   * @param parameters length of θ and of the gradient
   * @param given arrays that functions are given as arguments; others are constants of the module
   */
  readonly arrange: (
    procedures: readonly Procedure[],
    parameters?: number,
    given?: readonly ArrayName[],
  ) => {
    readonly procedures: readonly Procedure[];
    readonly scratch: readonly Scratch[];
  };
}

/** No arrangement: what the schedules of other machines start from. */
export const asTheyAre: Schedule = {
  areCallsApart: false,
  arrange: (procedures) => ({ procedures, scratch: [] }),
};

/** For code that V8 compiles: sums down columns join the loops over rows, loops are tiled, procedures are cut. */
export const forV8: Schedule = { areCallsApart: true, arrange };

/** A call costs some ten cycles; beside so many that is nothing. */
const longCycles = 2_000;

const isLong = (equation: readonly Statement[]): boolean => cyclesOf(equation) >= longCycles;

function arrange(
  procedures: readonly Procedure[],
  parameters = 0,
  given: readonly ArrayName[] = [],
): ReturnType<Schedule["arrange"]> {
  const scratch: Scratch[] = [];
  let crossing = 0;
  const isFar = parameters >= machine.farLength;
  const arrays = { far: new Set(isFar ? ["theta", "gradient"] : []), given: new Set(given) };
  const joined = procedures.map((procedure) => {
    const { statements, scratch: sums } = interchange(procedure.statements, scratch.length);
    scratch.push(...sums);
    return { ...procedure, statements };
  });
  const arranged = withoutUnread(joined).flatMap((procedure) => {
    const pieces = splitLoops({ ...procedure, statements: tileLoops(procedure.statements, arrays) }, isLong);
    crossing = Math.max(crossing, pieces.scratch);
    return pieces.procedures;
  });
  const own = crossing === 0 ? [] : [{ name: "scratch", length: crossing }];
  return { procedures: arranged, scratch: [...scratch, ...own] };
}

/** Entries that nothing reads any more, since the sums that did have been joined to where they are computed, are not stored. */
function withoutUnread(procedures: readonly Procedure[]): readonly Procedure[] {
  const read = new Set(procedures.flatMap(({ arrays }) => arrays));
  const note = (value: Value): void => visitValue(value, (v) => v.kind === "load" && read.add(v.array));
  for (const { statements, result } of procedures) {
    visitStatements(statements, (s) => valuesOf(s).forEach(note));
    if (result !== null) note(result);
  }
  const keep = (statements: readonly Statement[]): readonly Statement[] =>
    statements
      .filter((s) => s.kind !== "store" || read.has(s.array))
      .map((s) => (s.kind === "loop" ? { ...s, body: keep(s.body) } : s));
  return procedures.map((procedure) => ({ ...procedure, statements: keep(procedure.statements) }));
}
