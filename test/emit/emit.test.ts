import { describe, expect, test } from "vitest";
import { emitModule, loadSource, verifyModule, VerificationFailure } from "../../src/emit/index.ts";
import { networkFunctions, networkModel } from "../../src/equations/index.ts";
import { centralDifference, seeded } from "../../src/exact/index.ts";
import { parseNetwork, type Network } from "../../src/network/index.ts";
import { slices } from "../../src/program/index.ts";

const emit = (sizes: string, options = {}, strategy?: "unrolled" | "tiled") =>
  emitModule(parseNetwork(sizes, options), { version: "0", strategy });

describe("an emitted module", () => {
  test("has the exports of the contract", async () => {
    const { source } = await emit("2-3-1");
    const module = (await loadSource(source)) as unknown as Record<string, unknown>;
    expect(Object.keys(module).sort()).toEqual([
      "backward",
      "backwardBatch",
      "backwardOwned",
      "buffers",
      "forward",
      "forwardOwned",
      "layout",
      "parameterCount",
      "parameters",
      "sizes",
    ]);
    expect(module.sizes).toEqual([2, 3, 1]);
    expect(module.parameterCount).toBe(13);
    expect(module.layout).toEqual({
      W2: { offset: 0, rows: 3, columns: 2 },
      b2: { offset: 6, rows: 3, columns: 1 },
      W3: { offset: 9, rows: 1, columns: 3 },
      b3: { offset: 12, rows: 1, columns: 1 },
    });
    const theta = new Float64Array(13);
    const views = (module.parameters as (theta: Float64Array) => Record<string, Float64Array>)(theta);
    (views.b2 as Float64Array)[0] = 7;
    expect(theta[6]).toBe(7);
  });

  test("is text that does not change from run to run", async () => {
    expect((await emit("3-4-2")).source).toBe((await emit("3-4-2")).source);
  });

  test("reads like code that a person wrote", async () => {
    const { source } = await emit("2-3-1");
    expect(source).toContain("const z2_1 = W2_1_1 * x_1 + W2_1_2 * x_2 + b2_1;");
    expect(source).toContain("const a2_1 = 1 / (1 + exp(-z2_1));");
    expect(source).toContain("const d2_1 = d3_1 * W3_1_1 * a2_1 * (1 - a2_1);");
    expect(source).toMatch(/\/\/ BP1 {2}δ/);
    expect(source).not.toMatch(/\bimport\b|\bany\b/);
  });

  test("leaves its arguments alone and serves several networks", async () => {
    const { source } = await emit("3-9-2", {}, "tiled");
    const { backward } = await loadSource(source);
    const theta = Float64Array.from({ length: 56 }, (_, i) => Math.sin(i));
    const [x, y] = [Float64Array.of(0.1, 0.2, 0.3), Float64Array.of(0.4, 0.5)];
    const [one, other] = [new Float64Array(56), new Float64Array(56).fill(9)];
    const loss = backward(theta, x, y, one);
    backward(
      theta.map((v) => -v),
      x,
      y,
      other,
    );
    expect(backward(theta, x, y, other)).toBe(loss);
    expect(other).toEqual(one);
    expect([...x, ...y]).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  });
});

/** J's gradient by central differences at 64 digits, entry by entry: no rule of the calculus takes part. */
function differences(
  network: Network,
  theta: Float64Array,
  x: Float64Array,
  y: Float64Array,
  layout: Parameters<typeof slices>[1],
): number[] {
  const computable = { model: networkModel(network), functions: networkFunctions(network) };
  const tensors = new Map<string, readonly number[]>([["x", [...x]], ["y", [...y]], ...slices([...theta], layout)]);
  return layout.flatMap(({ name, rows, columns }) =>
    Array.from({ length: rows * columns }, (_, at) =>
      centralDifference(
        computable,
        tensors,
        new Map([[name, Array.from({ length: rows * columns }, (__, i) => (i === at ? 1 : 0))]]),
      ).toNumber(),
    ),
  );
}

describe("the gradient agrees with 64-digit differences", () => {
  test.each([
    ["2-3-1", {}, "unrolled"],
    ["2-3-1", {}, "tiled"],
    ["4-5-3", { loss: "half-squared" }, "unrolled"],
    ["3-9-2", { activation: "silu", loss: "mean-squared" }, "tiled"],
    ["2-3-3-2", { activation: "tanh,softplus,identity" }, "unrolled"],
    ["2-2", { activation: "sin", loss: "sum(exp(a-y))" }, "unrolled"],
  ] as const)("%s %j %s", async (sizes, options, strategy) => {
    const network = parseNetwork(sizes, options);
    const { source, program } = await emitModule(network, { version: "0", strategy });
    const { backward } = await loadSource(source);
    const random = seeded(8);
    const draw = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.real(-1, 1));
    const [theta, x, y] = [
      draw(program.parameterCount),
      draw(network.sizes[0] as number),
      draw(network.sizes.at(-1) as number),
    ];
    const gradient = new Float64Array(program.parameterCount);
    backward(theta, x, y, gradient);
    const expected = differences(network, theta, x, y, program.layout);
    gradient.forEach((g, i) =>
      expect(Math.abs(g - (expected[i] as number))).toBeLessThan(2e-15 * Math.max(1, Math.abs(g))),
    );
  });
});

test("Mazur's published 2-2-2 example comes out to all printed digits", async () => {
  const { source } = await emit("2-2-2", { loss: "half-squared" });
  const { backward } = await loadSource(source);
  const theta = Float64Array.of(0.15, 0.2, 0.25, 0.3, 0.35, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.6);
  const gradient = new Float64Array(12);
  const loss = backward(theta, Float64Array.of(0.05, 0.1), Float64Array.of(0.01, 0.99), gradient);
  expect(loss.toFixed(9)).toBe("0.298371109");
  expect((gradient[6] as number).toFixed(9)).toBe("0.082167041");
  expect((0.15 - 0.5 * (gradient[0] as number)).toFixed(9)).toBe("0.149780716");
});

test("XOR is learned to a loss below 0.01", async () => {
  const { source } = await emit("2-3-1");
  const { backward } = await loadSource(source);
  const theta = Float64Array.from({ length: 13 }, (_, i) => Math.sin(3 * i + 1));
  const gradient = new Float64Array(13);
  const samples = [
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ] as const;
  let total = 1;
  for (let epoch = 0; epoch < 20_000 && total >= 0.01; epoch++) {
    total = 0;
    for (const [a, b, out] of samples) {
      total += backward(theta, Float64Array.of(a, b), Float64Array.of(out), gradient) / 4;
      gradient.forEach((g, i) => ((theta[i] as number) -= 2 * g));
    }
  }
  expect(total).toBeLessThan(0.01);
});

describe("a module that is not what its program says is refused", () => {
  const spoil = async (from: string | RegExp, to: string): Promise<void> => {
    const { source, program } = await emit("2-3-1");
    const spoiled = source.replace(from, to);
    expect(spoiled).not.toBe(source);
    await verifyModule(spoiled, program);
  };
  test.each<[string, string | RegExp, string]>([
    ["a sign", "gradient[12] = d3_1", "gradient[12] = -d3_1"],
    ["an index", "gradient[0] = d2_1 * x_1", "gradient[0] = d2_1 * x_2"],
    ["the last bit", "const J = 0.5 *", "const J = 0.5000000000000001 *"],
    ["a missing entry", "  gradient[5] = d2_3 * x_2;\n", ""],
    ["the forward pass", "output[0] = a3_1", "output[0] = z3_1"],
    [
      "the other door",
      "return backward(ownTheta, ownInput, ownTarget, ownGradient)",
      "return 2 * backward(ownTheta, ownInput, ownTarget, ownGradient)",
    ],
    ["a type", "const J = 0.5", "const J: string = 0.5"],
    ["any", "export const parameterCount = 13", "export const parameterCount: any = 13"],
    ["an import", "export const sizes", 'import "node:fs";\nexport const sizes'],
    ["an unused local", "  return J;", "  const unused = 1;\n  return J;"],
  ])("%s", async (_, from, to) => {
    await expect(spoil(from, to)).rejects.toThrow(VerificationFailure);
  });
});

test("sizes that no module should have are refused", async () => {
  await expect(emit("99999-99999-9")).rejects.toThrow(/at most 1000000/);
  await expect(emit("784-128-10", {}, "unrolled")).rejects.toThrow(/unrolled/);
});
