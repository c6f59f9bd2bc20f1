import { num, Refusal } from "../expression/index.ts";
import { problem, type Problem } from "../problem.ts";
import {
  checkEntries,
  checkObjective,
  checkOrder,
  neededFor,
  warnOfUnused,
  type ReadEquation,
} from "./equation-file-checks.ts";
import { declareNames, declareVariables, type EquationLine, type Head } from "./equation-file-declarations.ts";
import { issuesOf, type Issues } from "./equation-file-issues.ts";
import { parseLine } from "./equation-file-lines.ts";
import type { Names } from "./equation-file-names.ts";
import { lowerValue, type Surroundings } from "./equation-file-scope.ts";
import { readSizes } from "./equation-file-sizes.ts";
import { unroll, type Placed, type Unrolled } from "./equation-file-steps.ts";
import { activationFormula, activations } from "./functions.ts";
import { withSizes, type Equation, type ForwardModel, type ScalarFunction } from "./model.ts";
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
export const numbered = ({ model, sizes }: EquationFile): ForwardModel => withSizes(model, sizes);

interface Parts {
  readonly statements: readonly Placed[];
  readonly last: Unrolled["last"];
  readonly sizes: ReadonlyMap<string, number>;
  readonly broken: Set<string>;
}

const isEquation = (s: Placed): s is Placed<EquationLine> => s.kind === "equation";

const sizeOfText = (text: string, sizes: ReadonlyMap<string, number>): number => sizes.get(text) ?? Number(text);

function parsed(lines: readonly string[], issues: Issues): { statements: readonly Placed[]; broken: Set<string> } {
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

function modelOf(file: Parts, issues: Issues, warnings: Issues, lineCount: number): ForwardModel | null {
  const names: Names = new Map();
  const { statements, last, sizes, broken } = file;
  const around = (line: number, use: Surroundings["use"] = () => undefined): Surroundings => ({
    names,
    named: namedFunctions,
    sizes,
    broken,
    use,
    warn: (at, what, advice) => warnings.add(line, at, what, advice),
  });
  const tensors = declareNames(statements, names, broken, around, issues);
  const heads = declareVariables(statements.filter(isEquation), last, names, broken, issues);
  const equations = heads.map((head) => readEquation(head, around, issues));
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

/** The equation of a line; where its right side is refused, one with the same uses as far as they are read. */
function readEquation(
  { statement, ranges }: Head,
  around: (line: number, use: Surroundings["use"]) => Surroundings,
  issues: Issues,
): ReadEquation {
  const { line, name, value } = statement;
  const uses: { name: string; at: number }[] = [];
  const surroundings = around(line, (used, at) => uses.push({ name: used, at }));
  const free = new Set(ranges.map(({ index }) => index));
  const lowered = issues.attempt(line, () => lowerValue(value, free, surroundings)) ?? num(0);
  const equation: Equation = { variable: { family: name.name, layer: null }, ranges, value: lowered };
  return { equation, name: name.name, line, at: name.at, uses };
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

/** The activations that have a name of their own and act on one number, by the name that a call can have. */
const namedActivations: ReadonlyMap<string, string> = new Map(
  Object.entries(activations)
    .filter(([, { formula }]) => !/\b(sum|mean)\(/.test(formula))
    .map(([name]) => [name.replaceAll("-", "_"), name]),
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
