import { Refusal, type Call, type Entry, type Syntax } from "../expression/index.ts";
import type { Statement } from "./equation-file-lines.ts";
import type { Issues } from "./equation-file-issues.ts";

/** A statement and its line, counted from 0. */
export type Placed<S extends Statement = Statement> = S & { readonly line: number };
type Equation = Extract<Statement, { readonly kind: "equation" }>;

export interface Unrolled {
  readonly equations: readonly Placed<Equation>[];
  /** What a variable of a recurrence is called at its last step, by the name that it has in the file. */
  readonly last: ReadonlyMap<string, string>;
}

/** More steps make more equations than anyone reads, and a gradient that no unrolled code should hold. */
export const mostSteps = 100;
const mostParts = 200_000;

/**
 * Writes recurrences out: `h[t][j]` for t from 1 to 3 becomes the variables h1, h2 and h3. Equations that follow
 * each other and belong to one step letter are written out together, step by step.
 *
 * @param steps the last step of each step letter
 */
export function unroll(
  equations: readonly Placed<Equation>[],
  steps: ReadonlyMap<string, number>,
  sizes: ReadonlyMap<string, number>,
  issues: Issues,
): Unrolled {
  const letterOf = ({ groups }: Equation): string | null => {
    const [only, ...others] = groups[0] ?? [];
    return only?.kind === "name" && others.length === 0 && steps.has(only.name) ? only.name : null;
  };
  const recurring = new Map(
    equations.flatMap((e) => [[e.name.name, letterOf(e)] as const]).filter(([, t]) => t !== null),
  );
  if (recurring.size === 0 && steps.size === 0) return { equations, last: new Map() };
  const context: Context = {
    recurring: new Set(recurring.keys()),
    defined: new Set(equations.flatMap((equation) => definedSteps(equation, letterOf(equation), steps))),
    steps,
    sizes,
    count: { parts: 0 },
  };
  const written: Placed<Equation>[] = [];
  for (let from = 0; from < equations.length;) {
    const letter = letterOf(equations[from] as Equation);
    let to = from + 1;
    while (letter !== null && to < equations.length && letterOf(equations[to] as Equation) === letter) to++;
    const block = equations.slice(from, to);
    const count = letter === null ? 1 : (steps.get(letter) as number);
    for (let step = 1; step <= count; step++)
      for (const equation of block) {
        const at: Step = letter === null ? new Map() : new Map([[letter, step]]);
        const done = issues.attempt(equation.line, () => atStep(equation, at, context));
        if (done !== null) written.push(done);
      }
    from = to;
  }
  const last = [...recurring].map(([name, letter]) => [name, `${name}${steps.get(letter as string)}`] as const);
  return { equations: written, last: new Map(last) };
}

/** The names that an equation of a recurrence is written out to. */
function definedSteps({ name, groups }: Equation, letter: string | null, steps: Step): readonly string[] {
  if (letter !== null) return Array.from({ length: steps.get(letter) ?? 0 }, (_, i) => `${name.name}${i + 1}`);
  const [first] = groups[0] ?? [];
  return first?.kind === "number" ? [`${name.name}${first.text}`] : [];
}

type Step = ReadonlyMap<string, number>;

interface Context {
  readonly recurring: ReadonlySet<string>;
  readonly defined: ReadonlySet<string>;
  readonly steps: ReadonlyMap<string, number>;
  readonly sizes: ReadonlyMap<string, number>;
  readonly count: { parts: number };
}

function atStep(equation: Placed<Equation>, step: Step, context: Context): Placed<Equation> {
  const { name, groups } = equation;
  const isRecurring = context.recurring.has(name.name);
  const [first, ...others] = groups;
  const lettered = (first ?? []).find((part) => part.kind === "name" && context.steps.has(part.name));
  if (lettered !== undefined && !isRecurring)
    throw new Refusal(lettered.at, "a step stands beside other indices", `write ${name.name}[t][…] = …`);
  const number = isRecurring ? stepOf(first?.[0], step, context, name.at) : null;
  return {
    ...equation,
    name: number === null ? name : { ...name, name: `${name.name}${number}` },
    groups: number === null ? groups : others,
    value: rewritten(equation.value, step, context),
  };
}

/** The number of the step that t, t-1, 3 or the name of a size stands for. */
function stepOf(part: Syntax | undefined, step: Step, context: Context, at: number): number {
  const value = (s: Syntax | undefined): number => {
    if (s?.kind === "number" && /^\d+$/.test(s.text)) return Number(s.text);
    if (s?.kind === "name") return step.get(s.name) ?? context.sizes.get(s.name) ?? NaN;
    if (s?.kind !== "operation" || !["+", "-"].includes(s.operator)) return NaN;
    return value(s.left) + (s.operator === "+" ? 1 : -1) * value(s.right);
  };
  const number = value(part);
  if (!Number.isInteger(number) || number < 0)
    throw new Refusal(part?.at ?? at, "this is no step", "write a step as t, t-1 or a number, as in h[t-1][j]");
  return number;
}

function rewritten(syntax: Syntax, step: Step, context: Context): Syntax {
  if (++context.count.parts > mostParts)
    throw new Refusal(syntax.at, `written out, the equations have more than ${mostParts} parts`, "take fewer steps");
  const inner = (part: Syntax): Syntax => rewritten(part, step, context);
  switch (syntax.kind) {
    case "number":
      return syntax;
    case "name": {
      const value = step.get(syntax.name);
      if (context.recurring.has(syntax.name))
        throw new Refusal(syntax.at, `${syntax.name} has a value for each step`, `write ${syntax.name}[t]`);
      return value === undefined ? syntax : { kind: "number", text: String(value), at: syntax.at };
    }
    case "entry":
      return entryAtStep(syntax, step, context);
    case "call":
      return reductionOverSteps(syntax, step, context) ?? { ...syntax, args: syntax.args.map(inner) };
    case "negate":
      return { ...syntax, of: inner(syntax.of) };
    case "operation":
    case "comparison":
      return { ...syntax, left: inner(syntax.left), right: inner(syntax.right) };
    case "choose": {
      const { left, right } = syntax.condition;
      const condition = { ...syntax.condition, left: inner(left), right: inner(right) };
      return { ...syntax, condition, then: inner(syntax.then), otherwise: inner(syntax.otherwise) };
    }
  }
}

function entryAtStep(entry: Entry, step: Step, context: Context): Syntax {
  const inner = (part: Syntax): Syntax => rewritten(part, step, context);
  if (!context.recurring.has(entry.name)) return { ...entry, groups: entry.groups.map((group) => group.map(inner)) };
  const [first, ...others] = entry.groups;
  const number = stepOf(first?.[0], step, context, entry.at);
  const name = `${entry.name}${number}`;
  if (first?.[0]?.kind === "operation" && number > Math.max(...step.values()))
    throw new Refusal(entry.at, "a step of a recurrence needs a later one", "use the steps before, as in h[t-1][j]");
  if (!context.defined.has(name))
    throw new Refusal(
      entry.at,
      `${entry.name} has no step ${number}`,
      `write what it is there: ${entry.name}[${number}]${others.length > 0 ? "[j]" : ""} = 0`,
    );
  if (others.length === 0) return { kind: "name", name, at: entry.at };
  return { ...entry, name, groups: others.map((group) => group.map(inner)) };
}

/** A sum or mean over steps as its terms; null where the call is none. */
function reductionOverSteps(call: Call, step: Step, context: Context): Syntax | null {
  if (call.name !== "sum" && call.name !== "mean") return null;
  const [body, ...over] = call.args;
  const letter = over.find((part) => part.kind === "name" && context.steps.has(part.name) && !step.has(part.name));
  if (letter?.kind !== "name" || body === undefined) return null;
  const { at } = call;
  const count = context.steps.get(letter.name) as number;
  const rest: Call = { ...call, args: [body, ...over.filter((part) => part !== letter)] };
  const term = (n: number): Syntax =>
    rewritten(rest.args.length === 1 ? body : rest, new Map([...step, [letter.name, n]]), context);
  let total = term(1);
  for (let n = 2; n <= count; n++) total = { kind: "operation", operator: "+", left: total, right: term(n), at };
  if (call.name === "sum") return total;
  const steps: Syntax = { kind: "number", text: String(count), at };
  return { kind: "operation", operator: "/", left: total, right: steps, at };
}
