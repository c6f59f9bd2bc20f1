import { variableKey } from "../equations/index.ts";
import { DivisionByZero, forward } from "../exact/index.ts";
import { multiply, num, rational, type Expr, type Rational } from "../expression/index.ts";
import { typesetFormula, unicode } from "../notation/index.ts";
import type { Assignment, GradientTask, Placement } from "../program/index.ts";
import type { DiagnosisContext } from "./diagnose.ts";
import type { CauseId, LocatedFinding } from "./finding.ts";
import { nearestRational, rationalText } from "./nearest-rational.ts";
import type { Trial, TrialCall } from "./trial.ts";

/**
 * The same for a model of an equation file, of which only factors, signs, sums over the batch, rates and accumulators
 * are looked for.
 */
export function diagnoseModel<T>(
  task: GradientTask,
  numeric: Trial<number>,
  exact: readonly Trial<T>[],
  context: DiagnosisContext,
): readonly LocatedFinding<T>[] | null {
  if (exact.length === 0 || numeric.calls.length === 0) return null;
  const doubles = new ModelTrial(task, numeric, context, isNear);
  const others = exact.map((trial) => new ModelTrial(task, trial, context, trial.same));
  const explains = (mistake: Mistake): boolean =>
    doubles.isExplainedBy(mistake) && others.every((trial) => trial.isExplainedBy(mistake));
  if (explains({ ...nothing, tensors: [] })) return [];
  const found = mistakesOf(task, doubles, context).find(explains);
  return found === undefined ? null : [describe(task, found, others[0] as ModelTrial<T>)];
}

/** Rounding of doubles; what it leaves open is decided by the exact trials. */
const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b)) + 1e-12;

/** A mistake in the gradients of some tensors. */
interface Mistake {
  readonly id: CauseId;
  readonly message: string;
  readonly tensors: readonly string[];
  readonly factor: Rational;
  /** Is it the rate that the gradient has too often, or lacks? */
  readonly rate: -1 | 0 | 1;
  readonly keepsBefore: boolean;
}

const one = rational(1n);
const nothing: Mistake = { id: "constant-factor", message: "", tensors: [], factor: one, rate: 0, keepsBefore: false };

function mistakesOf(
  task: GradientTask,
  doubles: ModelTrial<number>,
  { reduction, isStep }: DiagnosisContext,
): readonly Mistake[] {
  const names = task.layout.map(({ name }) => name);
  const scopes = [names, ...(names.length === 1 ? [] : names.map((name) => [name]))];
  const samples = BigInt(doubles.trial.calls[0]?.samples.length ?? 1);
  return scopes.flatMap((tensors): readonly Mistake[] => {
    const text = tensors.length === names.length ? "the whole gradient" : `the gradient of ${tensors[0]}`;
    const row = (id: CauseId, how: string, change: Partial<Mistake>): Mistake => ({
      ...nothing,
      id,
      message: `${text} ${how}`,
      tensors,
      ...change,
    });
    const ratio = doubles.ratioOf(tensors[0] as string);
    const isTrivial = ratio === null || ratio.numerator === 0n || ratio.numerator === ratio.denominator;
    return [
      row("sign", "has the opposite sign", { factor: rational(-1n) }),
      ...(samples === 1n
        ? []
        : [
            reduction === "mean"
              ? row("batch-sum", "is summed over the batch, not averaged", { factor: rational(samples) })
              : row("batch-sum", "is averaged over the batch, not summed", { factor: rational(1n, samples) }),
          ]),
      row("accumulator-not-cleared", "still holds that of the call before: its accumulator is not set to zero", {
        keepsBefore: true,
      }),
      ...(isStep
        ? [
            row("learning-rate", "is stepped along without the learning rate", { rate: -1 }),
            row("learning-rate", "takes the learning rate twice", { rate: 1 }),
          ]
        : []),
      ...(isTrivial
        ? []
        : [row("constant-factor", `is ${rationalText(ratio)} times what it should be`, { factor: ratio })]),
    ];
  });
}

/** The calls of a trial with the gradients that they should have given. */
class ModelTrial<T> {
  readonly trial: Trial<T>;
  private readonly task: GradientTask;
  private readonly context: DiagnosisContext;
  private readonly same: (a: T, b: T) => boolean;
  private readonly known = new Map<number, ReadonlyMap<string, readonly T[]>>();

  constructor(task: GradientTask, trial: Trial<T>, context: DiagnosisContext, same: (a: T, b: T) => boolean) {
    this.task = task;
    this.trial = trial;
    this.context = context;
    this.same = same;
  }

  isExplainedBy(mistake: Mistake): boolean {
    try {
      return this.trial.calls.every((_, call) =>
        this.task.layout.every((place) => {
          const expected = this.mistaken(mistake, place, call);
          return expected.every((value, i) => this.same(value, this.found(place, call)[i] as T));
        }),
      );
    } catch (error) {
      if (error instanceof DivisionByZero) return false;
      throw error;
    }
  }

  mistaken(mistake: Mistake, place: Placement, call: number): readonly T[] {
    const { arithmetic: a, calls } = this.trial;
    const { before, rate } = calls[call] as TrialCall<T>;
    const right = this.right(call).get(place.name) as readonly T[];
    if (!mistake.tensors.includes(place.name)) return right;
    const factor = a.constant(mistake.factor);
    const kept = mistake.keepsBefore && before !== null ? this.mistaken(mistake, place, before) : null;
    return right.map((value, i) => {
      const scaled = a.multiply(factor, value);
      const stepped =
        mistake.rate === 0 || rate === null
          ? scaled
          : mistake.rate === 1
            ? a.multiply(rate, scaled)
            : a.divide(scaled, rate);
      return kept === null ? stepped : a.add(stepped, kept[i] as T);
    });
  }

  /** found/right where most can be read, as a rational. */
  ratioOf(this: ModelTrial<number>, name: string): Rational | null {
    const place = this.task.layout.find((p) => p.name === name) as Placement;
    const right = this.right(0).get(name) as readonly number[];
    const at = right.reduce((best, value, i) => (Math.abs(value) > Math.abs(right[best] as number) ? i : best), 0);
    return nearestRational((this.found(place, 0)[at] as number) / (right[at] as number));
  }

  private found({ offset, rows, columns }: Placement, call: number): readonly T[] {
    return (this.trial.calls[call] as TrialCall<T>).gradient.slice(offset, offset + rows * columns);
  }

  /** The gradients of all tensors by the derived equations. */
  private right(call: number): ReadonlyMap<string, readonly T[]> {
    const known = this.known.get(call);
    if (known !== undefined) return known;
    const { arithmetic: a } = this.trial;
    const { samples } = this.trial.calls[call] as TrialCall<T>;
    const each = samples.map((sample) => this.ofSample(call, sample));
    const count = a.constant(rational(this.context.reduction === "mean" ? BigInt(samples.length) : 1n));
    const total = new Map(
      this.task.layout.map(({ name }) => {
        const [first = [], ...rest] = each.map((values) => values.get(name) as readonly T[]);
        const summed = rest.reduce((sum, values) => sum.map((value, i) => a.add(value, values[i] as T)), first);
        return [name, summed.map((value) => a.divide(value, count))];
      }),
    );
    this.known.set(call, total);
    return total;
  }

  private ofSample(call: number, sample: readonly (readonly T[])[]): ReadonlyMap<string, readonly T[]> {
    const { model, layout, inputs, backward, forward: equations } = this.task;
    const { theta } = this.trial.calls[call] as TrialCall<T>;
    const given = new Map<string, readonly T[]>([
      ...layout.map((p) => [p.name, theta.slice(p.offset, p.offset + p.rows * p.columns)] as const),
      ...inputs.map(({ key }, i) => [key, sample[i] as readonly T[]] as const),
    ]);
    const values = forward(
      {
        arithmetic: this.trial.arithmetic,
        model: { ...model, equations: [...equations, ...backward] },
        functions: model.functions,
        layers: { l: 0, L: 0 },
        adjoints: new Map(),
      },
      given,
    );
    return new Map(
      layout.map(({ name }) => [name, values.get(variableKey(gradientOf(this.task, name).variable)) as readonly T[]]),
    );
  }
}

function gradientOf({ backward }: GradientTask, name: string): Assignment {
  const found = backward.find((a) => a.gradientOf !== null && variableKey(a.gradientOf) === name);
  if (found === undefined) throw new Error(`no equation gives the gradient of ${name}`);
  return found;
}

function describe<T>(task: GradientTask, mistake: Mistake, trial: ModelTrial<T>): LocatedFinding<T> {
  const [tensor] = mistake.tensors as [string];
  const place = task.layout.find(({ name }) => name === tensor) as Placement;
  const { goal, value } = gradientOf(task, tensor);
  const line = (right: Expr): string =>
    typesetFormula({ kind: "equality", left: task.shown(goal), right: task.shown(right) }, unicode);
  const isScaled = mistake.factor.numerator !== mistake.factor.denominator;
  const calls = trial.trial.calls.flatMap((call, i) => (mistake.keepsBefore && call.before === null ? [] : [i]));
  return {
    id: mistake.id,
    message: mistake.message,
    formula: {
      found: isScaled ? line(multiply(num(mistake.factor), value)) : `${line(value)}, and what has been said`,
      right: line(value),
    },
    fix: line(value),
    wrong: tensor,
    values: trial.mistaken(mistake, place, calls[0] ?? 0).slice(0, 3),
  };
}
