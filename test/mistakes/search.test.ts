import { describe, expect, test } from "vitest";
import { seeded, type Residues } from "../../src/exact/index.ts";
import { diagnose, identifyForward, identifyLoss, type Trial } from "../../src/mistakes/index.ts";
import { mutationsOf } from "../../src/mistakes/catalogue.ts";
import { mutated, type Facts, type Mutation } from "../../src/mistakes/mutation.ts";
import type { Parts } from "../../src/mistakes/parts.ts";
import { clippedNorms } from "../../src/mistakes/rows-bounds.ts";
import { Signed, World } from "../../src/mistakes/world.ts";
import {
  bothTrials,
  doubles,
  given,
  residues,
  rightParts,
  setting,
  synthesised,
  trialOf,
  type Setting,
} from "./trials.ts";

const contextOf = ({ shape, isStep }: Setting) => ({ reduction: shape.reduction, isStep });
const unknown = (own: Setting): Facts => ({
  loss: "unknown",

  hasRate: own.isStep,
  isStep: own.isStep,
});

const idsOf = (own: Setting, trials: readonly [Trial<number>, Trial<Residues>]): readonly string[] | null =>
  diagnose(own.shape.network, trials[0], [trials[1]], contextOf(own))?.map(({ id }) => id) ?? null;

/** The mutation of a name whose message has these words. */
function rowOf(own: Setting, id: string, words: string): Mutation {
  const found = mutationsOf(own.shape, unknown(own), rightParts(own)).find(
    (row) => row.id === id && row.message.includes(words),
  );
  if (found === undefined) throw new Error(`no ${id} with ${words}`);
  return found;
}

const withAll = (own: Setting, rows: readonly Mutation[]): Parts =>
  rows.reduce((parts, row) => mutated(parts, row) ?? parts, rightParts(own));

const plain = setting("2-4-3", { activation: "sigmoid" }, { samples: 5, isStep: true });

describe("two mistakes", () => {
  const pairs = [
    [
      ["cross-entropy-delta", "lacks"],
      ["updated-weights", "layer 2"],
    ],
    [
      ["squared-loss-delta", ""],
      ["bias-missing", "b2"],
    ],
    [
      ["hidden-missing-output-derivative", "layer 2"],
      ["accumulator-not-cleared", "whole"],
    ],
    [
      ["missing-weight", "layer 2"],
      ["sign", "gradient of W3"],
    ],
    [
      ["wrong-activation-derivative", "every layer has the derivative of tanh"],
      ["bias-summed-over-units", "sum over"],
    ],
    [
      ["batch-sum", "the whole gradient is summed"],
      ["updated-weights", "layer 2"],
    ],
  ] as const;
  test.each(pairs)("%s and %s are both named", (...named) => {
    const own =
      named[0][0] === "squared-loss-delta" ? setting("2-4-3", { loss: "binary-cross-entropy" }, { samples: 5 }) : plain;
    const rows = named.map(([id, words]) => rowOf(own, id, words));
    const found = idsOf(own, bothTrials(own, withAll(own, rows)));
    expect([...(found ?? [])].sort()).toEqual(named.map(([id]) => id as string).sort());
  });
});

describe("no name is given", () => {
  const right = bothTrials(plain, rightParts(plain));
  const changed = <T>(trial: Trial<T>, change: (value: T, at: number, call: number) => T): Trial<T> => ({
    ...trial,
    calls: trial.calls.map((call, n) => ({
      ...call,
      gradient: call.gradient.map((value, at) => change(value, at, n)),
    })),
  });
  test("to the right gradient, which has no mistake", () => {
    expect(idsOf(plain, right)).toEqual([]);
  });
  test("to noise", () => {
    const [a, b] = [doubles(seeded(1)), residues(seeded(2))];
    expect(idsOf(plain, [changed(right[0], a.draw), changed(right[1], b.draw)])).toBeNull();
  });
  test("to the right gradient with one entry that is wrong in one exact call", () => {
    const { multiply, constant } = right[1].arithmetic;
    const three = constant({ numerator: 3n, denominator: 1n });
    const exact = changed(right[1], (value, at, call) => (at === 6 && call === 2 ? multiply(three, value) : value));
    expect(idsOf(plain, [right[0], exact])).toBeNull();
  });
  test("to a mistake that the doubles show and the exact numbers do not", () => {
    const [numeric] = bothTrials(plain, withAll(plain, [rowOf(plain, "missing-weight", "")]));
    expect(idsOf(plain, [numeric, right[1]])).toBeNull();
  });
  test("where there is no exact trial", () => {
    const [numeric] = bothTrials(plain, withAll(plain, [rowOf(plain, "sign", "")]));
    expect(diagnose(plain.shape.network, numeric, [], contextOf(plain))).toBeNull();
  });
  test("to a mistake that is wrong in one entry of one of two exact trials", () => {
    const [numeric, exact] = bothTrials(plain, withAll(plain, [rowOf(plain, "missing-weight", "")]));
    const { add, constant } = exact.arithmetic;
    const spoiled = changed(exact, (value, at, call) =>
      at === 0 && call === 0 ? add(value, constant({ numerator: 1n, denominator: 1n })) : value,
    );
    expect(diagnose(plain.shape.network, numeric, [exact], contextOf(plain))).toHaveLength(1);
    expect(diagnose(plain.shape.network, numeric, [exact, spoiled], contextOf(plain))).toBeNull();
  });
});

describe("a number that no table has", () => {
  const scaled = (own: Setting, change: (key: string, at: number) => readonly [bigint, bigint]): string => {
    const by = <T>(trial: Trial<T>): Trial<T> => ({
      ...trial,
      calls: trial.calls.map((call) => ({
        ...call,
        gradient: own.task.layout.flatMap(({ name, offset, rows, columns }) =>
          call.gradient.slice(offset, offset + rows * columns).map((value, at) => {
            const [numerator, denominator] = change(name, at);
            return trial.arithmetic.multiply(trial.arithmetic.constant({ numerator, denominator }), value);
          }),
        ),
      })),
    });
    const [a, b] = bothTrials(own, rightParts(own));
    const [found] = diagnose(own.shape.network, by(a), [by(b)], contextOf(own)) ?? [];
    return `${found?.id} ${found?.message}`;
  };
  test("is read off as a factor of the whole", () => {
    expect(scaled(plain, () => [-7n, 11n])).toMatch(/^constant-factor the error of the outputs is -7\/11 times/);
  });
  test("is read off as a factor of one tensor", () => {
    expect(scaled(plain, (name) => (name === "W2" ? [13n, 1n] : [1n, 1n]))).toMatch(
      /^constant-factor the gradient of W2 is 13 times/,
    );
  });
  test("is read off as a penalty that is not asked for", () => {
    const asked = setting("2-4-3", { l2: "0.125" }, { samples: 3 });
    const own = setting("2-4-3", {}, { samples: 3 });
    expect(idsOf(own, bothTrials(asked, rightParts(asked)))).toEqual(["regulariser"]);
  });
  test("is read off as the norm that a gradient is shortened to", () => {
    const rows = clippedNorms(plain.shape, rightParts(plain), [{ tensor: null, bound: 0.015625 }]);
    const numeric = synthesised(plain, doubles(seeded(7)), withAll(plain, rows));
    const exact = synthesised(plain, residues(seeded(8), 8), withAll(plain, rows));
    expect(idsOf(plain, [numeric, exact])).toEqual(["clipped"]);
  });
});

describe("what the code's own loss says", () => {
  const own = setting("2-4-3", { loss: "mse" }, { samples: 2 });
  const half = setting("2-4-3", { loss: "half-squared" }, { samples: 2 });
  const withLoss = <T>(of: Setting, trial: Trial<T>): Trial<T> => {
    const world = new World(trial, of.task);
    const right = new Signed(rightParts(of));
    return {
      ...trial,
      calls: trial.calls.map((call, i) => ({ ...call, loss: world.entries(right, "J", i, 0)[0] as T })),
    };
  };
  const wrong = bothTrials(half, rightParts(half));
  test.each([
    ["the loss claimed", own, "constant-factor"],
    ["another", half, "other-loss"],
  ] as const)("if it is %s, decides between a factor and a loss", (_, of, id) => {
    expect(idsOf(own, [withLoss(of, wrong[0]), withLoss(of, wrong[1])])).toEqual([id]);
  });
  test("is named", () => {
    expect(identifyLoss(own.shape.network, withLoss(half, wrong[0]), contextOf(own))).toBe("half-squared");
    expect(identifyLoss(own.shape.network, withLoss(own, wrong[0]), contextOf(own))).toBe("mse");
    expect(identifyLoss(own.shape.network, wrong[0], contextOf(own))).toBeNull();
  });
});

describe("the forward pass of the code", () => {
  const claimed = setting("2-4-3", { activation: "sigmoid" }, { samples: 2 });
  const outputsOf = (of: Setting, change: (parts: Parts) => Parts = (parts) => parts): Trial<number> => {
    const kind = doubles(seeded(7));
    const calls = given(of, kind);
    const world = new World(
      trialOf(kind, calls, () => ({ gradient: [] })),
      of.task,
    );
    const right = new Signed(change(rightParts(of)));
    return trialOf(kind, calls, (call, i) => ({
      gradient: call.theta,
      output: call.samples.flatMap((_, n) => [...world.entries(right, "a3", i, n)]),
    }));
  };
  test.each([["sigmoid,sigmoid"], ["tanh,sigmoid"], ["sigmoid,softmax"], ["relu,identity"]])(
    "with %s is recognised",
    (activation) => {
      const of = setting("2-4-3", { activation }, { samples: 2 });
      expect(identifyForward(claimed.shape.network, outputsOf(of))).toEqual({
        network: of.shape.network,
        lacksBiases: false,
      });
    },
  );
  test("without biases is recognised", () => {
    const rows = mutationsOf(claimed.shape, unknown(claimed), rightParts(claimed));
    const row = rows.find(({ message }) => message.includes("lacks the biases of every layer"));
    expect(
      identifyForward(
        claimed.shape.network,
        outputsOf(claimed, (parts) => mutated(parts, row as Mutation) as Parts),
      ),
    ).toEqual({
      network: claimed.shape.network,
      lacksBiases: true,
    });
  });
  test("that none has is not", () => {
    expect(
      identifyForward(claimed.shape.network, outputsOf(setting("2-4-3", { activation: "z^2" }, { samples: 2 }))),
    ).toBeNull();
  });
});
