import { mapParts, valueKey, valuesOf, visitValue, type Value } from "./program.ts";
import { scaleOf, type VectorStatement } from "./vector.ts";

type Lanes = Extract<VectorStatement, { kind: "lanes" }>;
type Load = Extract<Value, { kind: "load" }>;

/**
 * Loads that several statements of a straight piece of code have in common are locals, from where they are first
 * used. Where the piece is the body of a loop, those that do not change with its index come before it.
 *
 * @param index of the loop, if it is one
 * @param nameFor a name that is new, for a vector from an array
 */
export function shareLoads(
  body: readonly VectorStatement[],
  index: string | null,
  nameFor: (array: string) => string,
): { readonly before: readonly VectorStatement[]; readonly body: readonly VectorStatement[] } {
  const stored = storedIn(body);
  const uses = new Map<string, number>();
  for (const { count, statement } of body.filter((s) => s.kind === "lanes"))
    for (const load of valuesOf(statement).flatMap(loadsIn))
      uses.set(keyOf(load, count), (uses.get(keyOf(load, count)) ?? 0) + 1);
  const isFixed = ({ at }: Load): boolean => index !== null && scaleOf(at, index) === 0;
  const isFree = (value: Value): value is Load => value.kind === "load" && !stored.has(value.array);
  const names = new Map<string, string>();
  const before: VectorStatement[] = [];
  const rest: VectorStatement[] = [];
  for (const statement of body) {
    if (statement.kind !== "lanes") {
      rest.push(statement);
      continue;
    }
    const { count } = statement;
    const made = sharedHere(statement);
    if (made !== null && isFree(made.value) && !names.has(keyOf(made.value, count))) {
      names.set(keyOf(made.value, count), made.name);
      (isFixed(made.value) ? before : rest).push(statement);
      continue;
    }
    const replaced = withLoads(statement, (load) => {
      if (!isFree(load)) return load;
      const key = keyOf(load, count);
      if (!names.has(key)) {
        if ((uses.get(key) ?? 0) < 2 && !isFixed(load)) return load;
        const name = nameFor(load.array);
        names.set(key, name);
        (isFixed(load) ? before : rest).push({
          kind: "lanes",
          count,
          statement: { kind: "define", name, value: load },
        });
      }
      return { kind: "local", name: names.get(key) as string };
    });
    rest.push(replaced);
  }
  return { before, body: rest };
}

/** What a local of a load is called, the nth of a procedure. */
export const sharedName = (array: string, nth: number): string => `${array}:${nth}`;

/** A load that has been made a local already. */
function sharedHere({ statement }: Lanes): { readonly name: string; readonly value: Value } | null {
  return statement.kind === "define" && statement.name.includes(":") ? statement : null;
}

const keyOf = (load: Load, count: number): string => `${count} ${valueKey(load)}`;

function loadsIn(value: Value): readonly Load[] {
  const found: Load[] = [];
  visitValue(value, (v) => v.kind === "load" && found.push(v));
  return found;
}

function storedIn(body: readonly VectorStatement[]): ReadonlySet<string> {
  const stored = new Set<string>();
  for (const statement of body) {
    if (statement.kind === "loop") storedIn(statement.body).forEach((array) => stored.add(array));
    const simple = statement.kind === "lanes" ? statement.statement : statement;
    if (simple.kind === "store") stored.add(simple.array);
  }
  return stored;
}

function withLoads(statement: Lanes, change: (load: Load) => Value): Lanes {
  const inside = (value: Value): Value => (value.kind === "load" ? change(value) : mapParts(value, inside));
  const simple = statement.statement;
  return {
    ...statement,
    statement:
      simple.kind === "accumulator"
        ? { ...simple, start: inside(simple.start) }
        : { ...simple, value: inside(simple.value) },
  };
}
