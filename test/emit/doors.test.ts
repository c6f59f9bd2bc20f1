import { describe, expect, test } from "vitest";
import { emitModule, emitWasmModule, loadSource, type GradientModule } from "../../src/emit/index.ts";
import { parseNetwork } from "../../src/network/index.ts";

const sizes = "3-20-5";
const parameters = 185;

async function moduleOf(kind: "loops" | "wasm"): Promise<GradientModule> {
  const network = parseNetwork(sizes);
  const { source } = kind === "wasm" ? await emitWasmModule(network) : await emitModule(network, { strategy: "tiled" });
  return loadSource(source);
}

const filled = (length: number, value = 0.1): Float64Array => new Float64Array(length).fill(value);

describe.each(["loops", "wasm"] as const)("arrays of a wrong length, %s", (kind) => {
  test.each([
    ["theta", [parameters - 1, 3, 5, parameters]],
    ["theta", [parameters + 1, 3, 5, parameters]],
    ["x", [parameters, 2, 5, parameters]],
    ["y", [parameters, 3, 6, parameters]],
    ["gradient", [parameters, 3, 5, parameters - 1]],
  ] as const)("%s, of %j: are refused by name, and leave nothing behind", async (name, lengths) => {
    const { backward } = await moduleOf(kind);
    const [theta, x, y, gradient] = lengths.map((length) => filled(length)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const right = (): number => backward(filled(parameters), filled(3), filled(5), filled(parameters));
    const before = right();
    backward(filled(parameters, 5), filled(3), filled(5), filled(parameters));
    expect(() => backward(theta, x, y, gradient)).toThrow(new RegExp(`^${name} has \\d+ entries; \\d+ are needed`));
    expect(right()).toBe(before);
  });
});

describe("a gradient in the place of θ", () => {
  test.each([
    ["loops", "3-20-5", "tiled"],
    ["straight-line code", "2-3-1", "unrolled"],
  ] as const)("is right, %s", async (_, layers, strategy) => {
    const { source } = await emitModule(parseNetwork(layers), { strategy });
    const { backward } = await loadSource(source);
    const [inputs, ...rest] = layers.split("-").map(Number) as [number, ...number[]];
    const outputs = rest.at(-1) as number;
    const theta = Float64Array.from({ length: layers === sizes ? parameters : 13 }, (__, i) => Math.sin(i));
    const [x, y, gradient] = [filled(inputs, 0.3), filled(outputs, 0.6), filled(theta.length)];
    backward(theta, x, y, gradient);
    backward(theta, x, y, theta);
    expect([...theta]).toEqual([...gradient]);
  });

  test("is refused by code in several functions, which reads θ again", async () => {
    const { source } = await emitModule(parseNetwork("4-9-9-4"), { strategy: "unrolled" });
    const { backward } = await loadSource(source);
    const both = filled(2 * 175);
    const [theta, x, y] = [both.subarray(0, 175), filled(4), filled(4)];
    expect(() => backward(theta, x, y, theta)).toThrow("gradient shares memory with theta");
    expect(() => backward(theta, x, y, both.subarray(10, 185))).toThrow("gradient shares memory with theta");
    expect(backward(theta, x, y, both.subarray(175))).toBeGreaterThan(0);
  });
});
