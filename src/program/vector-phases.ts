import { valuesOf, visitStatements, visitValue, type Position, type Statement, type Value } from "./program.ts";
import { mapStatement } from "./rewrite.ts";
import { scaleOf } from "./vector.ts";
import type { Loop } from "./vector-forms.ts";

/** Part of what a loop over rows does in each turn: the loop can do it for all rows before it goes on with the next. */
export type Phase =
  /** Scalars of the row, and sums. */
  | { readonly kind: "rows"; readonly statements: readonly Statement[] }
  /** A row of a matrix is written. */
  | { readonly kind: "stores"; readonly loop: Loop };

/**
 * The phases of a loop (loop fission): each has a tile of its own. A local of one that another reads goes by way
 * of an array, one to which it is stored anyway or one of the program's own.
 *
 * @param scratch the program's own arrays with their lengths, to which such arrays are added
 * @returns null where there are loops in a turn that are neither sums nor stores
 */
export function splitRows(loop: Loop, scratch: Map<string, number>): readonly Phase[] | null {
  const phases: Phase[] = [];
  for (const statement of loop.body) {
    const kind = kindOf(statement);
    const last = phases.at(-1);
    if (kind === null) return null;
    if (kind === "stores") phases.push({ kind, loop: statement as Loop });
    else if (last?.kind === "rows" && !(callsFunction(statement) && last.statements.some((s) => s.kind === "loop")))
      phases[phases.length - 1] = { kind, statements: [...last.statements, statement] };
    else phases.push({ kind, statements: [statement] });
  }
  return phases.reduce<Phase[]>((done, phase) => {
    const { earlier, later } = withArrays(loop, done, phase, scratch);
    return [...earlier, later];
  }, []);
}

function kindOf(statement: Statement): Phase["kind"] | null {
  if (statement.kind !== "loop") return isSimple(statement) ? "rows" : null;
  const kinds = new Set(statement.body.map(({ kind }) => kind));
  if (kinds.has("accumulator") || !statement.body.every(isSimple)) return null;
  if (!kinds.has("store")) return statement.step === 1 ? "rows" : null;
  return kinds.has("add") || kinds.has("raise") || statement.step !== 1 ? null : "stores";
}

/** A function takes long to answer; many at a time do not wait for sums, nor sums for them. */
function callsFunction(statement: Statement): boolean {
  let found = false;
  for (const root of valuesOf(statement)) visitValue(root, (v) => (found ||= v.kind === "call" && v.args.length > 0));
  return found;
}

const isSimple = ({ kind }: Statement): boolean =>
  kind === "define" || kind === "accumulator" || kind === "add" || kind === "raise" || kind === "store";

/** A phase that reads locals of earlier ones from arrays. */
function withArrays(
  loop: Loop,
  earlier: readonly Phase[],
  phase: Phase,
  scratch: Map<string, number>,
): { readonly earlier: readonly Phase[]; readonly later: Phase } {
  const defined = new Set(earlier.flatMap((p) => definedIn(bodyOf(p))));
  const wanted = [...readIn(bodyOf(phase))].filter((name) => defined.has(name));
  const places = new Map<string, Value>();
  const added: Statement[] = [];
  for (const name of wanted) {
    const at: Position = { constant: 0, terms: [{ index: loop.index, scale: 1 }] };
    const known = earlier.flatMap(bodyOf).find((s) => isStoreOf(s, name, loop.index));
    if (known?.kind === "store") places.set(name, { kind: "load", array: known.array, at: known.at });
    else {
      const array = `${name}_rows`;
      scratch.set(array, Math.max(loop.end, scratch.get(array) ?? 0));
      added.push({ kind: "store", array, at, value: { kind: "local", name } });
      places.set(name, { kind: "load", array, at });
    }
  }
  return {
    earlier: added.length === 0 ? earlier : withStores(earlier, added),
    later: mapPhase(phase, (value) => (value.kind === "local" ? (places.get(value.name) ?? value) : value)),
  };
}

/** Each store at the end of the phase that computes the local. */
const withStores = (phases: readonly Phase[], stores: readonly Statement[]): readonly Phase[] =>
  phases.map((phase) => {
    if (phase.kind !== "rows") return phase;
    const defined = new Set(definedIn(phase.statements));
    const own = stores.filter((s) => s.kind === "store" && s.value.kind === "local" && defined.has(s.value.name));
    return { ...phase, statements: [...phase.statements, ...own] };
  });

const bodyOf = (phase: Phase): readonly Statement[] => (phase.kind === "rows" ? phase.statements : [phase.loop]);

const isStoreOf = (s: Statement, name: string, index: string): boolean =>
  s.kind === "store" && s.value.kind === "local" && s.value.name === name && scaleOf(s.at, index) === 1;

/** Locals of the row, not those inside of its loops. */
const definedIn = (statements: readonly Statement[]): readonly string[] =>
  statements.flatMap((s) => (s.kind === "define" || s.kind === "accumulator" ? [s.name] : []));

function readIn(statements: readonly Statement[]): ReadonlySet<string> {
  const read = new Set<string>();
  visitStatements(statements, (s) =>
    valuesOf(s).forEach((root) => visitValue(root, (v) => v.kind === "local" && read.add(v.name))),
  );
  return read;
}

const mapPhase = (phase: Phase, leaf: (value: Value) => Value): Phase =>
  phase.kind === "rows"
    ? { ...phase, statements: phase.statements.map((s) => mapStatement(s, { leaf })) }
    : { ...phase, loop: mapStatement(phase.loop, { leaf }) as Loop };
