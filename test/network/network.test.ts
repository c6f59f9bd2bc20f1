import { describe, expect, test } from "vitest";
import { activationFormula, lossFormula } from "../../src/equations/index.ts";
import { countParameters, optionsText, parseNetwork } from "../../src/network/index.ts";
import { Problem } from "../../src/problem.ts";

describe("networks", () => {
  test("2-3-1 with the defaults", () => {
    const network = parseNetwork("2-3-1");
    expect(network).toEqual({ sizes: [2, 3, 1], activations: ["sigmoid", "sigmoid"], loss: "mse" });
    expect(countParameters(network)).toBe(13);
    expect(optionsText(network)).toBe("");
  });

  test("a list of activations splits at commas outside parentheses", () => {
    expect(parseNetwork("2-3-1", { activation: "tanh, z/(1+exp(-z))" }).activations).toEqual(["tanh", "z/(1+exp(-z))"]);
  });

  test.each([
    "2",
    "0-3",
    "2-0",
    "2-3-",
    "2--1",
    "-2-3-1",
    "1e9-3",
    "2-3-1.5",
    "a-b",
    "",
    "  ",
    "1000000-3",
    "2-3-1-",
    "2–3",
    "99999999999999999999-1",
    Array.from({ length: 70 }, () => 1).join("-"),
  ])("%j is refused", (text) => {
    expect(() => parseNetwork(text)).toThrow(Problem);
  });
  test.each([
    ["2x3x2", '"2x3x2" is not a list of layer sizes'],
    ["2-3x2", '"2-3x2" has "3x2" where the size of layer 2 belongs'],
  ])("%s is told what is wrong with it", (text, why) => {
    expect(() => parseNetwork(text)).toThrow(new RegExp(`^${why}$`));
  });

  test.each([
    [{ activation: "tanh,tanh,tanh" }, /3 activations for 2/],
    [{ activation: "tanh,,tanh" }, /empty item/],
  ])("%j is refused", (options, why) => {
    expect(() => parseNetwork("2-3-1", options)).toThrow(why);
  });
});

test.each([
  [() => activationFormula("sigmoyd"), /no activation called "sigmoyd": did you mean sigmoid\?$/],
  [() => activationFormula("quadratic"), /no activation called "quadratic"$/],
  [() => activationFormula("__proto__"), /unknown name/],
  [() => activationFormula("1/0*z"), /divides by zero/],
  [() => lossFormula("mean(a/(y-y))"), /divides by zero/],
  [() => activationFormula("3"), /does not depend on z/],
  [() => lossFormula("mess"), /no loss called/],
  [() => lossFormula("(a-y)^2"), /an entry for each output/],
  [() => lossFormula("sum(y^2)"), /does not depend on a/],
  [() => lossFormula("sum((a-y)^2) + a"), /an entry for each output/],
  [() => lossFormula("2"), /not a number/],
  [() => activationFormula("leaky-relu(0.1, 2)"), /does not give leaky-relu its slope/],
  [() => activationFormula("relu(2)"), /relu/],
  [() => lossFormula("huber(x)"), /does not give huber its delta/],
])("an unusable function is refused: %s", (make, why) => {
  expect(make).toThrow(why);
});
