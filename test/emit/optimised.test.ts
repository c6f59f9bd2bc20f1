import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sourceOf } from "../../src/emit/emit.ts";
import { readEquations } from "../../src/equations/index.ts";
import { parseNetwork, type NetworkOptions } from "../../src/network/index.ts";
import { buildProgram, equationsTask, type Program, type Strategy } from "../../src/program/index.ts";
import { optimisationOfModule } from "./v8.ts";

async function holdOptimised(program: Program, rounds: number): Promise<void> {
  const source = await sourceOf(program, undefined);
  const { hot, optimised, deoptimised } = await optimisationOfModule({ source, program }, rounds);
  expect(hot).toEqual(expect.arrayContaining(["forward", "backward", "forwardOwned", "backwardOwned"]));
  expect(hot.filter((name) => !optimised.has(name))).toEqual([]);
  expect(deoptimised).toEqual([]);
}

describe("TurboFan optimises every function that a gradient runs, and deoptimises none once warm, whatever the values", () => {
  test.each<[sizes: string, strategy: Strategy | undefined, options: NetworkOptions, rounds: number]>([
    ["2-3-1", undefined, {}, 40_000],
    ["4-8-3", undefined, {}, 40_000],
    ["16-16-4", "unrolled", {}, 10_000],
    ["16-32-8", undefined, {}, 20_000],
    ["32-64-64-64-10", undefined, {}, 5_000],
    ["784-30-10", undefined, {}, 4_000],
    ["4-8-3", undefined, { activation: "relu,softmax", loss: "cross-entropy" }, 40_000],
    ["16-32-8", undefined, { activation: "gelu,softmax", loss: "cross-entropy" }, 10_000],
    ["9-13-9", "tiled", { activation: "softplus,sigmoid", loss: "binary-cross-entropy" }, 20_000],
    ["24-32-8", "unrolled", {}, 5_000],
  ])("%s %s %j", async (sizes, strategy, options, rounds) => {
    await holdOptimised(buildProgram(parseNetwork(sizes, options), strategy), rounds);
  });

  test("attention.eq", async () => {
    const text = readFileSync(new URL("../samples/models/attention.eq", import.meta.url), "utf8");
    await holdOptimised(buildProgram(equationsTask(readEquations(text, "attention"), "attention", "")), 20_000);
  });
});

describe("what V8 says is read", () => {
  const program = buildProgram(parseNetwork("1-1"));
  /** A module of which backward does what it should not. */
  const readOf = (backward: string) =>
    optimisationOfModule(
      {
        program,
        source: `export const buffers = { theta: new Float64Array(2) };
          export function forward(): void {}
          export function forwardOwned(): void {}
          export function backward(): number { ${backward} }
          export function backwardOwned(): number { return 1; }`,
      },
      20_000,
    );

  test("of a function that is refused for its length", async () => {
    const { hot, optimised } = await readOf(
      `let a = buffers.theta[0]!; if (a > -2) return a; ${"a = a * a + a; ".repeat(10_000)} return a;`,
    );
    expect(hot.filter((name) => !optimised.has(name))).toEqual(["backward"]);
  });

  test("of a function that is deoptimised after the warm-up", async () => {
    const { deoptimised } = await readOf(
      "calls += 1; return calls < 55_000 ? calls + 0.5 : Math.round(calls / 7) + length(String(calls)); } let calls = 0; function length(text: string): number { return text.length;",
    );
    expect(deoptimised.join()).toMatch(/^backward: deopt-/);
  });
});
