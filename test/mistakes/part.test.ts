import { describe, expect, test } from "vitest";
import { seeded, type Residues } from "../../src/exact/index.ts";
import { diagnose, explainPart, type Trial } from "../../src/mistakes/index.ts";
import { mutationsOf } from "../../src/mistakes/catalogue.ts";
import { mutated, type Mutation } from "../../src/mistakes/mutation.ts";
import { bothTrials, doubles, residues, rightParts, setting } from "./trials.ts";

const own = setting("2-4-3-2", { loss: "half-squared" }, { samples: 3, isStep: true });
const context = { reduction: "mean", isStep: true } as const;
const rows = mutationsOf(own.shape, { loss: "unknown", hasRate: true, isStep: true }, rightParts(own));

/** What code gives with the first mistake of such a message, and noise in some layers. */
function trials(message: string | null, noisy: readonly number[]): readonly [Trial<number>, Trial<Residues>] {
  const row = rows.find((r) => r.message === message) as Mutation;
  const [numeric, exact] = bothTrials(
    own,
    (message === null ? null : mutated(rightParts(own), row)) ?? rightParts(own),
  );
  const spoilt = <T>(trial: Trial<T>, draw: () => T): Trial<T> => ({
    ...trial,
    calls: trial.calls.map((call) => ({
      ...call,
      gradient: own.task.layout.flatMap(({ name, offset, rows: height, columns }) =>
        call.gradient
          .slice(offset, offset + height * columns)
          .map((value) => (noisy.includes(Number(name.slice(1))) ? draw() : value)),
      ),
    })),
  });
  return [spoilt(numeric, doubles(seeded(5)).draw), spoilt(exact, residues(seeded(6)).draw)];
}

const explained = ([numeric, exact]: readonly [Trial<number>, Trial<Residues>]) => {
  const found = explainPart(own.shape.network, numeric, [exact], context);
  return found === null ? null : [found.finding.message, ...found.tensors];
};

const doubled = "the error of the outputs is 4 (2 is the number of outputs) times what it should be";
const slip = "σ′ of layer 3 lacks its factor 1 − a";

describe("the layers next to the outputs", () => {
  test.each([
    ["with one mistake, of which layer 2 has another", doubled, [2], [doubled, "b4", "W4", "b3", "W3"]],
    ["the output alone", doubled, [2, 3], [doubled, "b4", "W4"]],
    ["a mistake that the right layer 4 is not said to have", slip, [2], [slip, "b3", "W3"]],
  ])("are explained: %s", (_, message, noisy, expected) => {
    const given = trials(message, noisy);
    expect(explained(given)).toEqual(expected);
    expect(diagnose(own.shape.network, given[0], [given[1]], context)).toBeNull();
  });
  test.each([
    ["are right and the rest is noise", null, [2, 3]],
    ["are noise themselves", doubled, [4]],
    ["are explained with all the others", doubled, []],
    ["are right, as all is", null, []],
  ])("get no explanation where they %s", (_, message, noisy) => {
    expect(explained(trials(message, noisy))).toBeNull();
  });
  test("get none that claims the layers below", () => {
    const whole = "the step goes up the gradient: its sign is the opposite";
    const found = explained(trials(whole, [2]));
    expect(found?.[0]).not.toBe(whole);
    expect(found?.slice(1)).toEqual(["b4", "W4", "b3", "W3"]);
  });
  test("get none where one exact trial refuses it", () => {
    const [numeric, exact] = trials(doubled, [2]);
    const [, right] = trials(null, []);
    expect(explainPart(own.shape.network, numeric, [exact, right], context)).toBeNull();
    expect(explainPart(own.shape.network, numeric, [], context)).toBeNull();
  });
});
