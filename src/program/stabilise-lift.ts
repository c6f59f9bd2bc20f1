import { leftSide, type Range } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import {
  atom,
  children,
  freeSymbols,
  isBinder,
  print,
  substitute,
  sym,
  view,
  withChildren,
  build,
  type Expr,
  type Variable,
  type View,
  withNumberedBounds,
} from "../expression/index.ts";
import { lengthOf } from "./dependence.ts";
import { nameAll } from "./names.ts";
import { commenting, type Assignment, type GradientTask } from "./task.ts";

/**
 * Makes an assignment of its own of every sum and maximum that is the same for several of the entries or terms
 * that it stands in: the Σ exp(z_k) of softmax is computed once, not once per neuron. Equal ones are one, across
 * assignments; each stands before the first that reads it.
 */
export function liftSums(task: GradientTask): GradientTask {
  const taken = [...task.codeNames.keys(), ...task.model.functions.map(({ name }) => name)];
  const lifter = new Lifter(taken, commenting(task.shown));
  const forward = task.forward.flatMap((assignment) => lifter.lift(assignment));
  const last = lifter.lift(task.objective);
  const backward = task.backward.flatMap((assignment) => lifter.lift(assignment));
  if (lifter.names.length === 0) return task;
  return {
    ...task,
    forward: [...forward, ...last.slice(0, -1)],
    objective: last.at(-1) as Assignment,
    backward,
    codeNames: nameAll(task.model, [...task.codeNames.keys(), ...lifter.names]),
  };
}

type Binder = Extract<View, { kind: "sum" | "maximum" }>;

class Lifter {
  readonly names: string[] = [];
  private readonly taken: Set<string>;
  private readonly known = new Map<string, Variable>();
  private readonly comment: ReturnType<typeof commenting>;

  constructor(taken: readonly string[], comment: ReturnType<typeof commenting>) {
    this.comment = comment;
    this.taken = new Set(taken);
  }

  /** The assignment, after those that it has been freed of. */
  lift(assignment: Assignment): readonly Assignment[] {
    const before: Assignment[] = [];
    const value = this.inside(assignment.value, assignment.ranges, assignment, before);
    return [...before, value === assignment.value ? assignment : { ...assignment, value }];
  }

  /** @param around the indices in scope, those of the sums around with them */
  private inside(expr: Expr, around: readonly Range[], user: Assignment, before: Assignment[]): Expr {
    const v = view(expr);
    if (isBinder(v)) {
      const own = around.filter(({ index }) => index !== v.index && freeSymbols(expr).has(index));
      if (isRepeated(around, own)) return this.entryOf(v, own, user, before);
    }
    if (v.kind === "atom") return expr;
    const within = isBinder(v)
      ? [...around.filter(({ index }) => index !== v.index), { index: v.index, size: v.to }]
      : around;
    const parts = children(expr);
    const next = parts.map((part) => this.inside(part, within, user, before));
    return next.every((part, i) => part === parts[i]) ? expr : withChildren(expr, next);
  }

  private entryOf(binder: Binder, own: readonly Range[], user: Assignment, before: Assignment[]): Expr {
    const key = keyOf(build(binder), own);
    const at = own.map(({ index }) => sym(index));
    const found = this.known.get(key);
    if (found !== undefined) return atom(found, at);
    const variable: Variable = { family: this.nameFor(binder, user), layer: null };
    this.known.set(key, variable);
    const equation = { variable, ranges: own, value: build(binder) };
    const goal = leftSide(equation);
    before.push(
      ...this.lift({ ...equation, tag: "", goal, comment: "", gradientOf: null }).map((a) => this.commented(a)),
    );
    return atom(variable, at);
  }

  /** With the value in terms of what has been lifted out of it. */
  private commented(assignment: Assignment): Assignment {
    const { comment, goal, value } = assignment;
    return comment === "" ? { ...assignment, comment: this.comment("", goal, value) } : assignment;
  }

  /** `max3` and `sum3` for what is first read in the third layer, then `sumB3`, `sumC3`. */
  private nameFor({ kind }: Binder, { variable }: Assignment): string {
    const layer = /\d*$/.exec(variable.family)?.[0] ?? "";
    const word = kind === "sum" ? "sum" : "max";
    let name = `${word}${layer}`;
    for (let nth = 2; this.taken.has(name); nth++) name = `${word}${lettersOf(nth)}${layer}`;
    this.taken.add(name);
    this.names.push(name);
    return name;
  }
}

/** 2 is B, 26 Z, 27 AA. */
function lettersOf(nth: number): string {
  const before = nth > 26 ? lettersOf(Math.floor((nth - 1) / 26)) : "";
  return `${before}${String.fromCharCode(65 + ((nth - 1) % 26))}`;
}

/** Is a value that depends on `own` computed more than once in a scope of `around`? */
const isRepeated = (around: readonly Range[], own: readonly Range[]): boolean =>
  countOf(own) < countOf(around.filter(({ index }, i) => around.findIndex((r) => r.index === index) === i));

const countOf = (ranges: readonly Range[]): number => lengthOf(ranges.map(({ size }) => wholeNumber(size)));

/** The same for sums that differ in the names of indices only. */
function keyOf(expr: Expr, own: readonly Range[]): string {
  const numbered = new Map(own.map(({ index }, i) => [index, sym(`free${i}`)]));
  return `${own.map(({ size }) => print(size)).join()} ${print(withNumberedBounds(substitute(expr, numbered)))}`;
}
