import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sourceOf } from "../../src/emit/emit.ts";
import { readEquations } from "../../src/equations/index.ts";
import { parseNetwork, type NetworkOptions } from "../../src/network/index.ts";
import { buildProgram, bytecodeLimit, equationsTask, type Program, type Strategy } from "../../src/program/index.ts";
import { bytecodeOf } from "../../src/program/split.ts";
import { bytecodeOfModule } from "./v8.ts";

/** V8's optimising compiler refuses longer functions (--max-optimized-bytecode-size). */
const refused = 61_440;

test("the limit is half of what V8 refuses", () => {
  expect(2 * bytecodeLimit).toBeLessThanOrEqual(refused);
});

async function holdUnderLimit(program: Program): Promise<void> {
  const functions = await bytecodeOfModule({ source: await sourceOf(program, undefined), program });
  const longest = functions.reduce((a, b) => (a.bytes > b.bytes ? a : b));
  expect(longest.bytes, longest.name).toBeLessThan(bytecodeLimit);
  for (const { name, bytes } of functions) {
    const procedure = program.procedures.find((p) => p.name === name);
    // A function that has a loop is not cut by the estimate.
    if (procedure === undefined || procedure.statements.some((s) => s.kind === "loop")) continue;
    const estimate = procedure.statements.reduce(
      (total, statement) => total + bytecodeOf(statement),
      procedure.result === null ? 10 : bytecodeOf({ kind: "define", name: "", value: procedure.result }),
    );
    expect(estimate, `the estimate for ${name}`).toBeGreaterThanOrEqual(bytes);
  }
}

describe("no function of a module has more bytecode than the limit, or than was estimated", () => {
  test.each<[sizes: string, strategy?: Strategy | undefined, options?: NetworkOptions]>([
    ["1-1"],
    ["2-3-1"],
    ["4-8-3"],
    ["16-16-4"],
    ["12-24-8"],
    ["16-32-8"],
    ["64-64-10"],
    ["8-16-16-16-4"],
    ["32-64-64-64-10"],
    ["3-3-3-3-3-3-3-3-3-3-3-3"],
    ["300-1"],
    ["1-300"],
    ["784-30-10"],
    ["784-128-10"],
    ["784-128-64-10"],
    ["4-5-3", undefined, { activation: "relu,softmax", loss: "cross-entropy" }],
    ["16-32-8", undefined, { activation: "gelu,softmax", loss: "cross-entropy" }],
    ["6-12-4", undefined, { activation: "selu,tanh", loss: "half-squared", l2: "0.01" }],
    ["5-7-3", undefined, { activation: "softplus,sigmoid", loss: "binary-cross-entropy" }],
    ["1-1", "tiled"],
    ["2-3-1", "tiled"],
    ["5-7-3", "tiled", { activation: "elu,softmax", loss: "cross-entropy" }],
    ["13-11-9", "tiled", { activation: "gelu" }],
    ["9-13-9", "unrolled"],
    ["16-16-16", "unrolled", { activation: "gelu,softmax", loss: "cross-entropy" }],
    ["8-16-16-4", "unrolled", { activation: "silu" }],
    ["16-32-8", "unrolled"],
    ["300-1", "unrolled"],
    ["1-100", "unrolled", { activation: "mish" }],
    ["40-48-20", "unrolled"],
  ])("%s %s %j", async (sizes, strategy, options = {}) => {
    await holdUnderLimit(buildProgram(parseNetwork(sizes, options), strategy));
  });

  test.each<[string, Strategy]>([
    ["attention", "unrolled"],
    ["attention", "tiled"],
    ["layer-norm", "unrolled"],
    ["recurrent", "unrolled"],
  ])("%s.eq %s", async (name, strategy) => {
    const text = readFileSync(new URL(`../samples/models/${name}.eq`, import.meta.url), "utf8");
    await holdUnderLimit(buildProgram(equationsTask(readEquations(text, name), name, name), strategy));
  });
});

test("a function of which no bytecode is found is an error", async () => {
  const program = buildProgram(parseNetwork("1-1"));
  const source = `${await sourceOf(program, undefined)}export function neverCalled(): number { return 1; }`;
  await expect(bytecodeOfModule({ source, program })).rejects.toThrow("neverCalled");
});
