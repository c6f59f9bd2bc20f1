import { toNumber, view, type Expr } from "../expression/index.ts";
import type { Issues } from "./equation-file-issues.ts";
import type { Names } from "./equation-file-names.ts";
import type { Equation, Tensor } from "./model.ts";
import { objectiveVariable } from "./network-equations.ts";

/** An equation that is read, where its left side stands, and what it uses. */
export interface ReadEquation {
  readonly equation: Equation;
  readonly name: string;
  readonly line: number;
  readonly at: number;
  readonly uses: readonly { readonly name: string; readonly at: number }[];
}

/** A tensor and where it is declared. */
export type ReadTensor = Tensor & { readonly line: number; readonly at: number };

/** Refuses an equation that uses what a later one defines, and equations that need each other. */
export function checkOrder(equations: readonly ReadEquation[], names: Names, issues: Issues): void {
  const positions = new Map(equations.map(({ name }, i) => [name, i]));
  equations.forEach(({ name, line, uses }, i) => {
    for (const use of uses) {
      const definedBy = positions.get(use.name) ?? -1;
      if (definedBy < i) continue;
      const circle = pathBetween(use.name, name, equations, positions);
      const [where, lines] = [(names.get(use.name)?.line ?? 0) + 1, circle?.map((n) => (names.get(n)?.line ?? 0) + 1)];
      if (use.name === name) issues.add(line, use.at, `${name} is defined by itself`, "define it by others");
      else if (circle !== null)
        issues.add(
          line,
          use.at,
          `${circle.join(", ")} need each other (lines ${lines?.join(", ")})`,
          "a forward pass computes one after the other: remove one of the uses",
        );
      else
        issues.add(
          line,
          use.at,
          `${use.name} is used before it is defined, in line ${where}`,
          `move line ${where} above line ${line + 1}`,
        );
    }
  });
}

/** Names from `from` to `to`, each used by the one before it; null where there are none. */
function pathBetween(
  from: string,
  to: string,
  equations: readonly ReadEquation[],
  positions: ReadonlyMap<string, number>,
): readonly string[] | null {
  const paths: (readonly string[])[] = [[from]];
  const seen = new Set([from]);
  for (const path of paths) {
    const end = path.at(-1) as string;
    if (end === to) return path;
    for (const { name } of equations[positions.get(end) ?? -1]?.uses ?? []) {
      if (seen.has(name) || !positions.has(name)) continue;
      seen.add(name);
      paths.push([...path, name]);
    }
  }
  return null;
}

/** The names that the given ones are computed from, themselves included. */
export function neededFor(goals: readonly string[], equations: readonly ReadEquation[]): ReadonlySet<string> {
  const needed = new Set(goals);
  for (const { name, uses } of [...equations].reverse())
    if (needed.has(name)) uses.forEach((use) => needed.add(use.name));
  return needed;
}

/** The most entries that the tensors and variables of a file have together. */
const mostEntries = 1_000_000;

/** Refuses the tensor or variable with which there are too many numbers. */
export function checkEntries(
  tensors: readonly ReadTensor[],
  equations: readonly ReadEquation[],
  sizes: ReadonlyMap<string, number>,
  issues: Issues,
): void {
  let total = 0;
  const count = (list: readonly Expr[], line: number, at: number): void => {
    if (total > mostEntries) return;
    total += list.map((size) => sizeNumber(size, sizes)).reduce((a, b) => a * b, 1);
    if (total > mostEntries)
      issues.add(
        line,
        at,
        `with this there are ${total} entries; at most ${mostEntries} are handled`,
        "take smaller sizes",
      );
  };
  tensors.forEach(({ sizes: list, line, at }) => count(list, line, at));
  equations.forEach(({ equation: { ranges }, line, at }) =>
    count(
      ranges.map(({ size }) => size),
      line,
      at,
    ),
  );
}

/** The number that the size of a range stands for; 1 where its value is not known. */
function sizeNumber(size: Expr, sizes: ReadonlyMap<string, number>): number {
  const v = view(size);
  if (v.kind === "number") return toNumber(v.value);
  const name = v.kind === "size" ? view(v.layer) : null;
  return name?.kind === "symbol" ? (sizes.get(name.name) ?? 1) : 1;
}

/** The equation of J; told where there is none, or nothing to differentiate it by. */
export function checkObjective(
  equations: readonly ReadEquation[],
  tensors: readonly ReadTensor[],
  issues: Issues,
  lineCount: number,
): ReadEquation | null {
  const objective = equations.find(({ name }) => name === objectiveVariable.family) ?? null;
  if (objective === null)
    issues.add(
      lineCount - 1,
      0,
      "no equation defines the objective J",
      "write J = …, for example sum((a[j]-y[j])^2, j)",
    );
  else if (tensors.every(({ role }) => role !== "parameter"))
    issues.add(
      objective.line,
      objective.at,
      "there is no parameter to differentiate by",
      "declare one: parameter W[j,i]",
    );
  return objective;
}

/** Tells of what J and the output do without. */
export function warnOfUnused(
  tensors: readonly ReadTensor[],
  equations: readonly ReadEquation[],
  byObjective: ReadonlySet<string>,
  needed: ReadonlySet<string>,
  warnings: Issues,
): void {
  for (const { variable, role, line, at } of tensors) {
    const { family } = variable;
    if (byObjective.has(family)) continue;
    if (role === "parameter")
      warnings.add(line, at, `J does not depend on the parameter ${family}`, "its gradient is zero");
    else if (!needed.has(family)) warnings.add(line, at, `the input ${family} is not used`, "remove it, or use it");
  }
  const end = equations.findIndex(({ name }) => name === objectiveVariable.family);
  equations.forEach(({ name, line, at }, i) => {
    if (needed.has(name)) return;
    const what = i > end ? `${name} comes after J, which does not use it` : `${name} is computed and not used`;
    warnings.add(line, at, what, "it is left out of the model");
  });
}
