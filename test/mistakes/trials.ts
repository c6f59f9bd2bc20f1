import { double, primeTower, seeded, type Arithmetic, type Random, type Residues } from "../../src/exact/index.ts";
import type { Trial, TrialCall } from "../../src/mistakes/index.ts";
import { derivedParts, type Parts, type Shape } from "../../src/mistakes/parts.ts";
import { Signed, World } from "../../src/mistakes/world.ts";
import { parseNetwork, type NetworkOptions } from "../../src/network/index.ts";
import { networkTask, parametersOf, type GradientTask } from "../../src/program/index.ts";

/** What a call is made with. */
export type Given<T> = Pick<TrialCall<T>, "before" | "theta" | "samples" | "rate">;

/** A kind of numbers with a source of random ones, and what makes them equal. */
export interface Kind<T> {
  readonly arithmetic: Arithmetic<T>;
  readonly draw: () => T;
  readonly same: (a: T, b: T) => boolean;
}

export const doubles = (random: Random): Kind<number> => ({
  arithmetic: double,
  draw: () => random.real(-1, 1),
  same: Object.is,
});

export const residues = (random: Random, eighths = 7): Kind<Residues> => {
  const tower = primeTower(4, random, eighths);
  return { arithmetic: tower, draw: tower.draw, same: tower.same };
};

export interface Setting {
  readonly shape: Shape;
  readonly task: GradientTask;
  /** Are the calls steps of training, at a rate of their own each? */
  readonly isStep: boolean;
}

export function setting(
  sizes: string,
  options: NetworkOptions = {},
  {
    samples = 1,
    reduction = "mean",
    isStep = false,
  }: { samples?: number; reduction?: "mean" | "sum"; isStep?: boolean } = {},
): Setting {
  const network = parseNetwork(sizes, options);
  return { shape: { network, samples, reduction }, task: networkTask(network), isStep };
}

/** Calls with random numbers: two on one instance, one on another. Targets are probabilities. */
export function given<T>({ shape, task, isStep }: Setting, { arithmetic: a, draw }: Kind<T>): readonly Given<T>[] {
  const whole = (n: number): T => a.constant({ numerator: BigInt(n), denominator: 1n });
  const sample = (): readonly (readonly T[])[] =>
    task.inputs.map(({ role, length }) => {
      const entries = Array.from({ length }, draw);
      if (role === "input") return entries;
      const positive = entries.map((value) => a.add(a.multiply(value, value), whole(1)));
      const total = positive.reduce((sum, value) => a.add(sum, value));
      return positive.map((value) => a.divide(value, total));
    });
  return [null, 0, null].map((before, call) => ({
    before,
    theta: Array.from({ length: parametersOf(task) }, draw),
    samples: Array.from({ length: shape.samples }, sample),
    rate: isStep ? a.constant({ numerator: BigInt(call + 1), denominator: 5n }) : null,
  }));
}

/** A trial of code that gives what it gives. */
export const trialOf = <T>(
  { arithmetic, same }: Kind<T>,
  calls: readonly Given<T>[],
  code: (
    call: Given<T>,
    index: number,
  ) => Partial<Pick<TrialCall<T>, "output" | "loss">> & { readonly gradient: readonly T[] },
): Trial<T> => ({
  arithmetic,
  same,
  calls: calls.map((call, i) => ({ output: null, loss: null, ...call, ...code(call, i) })),
});

/** What code would give that computes these parts. */
export function synthesised<T>(setting: Setting, kind: Kind<T>, parts: Parts): Trial<T> {
  const calls = given(setting, kind);
  const world = new World(
    trialOf(kind, calls, () => ({ gradient: [] })),
    setting.task,
  );
  const own = new Signed(parts);
  return trialOf(kind, calls, (_, call) => ({
    gradient: setting.task.layout.flatMap(({ name }) => [...world.entries(own, `d${name}`, call, 0)]),
  }));
}

export const rightParts = ({ shape }: Setting): Parts => derivedParts(shape);

/** Both kinds of trial, of the same code. */
export const bothTrials = (setting: Setting, parts: Parts, seed = 7): readonly [Trial<number>, Trial<Residues>] => [
  synthesised(setting, doubles(seeded(seed)), parts),
  synthesised(setting, residues(seeded(seed + 1)), parts),
];
