import { clone, num, Refusal, some, transform, view, type Expr } from "../expression/index.ts";
import { Problem, problem } from "../problem.ts";
import { checkEntries, checkOrder, neededFor, type ReadEquation } from "./equation-file-checks.ts";
import { issuesOf, type Issues } from "./equation-file-issues.ts";
import { parseLine, type Statement } from "./equation-file-lines.ts";
import { declare, indexSize, sizeExpr, type Names } from "./equation-file-names.ts";
import { followsFrom, lowerFunction, lowerValue, type Surroundings } from "./equation-file-scope.ts";
import { readSizes } from "./equation-file-sizes.ts";
import { unroll, type Placed, type Unrolled } from "./equation-file-steps.ts";
import { activationFormula, activations, isOfLayer } from "./functions.ts";
import type { Equation, ForwardModel, Range, ScalarFunction, Tensor } from "./model.ts";
import { objectiveVariable } from "./network-equations.ts";

/** A forward model as a user wrote it down. */
export interface EquationFile {
  /** Its sizes are symbolic, `size(h)`, where they have a name. */
  readonly model: ForwardModel;
  /** The value of each size that has a name. */
  readonly sizes: ReadonlyMap<string, number>;
  /** What is most likely a slip, though the equations have a meaning. */
  readonly warnings: readonly Problem[];
}

const longestFile = 200_000;
const mostEquations = 500;

/**
 * Reads a list of forward equations:
 *
 *     index j in 1..h, i in 1..n
 *     parameter W[j,i], b[j]
 *     input x[i], y[j]
 *     a[j] = tanh(sum(W[j,i]*x[i], i) + b[j])
 *     J = sum((a[j]-y[j])^2, j) / 2
 *     with n = 3, h = 2
 *
 * Equations stand in the order in which they are evaluated; J, a scalar, is the objective and comes last in the
 * model. What neither J nor the output needs is left out of it, with a warning. Nothing of the text is evaluated.
 *
 * @param fileName what the messages call the file
 * @throws Problem that shows each mistake as `model.eq:LINE:COLUMN: …`
 */
export function readEquations(text: string, fileName: string): EquationFile {
  if (text.length > longestFile)
    throw problem("equations", `${fileName}:1:1: the file is longer than ${longestFile} characters`, "write sums");
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const issues = issuesOf(lines, fileName);
  const warnings = issuesOf(lines, fileName);
  const { statements, broken } = parsed(lines, issues);
  const sizes = readSizes(statements, broken, issues);
  const steps = statements
    .filter((s) => s.kind === "index")
    .filter((s) => s.isStep)
    .map((s) => [s.name.name, sizeOfText(s.size.text, sizes)] as const);
  // How often a recurrence is written out has to be known before anything else can be told about it.
  if (steps.length > 0) issues.throwIfAny();
  const { equations, last } = unroll(statements.filter(isEquation), new Map(steps), sizes, issues);
  if (steps.length > 0) issues.throwIfAny();
  checkCount(equations, issues);
  const file: Parts = { statements: [...statements.filter((s) => !isEquation(s)), ...equations], last, sizes, broken };
  const model = modelOf(file, issues, warnings, lines.length);
  issues.throwIfAny();
  return { model: model as ForwardModel, sizes, warnings: warnings.problems() };
}

/** The model with the number of each size in place of its name. */
export function numbered({ model, sizes }: EquationFile): ForwardModel {
  const value = (expr: Expr): Expr =>
    transform(expr, (node) => {
      const v = view(node);
      const name = v.kind === "size" ? view(v.layer) : null;
      const size = name?.kind === "symbol" ? sizes.get(name.name) : undefined;
      return size === undefined ? node : num(size);
    });
  return {
    ...model,
    tensors: model.tensors.map((tensor) => ({ ...tensor, sizes: tensor.sizes.map(value) })),
    equations: model.equations.map((equation) => ({
      ...equation,
      ranges: equation.ranges.map((range) => ({ ...range, size: value(range.size) })),
      value: value(equation.value),
    })),
  };
}

interface Parts {
  readonly statements: readonly Placed[];
  readonly last: Unrolled["last"];
  readonly sizes: ReadonlyMap<string, number>;
  readonly broken: ReadonlySet<string>;
}

type EquationLine = Extract<Statement, { readonly kind: "equation" }>;
const isEquation = (s: Placed): s is Placed<EquationLine> => s.kind === "equation";

const sizeOfText = (text: string, sizes: ReadonlyMap<string, number>): number => sizes.get(text) ?? Number(text);

function parsed(
  lines: readonly string[],
  issues: Issues,
): { statements: readonly Placed[]; broken: ReadonlySet<string> } {
  const broken = new Set<string>();
  const statements = lines.flatMap((text, line): readonly Placed[] => {
    const read = issues.attempt(line, () => parseLine(text));
    if (read === null) for (const name of text.match(/[A-Za-z_]\w*/g) ?? []) broken.add(name);
    return (read ?? []).map((statement) => ({ ...statement, line }));
  });
  return { statements, broken };
}

function checkCount(equations: readonly Placed<EquationLine>[], issues: Issues): void {
  const surplus = equations[mostEquations];
  if (surplus === undefined) return;
  issues.add(
    surplus.line,
    surplus.name.at,
    `there are more than ${mostEquations} equations`,
    "write sums over indices",
  );
  issues.throwIfAny();
}

type ReadTensor = Tensor & { readonly line: number; readonly at: number };

function modelOf(file: Parts, issues: Issues, warnings: Issues, lineCount: number): ForwardModel | null {
  const names: Names = new Map();
  const { statements, sizes, broken } = file;
  const around = (line: number, use: Surroundings["use"] = () => undefined): Surroundings => ({
    names,
    named: namedFunctions,
    sizes,
    broken,
    use,
    warn: (at, what, advice) => warnings.add(line, at, what, advice),
  });
  const each = (kind: Placed["kind"], read: (statement: Placed) => void): void =>
    statements.filter((s) => s.kind === kind).forEach((s) => void issues.attempt(s.line, () => read(s)));

  const tensors: ReadTensor[] = [];
  each("index", (s) => declareIndex(s, names));
  for (const kind of ["parameter", "input"] as const) each(kind, (s) => tensors.push(declareTensor(s, names, broken)));
  for (const kind of ["constant", "function"] as const) each(kind, (s) => declareFunction(s, names, around(s.line)));
  for (const [name, lastName] of file.last) {
    const s = statements.filter(isEquation).find((equation) => equation.name.name === lastName);
    const word = { name, at: s?.name.at ?? 0 };
    // The name itself is no variable, but whoever reads it takes it for one.
    if (s !== undefined)
      issues.attempt(s.line, () => declare(new Map(names), word, s.line, { kind: "variable", sizes: [] }));
  }
  const heads = statements.filter(isEquation).flatMap((s) => {
    const ranges = issues.attempt(s.line, () => declareVariable(s, names, broken));
    return [{ statement: s, ranges }];
  });
  const equations: ReadEquation[] = heads.flatMap(({ statement, ranges }) => {
    const uses: { name: string; at: number }[] = [];
    const { line, name } = statement;
    const free = new Set((ranges ?? []).map(({ index }) => index));
    // Where the left side is refused, its indices are not known, and each would be refused once more.
    if (ranges === null) return [];
    const value = issues.attempt(line, () =>
      lowerValue(
        statement.value,
        free,
        around(line, (used, at) => uses.push({ name: used, at })),
      ),
    );
    const equation: Equation = { variable: { family: name.name, layer: null }, ranges, value: value ?? num(0) };
    return [{ equation, name: name.name, line, at: name.at, uses }];
  });
  checkOrder(equations, names, issues);
  // What the whole file lacks is told where its lines are read: else it may only follow from them.
  if (issues.problems().length > 0) return null;
  const objective = checkObjective(equations, tensors, issues, lineCount);
  checkEntries(tensors, equations, sizes, issues);
  const output = issues.attempt(outputLine(statements), () => outputOf(file, equations, names));
  if (objective === null || output === null) return null;
  const needed = neededFor([objective.name, output], equations);
  warnOfUnused(tensors, equations, neededFor([objective.name], equations), needed, warnings);
  const kept = equations.filter(({ name }) => needed.has(name) && name !== objective.name);
  return {
    tensors: tensors.map(({ variable, role, sizes: list }) => ({ variable, role, sizes: list })),
    equations: [...kept, objective].map(({ equation }) => equation),
    objective: objectiveVariable,
    functions: functionsOf(names, needed),
    output: { family: output, layer: null },
  };
}

function declareIndex(s: Placed, names: Names): void {
  if (s.kind !== "index") return;
  if (/^[A-Za-z]/.test(s.size.text)) declare(names, { name: s.size.text, at: s.size.at }, s.line, { kind: "size" });
  declare(names, s.name, s.line, { kind: "index", size: sizeExpr(s.size) });
}

function sizesOf(
  indices: readonly { readonly name: string; readonly at: number }[],
  names: Names,
  broken: ReadonlySet<string>,
): readonly Expr[] {
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

function checkObjective(
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

const outputLine = (statements: readonly Placed[]): number => statements.find((s) => s.kind === "output")?.line ?? 0;

/** What `output` names, else the last variable before J that is no scalar. */
function outputOf({ statements, last }: Parts, equations: readonly ReadEquation[], names: Names): string {
  const [given, second] = statements.filter((s) => s.kind === "output");
  if (second !== undefined) throw new Refusal(0, `a second output stands in line ${second.line + 1}`, "name one");
  if (given?.kind === "output") {
    const { name, at } = given.name;
    const output = last.get(name) ?? name;
    if (names.get(output)?.meaning.kind !== "variable")
      throw new Refusal(at, `the output ${name} is no variable that an equation defines`, "name a variable");
    return output;
  }
  const end = equations.findIndex(({ name }) => name === objectiveVariable.family);
  const before = equations.slice(0, Math.max(0, end));
  const chosen = before.filter(({ equation }) => equation.ranges.length > 0).at(-1) ?? before.at(-1);
  return chosen?.name ?? objectiveVariable.family;
}

function warnOfUnused(
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

/** The activations that have a name of their own and act on one number, by the name that a call can have. */
const namedActivations: ReadonlyMap<string, string> = new Map(
  Object.keys(activations)
    .filter((name) => !isOfLayer(activationFormula(name)))
    .map((name) => [name.replaceAll("-", "_"), name]),
);
const namedFunctions: ReadonlySet<string> = new Set(namedActivations.keys());

function functionsOf(names: Names, needed: ReadonlySet<string>): readonly ScalarFunction[] {
  const declared = [...names].flatMap(([name, { meaning }]): readonly ScalarFunction[] =>
    meaning.kind === "function" && needed.has(name)
      ? [{ name, layer: null, argument: meaning.argument, value: meaning.value }]
      : [],
  );
  const known = [...namedActivations].flatMap(([name, activation]): readonly ScalarFunction[] =>
    needed.has(name) && !names.has(name)
      ? [{ name, layer: null, argument: "z", value: activationFormula(activation) }]
      : [],
  );
  return [...declared, ...known];
}
