import { valueKey, valuesOf, visitValue, type Statement, type Value } from "./program.ts";
import { mapStatement } from "./rewrite.ts";

/** Straight-line code without the locals that hold entries of the caller's arrays, and their names by entry. */
export interface Reloaded {
  readonly statements: readonly Statement[];
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Reads every entry of the caller's arrays where it is used: what is there anyway need not be carried from one
 * function to another.
 */
export function loadWhereUsed(statements: readonly Statement[]): Reloaded {
  const loads = new Map<string, Value>();
  for (const s of statements) if (s.kind === "define" && s.value.kind === "load") loads.set(s.name, s.value);
  return {
    statements: statements
      .filter((s) => s.kind !== "define" || !loads.has(s.name))
      .map((s) => mapStatement(s, { leaf: (v) => (v.kind === "local" ? (loads.get(v.name) ?? v) : v) })),
    names: new Map([...loads].map(([name, load]) => [valueKey(load), name])),
  };
}

/** The same within one function, where an entry that is read more than once is a local again. */
export function shareLoads(statements: readonly Statement[], names: Reloaded["names"]): readonly Statement[] {
  const uses = new Map<string, number>();
  const nameOf = (leaf: Value): string | undefined => (leaf.kind === "load" ? names.get(valueKey(leaf)) : undefined);
  for (const root of statements.flatMap(valuesOf))
    visitValue(root, (value) => {
      const name = nameOf(value);
      if (name !== undefined) uses.set(name, (uses.get(name) ?? 0) + 1);
    });
  const defined = new Set<string>();
  return statements.flatMap((statement) => {
    const first: Statement[] = [];
    const leaf = (value: Value): Value => {
      const name = nameOf(value);
      if (name === undefined || (uses.get(name) as number) < 2) return value;
      if (!defined.has(name)) first.push({ kind: "define", name, value });
      defined.add(name);
      return { kind: "local", name };
    };
    const changed = mapStatement(statement, { leaf });
    return [...first, changed];
  });
}
