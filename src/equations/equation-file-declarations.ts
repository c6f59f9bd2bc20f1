import { clone, Refusal, some, view, type Expr } from "../expression/index.ts";
import type { ReadTensor } from "./equation-file-checks.ts";
import type { Issues } from "./equation-file-issues.ts";
import type { Statement, Word } from "./equation-file-lines.ts";
import { declare, indexSize, sizeExpr, type Names } from "./equation-file-names.ts";
import { followsFrom, lowerFunction, type Surroundings } from "./equation-file-scope.ts";
import type { Placed, Unrolled } from "./equation-file-steps.ts";
import type { Range } from "./model.ts";
import { objectiveVariable } from "./network-equations.ts";

export type EquationLine = Extract<Statement, { readonly kind: "equation" }>;

/** An equation of which the left side is read. */
export interface Head {
  readonly statement: Placed<EquationLine>;
  readonly ranges: readonly Range[];
}

/**
 * Gives the indices, tensors, constants and functions their meaning, wherever in the file they stand.
 *
 * @param broken gains the names that are refused here
 */
export function declareNames(
  statements: readonly Placed[],
  names: Names,
  broken: Set<string>,
  around: (line: number) => Surroundings,
  issues: Issues,
): readonly ReadTensor[] {
  const tensors: ReadTensor[] = [];
  const each = (kinds: readonly Placed["kind"][], read: (statement: Placed) => void): void => {
    for (const s of statements.filter(({ kind }) => kinds.includes(kind)))
      if (issues.attempt(s.line, () => read(s)) === null) broken.add(s.name.name);
  };
  each(["index"], (s) => declareIndex(s, names));
  each(["parameter", "input"], (s) => tensors.push(declareTensor(s, names, broken)));
  each(["constant"], (s) => declareFunction(s, names, around(s.line)));
  each(["function"], (s) => declareFunction(s, names, around(s.line)));
  return tensors;
}

/** Gives the variables their meaning, and tells which equations can be read further. */
export function declareVariables(
  equations: readonly Placed<EquationLine>[],
  last: Unrolled["last"],
  names: Names,
  broken: Set<string>,
  issues: Issues,
): readonly Head[] {
  for (const [name, lastName] of last) {
    const s = equations.find((equation) => equation.name.name === lastName);
    // The name itself is no variable, but whoever reads it takes it for one.
    const word: Word = { name, at: s?.name.at ?? 0 };
    if (s !== undefined)
      issues.attempt(s.line, () => declare(new Map(names), word, s.line, { kind: "variable", sizes: [] }));
  }
  return equations.flatMap((statement) => {
    const ranges = issues.attempt(statement.line, () => declareVariable(statement, names, broken));
    if (ranges === null) broken.add(statement.name.name);
    return ranges === null ? [] : [{ statement, ranges }];
  });
}

function declareIndex(s: Placed, names: Names): void {
  if (s.kind !== "index") return;
  if (/^[A-Za-z]/.test(s.size.text)) declare(names, { name: s.size.text, at: s.size.at }, s.line, { kind: "size" });
  declare(names, s.name, s.line, { kind: "index", size: sizeExpr(s.size) });
}

function sizesOf(indices: readonly Word[], names: Names, broken: ReadonlySet<string>): readonly Expr[] {
  return indices.map((index) => {
    if (broken.has(index.name) && !names.has(index.name)) throw followsFrom(index.at);
    return clone(indexSize(names, index));
  });
}

function declareTensor(s: Placed, names: Names, broken: ReadonlySet<string>): ReadTensor {
  if (s.kind !== "parameter" && s.kind !== "input") throw new Error("no tensor");
  const sizes = sizesOf(s.indices, names, broken);
  declare(names, s.name, s.line, { kind: s.kind, sizes });
  return { variable: { family: s.name.name, layer: null }, role: s.kind, sizes, line: s.line, at: s.name.at };
}

function declareFunction(s: Placed, names: Names, around: Surroundings): void {
  if (s.kind === "constant")
    return declare(names, s.name, s.line, { kind: "constant", value: lowerFunction(s.value, null, around) });
  if (s.kind !== "function") return;
  const argument = s.argument.name;
  const value = lowerFunction(s.value, argument, around);
  const isUsed = some(value, (node) => {
    const v = view(node);
    return v.kind === "symbol" && v.name === argument;
  });
  if (!isUsed) throw new Refusal(s.name.at, `${s.name.name} does not depend on ${argument}`, "write a constant");
  declare(names, s.name, s.line, { kind: "function", argument, value });
}

function declareVariable(s: Placed<EquationLine>, names: Names, broken: ReadonlySet<string>): readonly Range[] {
  const [indices = [], ...others] = s.groups;
  if (others.length > 0)
    throw new Refusal(s.name.at, `${s.name.name} has two groups of indices`, "declare the step: step t in 1..T");
  const letters = indices.map((index) => {
    if (index.kind !== "name") throw new Refusal(index.at, "an index on the left side is a letter", "write x[j] = …");
    return index;
  });
  const twice = letters.find((letter, i) => letters.findIndex(({ name }) => name === letter.name) < i);
  if (twice !== undefined)
    throw new Refusal(twice.at, `the index ${twice.name} stands twice on the left side`, "use two");
  const sizes = sizesOf(letters, names, broken);
  declare(names, s.name, s.line, { kind: "variable", sizes });
  if (s.name.name === objectiveVariable.family && letters.length > 0)
    throw new Refusal(s.name.at, "J has an index; the objective is one number", "sum over it: J = sum(…, j)");
  return letters.map(({ name }, i) => ({ index: name, size: clone(sizes[i] as Expr) }));
}
