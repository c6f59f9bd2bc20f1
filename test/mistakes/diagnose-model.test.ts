import { describe, expect, test } from "vitest";
import { readEquations } from "../../src/equations/index.ts";
import { seeded, type Arithmetic } from "../../src/exact/index.ts";
import { diagnoseModel, type Trial } from "../../src/mistakes/index.ts";
import { equationsTask } from "../../src/program/index.ts";
import { doubles, residues, trialOf, type Given, type Kind } from "./trials.ts";

const text = `parameter w, b
input x, y
J = (w*x + b - y)^2 / 2
`;
const task = equationsTask(readEquations(text, "line.eq"), "line.eq", "line.eq");

/** The gradient of a line through points, by hand, each sample's summed. */
function gradient<T>({ theta, samples }: Given<T>, a: Arithmetic<T>): T[] {
  const [w, b] = theta as [T, T];
  const each = samples.map((sample) => {
    const [x, y] = sample.flat() as [T, T];
    const error = a.subtract(a.add(a.multiply(w, x), b), y);
    return [a.multiply(error, x), error];
  });
  return each.reduce((sum, next) => sum.map((value, i) => a.add(value, next[i] as T)));
}

function trials(code: <T>(own: T[], call: Given<T>, a: Arithmetic<T>, before: readonly T[] | null) => T[]) {
  const make = <T>(kind: Kind<T>): Trial<T> => {
    const { arithmetic: a, draw } = kind;
    const whole = (n: number): T => a.constant({ numerator: BigInt(n), denominator: 1n });
    const calls = [null, 0].map((before, i): Given<T> => ({
      before,
      theta: [draw(), draw()],
      samples: [0, 1, 2].map(() => [[draw()], [draw()]]),
      rate: whole(i + 2),
    }));
    const given: T[][] = [];
    return trialOf(kind, calls, (call, i) => {
      const mean = gradient(call, a).map((value) => a.divide(value, whole(3)));
      const before = call.before === null ? null : (given[call.before] as T[]);
      given[i] = code(mean, call, a, before);
      return { gradient: given[i] };
    });
  };
  return [make(doubles(seeded(1))), make(residues(seeded(2)))] as const;
}

const number = <T>(a: Arithmetic<T>, numerator: bigint, denominator = 1n): T => a.constant({ numerator, denominator });

describe("the gradient of a model of an equation file", () => {
  test.each([
    ["right", [], trials((own) => own)],
    ["of the other sign", ["sign"], trials((own, _, a) => own.map((value) => a.subtract(number(a, 0n), value)))],
    [
      "summed over the batch",
      ["batch-sum"],
      trials((own, _, a) => own.map((value) => a.multiply(number(a, 3n), value))),
    ],
    [
      "with a factor in one tensor",
      ["constant-factor"],
      trials(([w, b], _, a) => [w as never, a.multiply(number(a, 5n, 7n), b as never)]),
    ],
    [
      "added to that of the call before",
      ["accumulator-not-cleared"],
      trials((own, _, a, before) =>
        own.map((value, i) => (before === null ? value : a.add(value, before[i] as never))),
      ),
    ],
    [
      "with the rate twice",
      ["learning-rate"],
      trials((own, { rate }, a) => own.map((value) => a.multiply(rate as never, value))),
    ],
    ["that is zero in one tensor", null, trials(([w], _, a) => [w as never, number(a, 0n)])],
  ] as const)("%s is told apart", (_, expected, [numeric, exact]) => {
    const found = diagnoseModel(task, numeric, [exact], { reduction: "mean", isStep: true });
    expect(found?.map(({ id }) => id) ?? null).toEqual(expected);
  });
});
