import { describe, expect, test } from "vitest";
import { add, choose, multiply, negate, num, subtract, type Expr } from "../../src/expression/index.ts";
import { diagnose } from "../../src/mistakes/index.ts";
import { mutationsOf } from "../../src/mistakes/catalogue.ts";
import { instead, mutated, mutation, type Mutation } from "../../src/mistakes/mutation.ts";
import { entry } from "../../src/mistakes/parts.ts";
import { bothTrials, rightParts, setting, type Setting } from "./trials.ts";

/** What code is told whose σ′, or whose error, is written so. */
function told(own: Setting, key: string, value: Expr): string | undefined {
  const wrong: Mutation = mutation("sign", key, "", { [key]: instead(() => value) });
  const [numeric, exact] = bothTrials(own, mutated(rightParts(own), wrong) ?? rightParts(own));
  const found = diagnose(own.shape.network, numeric, [exact], { reduction: "mean", isStep: own.isStep });
  return found?.map(({ id, message }) => `${id}: ${message}`).join(" + ");
}

const id = "wrong-activation-derivative";
const a = entry("a2", "j");
const one = num(1);

describe("σ′ with a slip in it is told by the slip", () => {
  test.each([
    ["sigmoid", "a", a, "σ′ of layer 2 lacks its factor 1 − a"],
    ["sigmoid", "1 − a", subtract(one, a), "σ′ of layer 2 lacks its factor a"],
    ["sigmoid", "a(1 + a)", multiply(a, add(one, a)), "σ′ of layer 2 has 1 + a in place of 1 − a"],
    ["tanh", "1 − a", subtract(one, a), "σ′ of layer 2 has 1 − a in place of 1 − a²"],
    ["tanh", "1 + a²", add(one, multiply(a, a)), "σ′ of layer 2 has 1 + a² in place of 1 − a²"],
    [
      "sigmoid",
      "a²(1 − a)²",
      multiply(a, subtract(one, a), a, subtract(one, a)),
      "the δ of layer 2 is multiplied by σ′ twice",
    ],
  ])("of %s, %s", (activation, _, slope, message) => {
    const own = setting("2-4-3", { activation: `${activation},sigmoid` }, { samples: 3, isStep: true });
    expect(told(own, "slope2", slope)).toBe(`${id}: ${message}`);
  });
  test("but another activation's derivative is told as such", () => {
    const own = setting("2-4-3", { activation: "sigmoid" }, { samples: 3 });
    expect(told(own, "slope2", subtract(one, multiply(a, a)))).toBe(
      `${id}: the δ of layer 2 has the derivative of tanh in the place of that of sigmoid`,
    );
  });
  test("of every layer at once", () => {
    const own = setting("2-4-3", {}, { samples: 3 });
    const row = mutationsOf(own.shape, { loss: "unknown", hasRate: false, isStep: false }, rightParts(own)).find(
      ({ message }) => message === "σ′ of every layer lacks its factor a",
    ) as Mutation;
    const [numeric, exact] = bothTrials(own, mutated(rightParts(own), row) ?? rightParts(own));
    const found = diagnose(own.shape.network, numeric, [exact], { reduction: "mean", isStep: false });
    expect(found?.map(({ message }) => message)).toEqual([row.message]);
  });
});

describe("the error of the outputs", () => {
  const own = setting("2-4-3", { loss: "half-squared" }, { samples: 3, isStep: true });
  const error = subtract(entry("a3", "j"), entry("y", "j"));
  test("without its sign is told so", () => {
    expect(told(own, "s3", choose(error, ">", num(0), error, negate(error)))).toMatch(/^sign: .* is \|a − y\|/);
  });
  test.each([
    ["without the target", entry("a3", "j")],
    ["squared", multiply(error, error)],
  ])("%s has no name", (_, value) => {
    expect(told(own, "s3", value)).toBeUndefined();
  });
});
