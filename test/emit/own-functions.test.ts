import { describe, expect, test } from "vitest";
import { inspectSource } from "../../src/emit/inspect.ts";
import { loadSource } from "../../src/emit/load.ts";
import { functionsUsed, nameOfFunction, ownFunctions, textOfFunction } from "../../src/emit/own-functions.ts";
import { doubleWithFastExp, seeded } from "../../src/exact/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { buildProgram, type Program } from "../../src/program/index.ts";

const fast = ["exp", "logistic", "softplus"] as const;
const source = [
  ...fast.map((name) => textOfFunction(name, "fast")),
  // A model's own names in the scope of a function that calls exp.
  "export const run = (z: number): number => 1 / (1 + exp(-z));",
  `export { ${fast.join(", ")} };`,
].join("\n\n");

const programOf = (sizes: string, options = {}): Program => buildProgram(parseNetwork(sizes, options));

describe("a module with the fast exp", () => {
  test.each(fast)("has the %s of doubleWithFastExp, to the last bit", async (name) => {
    const module = (await loadSource(source)) as unknown as Record<string, (x: number) => number>;
    const random = seeded(8);
    const special = [0, -0, 5e-324, -5e-324, Infinity, -Infinity, NaN, 709.782712893384, 709.785, 710, -745.13, -746];
    const points = [special, [40, -745, 709].map((size) => Array.from({ length: 40_000 }, () => random.real(0, size)))];
    const wrong = points.flat(2).filter((x) => !Object.is(module[name]?.(x), doubleWithFastExp.apply(name, x)));
    expect(wrong).toEqual([]);
  });

  test("passes the strictest settings", async () => {
    await inspectSource(source);
  });

  test("calls it by its name, and all else as before", () => {
    expect(["exp", "logistic", "tanh", "erf"].map((name) => nameOfFunction(name, "fast"))).toEqual([
      "exp",
      "logistic",
      "Math.tanh",
      "erf",
    ]);
    expect(nameOfFunction("exp", "exact")).toBe("Math.exp");
  });

  test.each([
    ["sigmoid", {}, ["exp"], []],
    ["softplus", { activation: "softplus" }, ["exp", "logistic", "softplus"], ["logistic", "softplus"]],
    ["tanh", { activation: "tanh" }, [], []],
  ])("brings along what %s takes", (_, options, withFast, withExact) => {
    const program = programOf("2-3-1", options);
    expect(functionsUsed({ ...program, exp: "fast" })).toEqual(withFast);
    expect(functionsUsed({ ...program, exp: "exact" })).toEqual(withExact);
  });

  test.each(Object.keys(ownFunctions) as (keyof typeof ownFunctions)[])("%s is told once", (name) => {
    const text = textOfFunction(name, "fast");
    expect(text.includes("Math.exp(")).toBe(name === "erf" || name === "erfc");
    expect(text === ownFunctions[name]).toBe(name !== "logistic" && name !== "softplus");
  });
});
