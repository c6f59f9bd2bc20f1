import {
  digits64,
  DivisionByZero,
  leaning,
  primeTower,
  seeded,
  shadowed,
  type Arithmetic,
  type Digits,
  type Residues,
  type Shadowed,
} from "../exact/index.ts";
import type { BatchPoint, Call, Recording, RunSuccess } from "../implementation/index.ts";
import type { Trial } from "../mistakes/index.ts";
import type { Program } from "../program/index.ts";
import { givenAt, referenceAt, type Given, type Reference } from "./reference.ts";
import { exponentialDepth, replay } from "./replay.ts";

/** Numbers in which a recorded run is decided: exact ones, whose choices go as those of the doubles went. */
export type Exact = Shadowed<Residues>;

/** The recorded calls in one random draw of exact numbers. */
export interface ExactDraw {
  readonly trial: Trial<Exact>;
  /** Does the gradient of every call equal the derived one, tensor by tensor? */
  readonly equal: ReadonlyMap<string, boolean>;
  /** The value of every node, or null where it has none. */
  readonly nodes: readonly (Residues | null)[];
  readonly same: (a: Residues, b: Residues) => boolean;
}

/** A recorded run: what was asked, and what came back. */
export interface RecordedRun {
  readonly calls: readonly Call[];
  readonly reply: RunSuccess;
  readonly recording: Recording;
  readonly isStep: boolean;
  /** Is a step made at a rate that nobody knows? Then the gradient is known but for a factor above zero. */
  readonly isScaleFree: boolean;
  /** That factor, in doubles; 1 where the rate is known. */
  readonly scale: number;
  /** Is the loss of a batch the sum of those of its samples? */
  readonly isSum: boolean;
  /** Do targets sum to 1? */
  readonly isDistribution: boolean;
}

const draws = 2;
const mostAttempts = 20;
const seed = 90210;
/** Fields of the tower; exponentials nested deeper are not told apart from others that are as deep. */
const mostFields = 12;

/**
 * Compares a recorded run with the derivation at random elements of a prime field. Null where no draw gave both sides
 * a value.
 */
export function decideExactly(program: Program, run: RecordedRun): readonly ExactDraw[] | null {
  const levels = Math.min(mostFields, Math.max(exponentialDepth(run.recording), depthOf(program)) + 1);
  const found: ExactDraw[] = [];
  for (let attempt = 0; found.length < draws; attempt++) {
    if (attempt === mostAttempts) return null;
    const drawn = drawOnce(program.plain ?? program, run, levels, attempt);
    if (drawn !== null) found.push(drawn);
  }
  return found;
}

/** Each layer may have an exponential in its activation, the loss another. */
const depthOf = ({ task }: Program): number => task.forward.length / 2 + 1;

function drawOnce(program: Program, run: RecordedRun, levels: number, attempt: number): ExactDraw | null {
  const field = primeTower(levels, seeded(seed + attempt), leaning(attempt));
  const arithmetic = shadowed(field);
  const givens = drawGivens(run, field);
  const nodes = replay(run.recording, field, (call, slot) => (givens[call] as ExactGiven).slots[slot] as Residues);
  const exactOf = (values: Float64Array, at: Int32Array): readonly Exact[] | null => {
    const list = Array.from(at, (node, i) => ({ exact: nodes[node] ?? null, shadow: values[i] as number }));
    return list.every((value): value is Exact => value.exact !== null) ? list : null;
  };
  const equal = new Map(program.layout.map(({ name }) => [name, true]));
  const calls: Trial<Exact>["calls"][number][] = [];
  let scale: Exact | null = null;
  for (const [i, call] of run.calls.entries()) {
    const { given, rate } = givens[i] as ExactGiven;
    const { gradient, output, loss } = run.reply.results[i] as RunSuccess["results"][number];
    const read = (entries: typeof output): readonly Exact[] | null =>
      entries?.nodes == null ? null : exactOf(entries.values, entries.nodes);
    const raw = read(gradient);
    const expected = valueOrNull(() => referenceAt(program, given, arithmetic, run.isSum));
    if (raw === null || expected === null) return null;
    if (run.isScaleFree) scale ??= valueOrNull(() => scaleOf(raw, expected, arithmetic, run.scale));
    const found = scale === null ? raw : raw.map((value) => arithmetic.divide(value, scale as Exact));
    markUnequal(equal, program, expected, found, field.same);
    calls.push({
      before: previousOn(run.calls, i),
      theta: given.theta,
      samples: given.samples,
      rate: run.isStep ? { exact: rate, shadow: call.rate } : null,
      gradient: found,
      output: read(output),
      loss: read(loss)?.[0] ?? null,
    });
  }
  const same = (a: Exact, b: Exact): boolean => field.same(a.exact, b.exact);
  return { trial: { arithmetic, same, calls }, equal, nodes, same: field.same };
}

/** How many times the derived gradient what was found is, without the sign, from an entry that has the ratio of most. */
function scaleOf(
  found: readonly Exact[],
  { gradient }: Reference<Exact>,
  arithmetic: Arithmetic<Exact>,
  usual: number,
): Exact {
  const isUsual = ({ shadow }: Exact, i: number): boolean =>
    Math.abs(Math.abs(shadow / (gradient[i] as Exact).shadow) - usual) <= 1e-9 * usual;
  const at = Math.max(0, found.findIndex(isUsual));
  return arithmetic.apply("abs", arithmetic.divide(found[at] as Exact, gradient[at] as Exact));
}

/** All that goes into a call, as its slots are numbered. */
export const slotsOf = <T>({ theta, samples }: Given<T>, rate: T): readonly T[] => [...theta, ...samples.flat(2), rate];

/** The last call before this one on the same instance, or null. */
export function previousOn(calls: readonly Call[], at: number): number | null {
  const before = calls.slice(0, at).map(({ instance }) => instance);
  const found = before.lastIndexOf((calls[at] as Call).instance);
  return found < 0 ? null : found;
}

function markUnequal(
  equal: Map<string, boolean>,
  { layout }: Program,
  { gradient }: Reference<Exact>,
  found: readonly Exact[],
  same: (a: Residues, b: Residues) => boolean,
): void {
  for (const { name, offset, rows, columns } of layout)
    for (let at = offset; at < offset + rows * columns; at++)
      if (!same((gradient[at] as Exact).exact, (found[at] as Exact).exact)) equal.set(name, false);
}

interface ExactGiven {
  readonly given: Given<Exact>;
  readonly rate: Residues;
  /** All that goes into the call, as its slots are numbered. */
  readonly slots: readonly Residues[];
}

type Field = ReturnType<typeof primeTower>;

/** Random elements for what goes into each call: the same for the same point, or the same rate. */
function drawGivens(run: RecordedRun, field: Field): readonly ExactGiven[] {
  const points = new Map<BatchPoint, Given<Exact>>();
  const rates = new Map<number, Residues>();
  return run.calls.map(({ point, rate }) => {
    const given = points.get(point) ?? drawGiven(point, run.isDistribution, field);
    points.set(point, given);
    const drawnRate = rates.get(rate) ?? field.draw();
    rates.set(rate, drawnRate);
    const slots = slotsOf(given, { exact: drawnRate, shadow: rate }).map(({ exact }) => exact);
    return { given, rate: drawnRate, slots };
  });
}

function drawGiven({ theta, samples }: BatchPoint, isDistribution: boolean, field: Field): Given<Exact> {
  const lift = (values: Float64Array): Exact[] => Array.from(values, (shadow) => ({ exact: field.draw(), shadow }));
  return {
    theta: lift(theta),
    // The target is the last of what a sample of a network is made of.
    samples: samples.map((sample) =>
      sample.map((values, i) =>
        isDistribution && i === sample.length - 1 ? sumToOne(lift(values), field) : lift(values),
      ),
    ),
  };
}

function sumToOne(values: readonly Exact[], field: Field): Exact[] {
  const rest = values.slice(1);
  const one = field.constant({ numerator: 1n, denominator: 1n });
  const exact = rest.reduce((left, value) => field.subtract(left, value.exact), one);
  return [{ exact, shadow: (values[0] as Exact).shadow }, ...rest];
}

const valueOrNull = <T>(compute: () => T): T | null => {
  try {
    return compute();
  } catch (error) {
    if (error instanceof DivisionByZero) return null;
    throw error;
  }
};

/** How far both sides may be apart at 64 digits, and how far where constants of the code are rounded to 16. */
const agreement = { exact: 1e-45, rounded: 1e-14 } as const;

/**
 * Compares a recorded run with the derivation at 64 digits, where exact numbers do not decide: of logarithms and roots
 * a prime field knows no more than that they are functions.
 */
export function agreesToDigits(program: Program, run: RecordedRun, precision: keyof typeof agreement): boolean {
  const givens = run.calls.map(({ point }) => givenAt(point, digits64.from));
  const slots = givens.map((given, i) => slotsOf(given, digits64.from((run.calls[i] as Call).rate)));
  const nodes = replay(run.recording, digits64, (call, slot) => slots[call]?.[slot] as Digits);
  return givens.every((given, i) => {
    const { gradient } = referenceAt(program.plain ?? program, given, digits64, run.isSum);
    const found = run.reply.results[i]?.gradient.nodes;
    return gradient.every((expected, at) => {
      const value = nodes[found?.[at] ?? -1] ?? null;
      return value !== null && value.sub(expected).abs().lte(expected.abs().add(1).mul(agreement[precision]));
    });
  });
}
