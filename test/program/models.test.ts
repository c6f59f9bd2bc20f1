import { describe, expect, test } from "vitest";
import { emitModule, loadSource, verifyModule, VerificationFailure } from "../../src/emit/index.ts";
import { ownFunctions } from "../../src/emit/own-functions.ts";
import { centralDifference, double, doubleFunctions, seeded } from "../../src/exact/index.ts";
import { read } from "../../src/expression/index.ts";
import {
  buildProgram,
  certifyProgram,
  drawPoint,
  mapParts,
  slices,
  type GradientTask,
  type Program,
  type Statement,
  type Value,
} from "../../src/program/index.ts";
import { sketches, taskFor } from "./models.ts";

const strategies = ["unrolled", "tiled"] as const;
const names = Object.keys(sketches) as (keyof typeof sketches)[];
const rows = names.flatMap((name) => strategies.map((strategy) => [name, strategy] as const));

/** J's derivative along a direction in each tensor by central differences at 64 digits: no rule of the calculus takes part. */
function differences(
  { task, inputs, layout }: Program,
  theta: Float64Array,
  given: readonly Float64Array[],
  direction: readonly number[],
): readonly { readonly name: string; readonly expected: number }[] {
  const tensors = new Map<string, readonly number[]>([
    ...inputs.map(({ key }, i) => [key, [...(given[i] as Float64Array)]] as const),
    ...slices([...theta], layout),
  ]);
  const computable = { model: task.model, functions: task.model.functions };
  return slices(direction, layout).map(([name, along]) => ({
    name,
    expected: centralDifference(computable, tensors, new Map([[name, along]])).toNumber(),
  }));
}

describe("a module for a model that is no network", () => {
  test.each(rows)("%s, %s: passes all checks and agrees with 64-digit differences", async (name, strategy) => {
    const { source, program } = await emitModule(taskFor(name), { version: "0", strategy });
    const module = await loadSource(source);
    const { theta, inputs } = drawPoint(program, seeded(17));
    const gradient = new Float64Array(program.parameterCount).fill(NaN);
    module.backward(theta, ...inputs, gradient);
    const random = seeded(23);
    const direction = Array.from(gradient, () => random.real(-1, 1));
    const products = new Map(
      slices(
        Array.from(gradient, (g, i) => g * (direction[i] as number)),
        program.layout,
      ),
    );
    for (const { name: tensor, expected } of differences(program, theta, inputs, direction)) {
      const found = (products.get(tensor) ?? [NaN]).reduce((a, b) => a + b);
      expect(Math.abs(found - expected), tensor).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
    }
  });

  test("exports shapes, and buffers called as in the equations", async () => {
    const { source } = await emitModule(taskFor("attention"), { version: "0" });
    const module = (await loadSource(source)) as unknown as Record<string, Record<string, unknown>>;
    expect(module.shapes).toEqual({ x: [9, 3], y: [9, 2] });
    expect(module.layout?.Wk).toEqual({ offset: 6, rows: 2, columns: 3, sizes: [2, 3] });
    expect(Object.keys(module.buffers ?? {})).toEqual(["theta", "x", "y", "output", "gradient"]);
    expect(source).toContain("deltarule emit --equations attention.eq");
    expect(source).toContain("export function forward(theta: Float64Array, x: Float64Array, output: Float64Array)");
  });

  test("keeps its own names apart from the variables'", async () => {
    // theta is a parameter of pieces, s1 one of layerNorm, q and p are inputs of bilinear and names of indices.
    for (const name of ["pieces", "layerNorm", "bilinear"] as const)
      for (const strategy of strategies) await emitModule(taskFor(name), { version: "0", strategy });
  });
});

test("a parameter without influence has the gradient zero", async () => {
  for (const strategy of strategies) {
    const program = buildProgram(taskFor("shared"), strategy);
    const { source } = await emitModule(program.task, { version: "0", strategy });
    const { backward } = await loadSource(source);
    const gradient = new Float64Array(program.parameterCount).fill(NaN);
    const { theta, inputs } = drawPoint(program, seeded(1));
    backward(theta, ...inputs, gradient);
    const idle = program.layout.find(({ name }) => name === "idle")?.offset ?? -1;
    expect([...gradient.slice(idle, idle + 2)]).toEqual([0, 0]);
  }
});

/** Attention with its exponentials shifted by the greatest score, as it is computed without overflow. */
function shiftedAttention(): GradientTask {
  const task = taskFor("attention");
  const top = "maximum(u, 1:9, s[t, u])";
  const value = read(`exp(s[t, r] - ${top}) / sum(v, 1:9, exp(s[t, v] - ${top}))`);
  return { ...task, forward: task.forward.map((a) => (a.variable.family === "A" ? { ...a, value } : a)) };
}

test.each(strategies)("a maximum, %s, is the greatest of its terms, found once for a row", async (strategy) => {
  const { source, program } = await emitModule(shiftedAttention(), { version: "0", strategy });
  certifyProgram(program);
  const { forward } = await loadSource(source);
  const { theta, inputs } = drawPoint(program, seeded(3));
  const [plain, large] = [new Float64Array(18), new Float64Array(18)];
  forward(theta, inputs[0] as Float64Array, plain);
  // Scores of many thousands: exp of them alone is infinite.
  forward(
    theta.map((v) => v * 1e4),
    inputs[0] as Float64Array,
    large,
  );
  expect([...plain, ...large].every(Number.isFinite)).toBe(true);
  if (strategy === "tiled") expect(source).toMatch(/if \(.+ > m\d\w*\) m\d\w* = /);
});

const pick = (program: Program, change: (value: Value) => Value | null): Program => {
  let isDone = false;
  const inValue = (value: Value): Value => {
    const changed = isDone ? null : change(value);
    if (changed !== null) isDone = true;
    return changed ?? mapParts(value, inValue);
  };
  const inStatement = (s: Statement): Statement => {
    if (s.kind === "loop") return { ...s, body: s.body.map(inStatement) };
    return "value" in s ? { ...s, value: inValue(s.value) } : s;
  };
  return {
    ...program,
    procedures: program.procedures.map((p) => ({ ...p, statements: p.statements.map(inStatement) })),
  };
};

describe("a corrupted program is refused", () => {
  test.each<[string, keyof typeof sketches, (value: Value) => Value | null]>([
    [
      "the other branch",
      "pieces",
      (v) => (v.kind === "choose" ? { ...v, then: v.otherwise, otherwise: v.then } : null),
    ],
    ["the other comparison", "pieces", (v) => (v.kind === "choose" ? { ...v, relation: "<" } : null)],
    ["the other of two", "pieces", (v) => (v.kind === "call" && v.name === "max" ? { ...v, name: "min" } : null)],
    ["a bracket", "numbered", (v) => (v.kind === "match" ? v.then : null)],
    [
      "a bracket at another index",
      "numbered",
      (v) => (v.kind === "match" ? { ...v, right: { ...v.right, constant: v.right.constant + 1 } } : null),
    ],
    [
      "a stride",
      "rank3",
      (v) =>
        v.kind === "load" && v.at.terms.length === 3
          ? { ...v, at: { ...v.at, terms: v.at.terms.map((t) => ({ ...t, scale: t.scale === 6 ? 5 : t.scale })) } }
          : null,
    ],
    [
      "a constant",
      "functions",
      (v) => (v.kind === "call" && v.name === "pi" ? { ...v, name: "exp", args: [v] } : null),
    ],
    ["a scalar", "layerNorm", (v) => (v.kind === "local" && v.name === "mu" ? { ...v, name: "s1" } : null)],
  ])("%s in %s", (_, name, change) => {
    const program = buildProgram(taskFor(name), "tiled");
    const spoiled = pick(program, change);
    expect(spoiled.procedures).not.toEqual(program.procedures);
    expect(() => certifyProgram(spoiled)).toThrow();
  });

  test("a backward pass that leaves a shared weight's second use out", () => {
    const task = taskFor("shared");
    const value = read("u_bar[j] * (1 - tanh(0)^2) * x[k]");
    const backward = task.backward.map((a) => (a.gradientOf?.family === "W" ? { ...a, value } : a));
    expect(() => certifyProgram(buildProgram({ ...task, backward }))).toThrow(/fails the exact check in W/);
  });

  test("a module whose comparison is turned", async () => {
    const { source, program } = await emitModule(taskFor("pieces"), { version: "0", strategy: "tiled" });
    const spoiled = source.replace(/^( *const .*) > 0 \?/m, "$1 < 0 ?");
    expect(spoiled).not.toBe(source);
    await expect(verifyModule(spoiled, program)).rejects.toThrow(VerificationFailure);
  });
});

describe("a module's own functions", () => {
  test.each(Object.keys(doubleFunctions) as (keyof typeof doubleFunctions)[])(
    "%s equals ours to the last bit",
    async (name) => {
      const module: unknown = await loadSource(`export ${ownFunctions[name].replace(/^\/\*\*.*\*\/\n/, "")}`);
      const own = (module as Record<string, (x: number) => number>)[name];
      const random = seeded(5);
      const points = [0, -0, 1, -1, 40, -40, 800, -800, Infinity, -Infinity, NaN, 1e-300, 3.7e-9, 0.84375, 1.25, 6];
      for (const x of [...points, ...Array.from({ length: 20_000 }, () => random.real(-9, 9))])
        expect(own?.(x), `${name}(${x})`).toBe(double.apply(name, x));
    },
  );
});
