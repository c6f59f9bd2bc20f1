import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkGradient, report } from "../../src/check/index.ts";
import { emitModule } from "../../src/emit/index.ts";
import { parseNetwork } from "../../src/network/index.ts";

const sample = (name: string): string => new URL(`../samples/check/${name}`, import.meta.url).pathname;
const check = (file: string, sizes: string, exportName: string, options = {}) =>
  checkGradient(file, parseNetwork(sizes, options), { exportName, limits: { seconds: 5 } });

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deltarule-check-test-"));
  // A temporary folder of its own shows what a check leaves behind.
  process.env.TMPDIR = folder;
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("a right gradient is equal", () => {
  test.each([
    ["right-nested.ts", "backward"],
    ["right-flat.cjs", "gradient"],
  ])("%s", async (name, exportName) => {
    const verdict = await check(sample(name), "2-4-3", exportName);
    expect(verdict.verdict).toBe("equal");
    expect(verdict.points).toBe(5);
    expect(verdict.tensors.map((t) => t.name)).toEqual(["dW2", "db2", "dW3", "db3"]);
  });

  test.each(["unrolled", "tiled"] as const)("an emitted module, %s", async (strategy) => {
    const { source } = await emitModule(parseNetwork("4-9-3"), { version: "0", strategy });
    const verdict = await check(await file(`${strategy}.ts`, source), "4-9-3", "backward");
    expect(verdict).toMatchObject({
      verdict: "equal",
      method: "exact",
      convention: "backward(theta, x, y, gradient)",
      problem: null,
    });
    expect(verdict.tensors.map((t) => t.name)).toEqual(["dW2", "db2", "dW3", "db3", "J"]);
  });

  test("with parameters one after another", async () => {
    const text =
      "export function grad(W2, b2, x, y) { const z = b2.map((b, j) => b + W2[j].reduce((s, w, k) => s + w * x[k], 0)); const d = z.map((z, j) => { const a = Math.tanh(z); return (a - y[j]) * (1 - a * a) / z.constructor.length / y.length; }); const e = z.map((z, j) => { const a = Math.tanh(z); return (a - y[j]) * (1 - a * a) / y.length; }); return { dW2: e.map((v) => x.map((u) => u * v)), db2: e }; }";
    expect((await check(await file("positional.js", text), "3-2", "grad", { activation: "tanh" })).verdict).toBe(
      "equal",
    );
  });
});

describe("a wrong gradient is different, and where is said", () => {
  test("the output's σ′ left out of the back-signal", async () => {
    const { verdict, tensors } = await check(sample("right-nested.ts"), "2-4-3", "missingSlope");
    expect(verdict).toBe("different");
    expect(tensors.map((t) => t.equal)).toEqual([false, false, true, true]);
    expect(tensors[0]?.ratio).toBeUndefined();
  });

  test("a constant factor", async () => {
    const { tensors } = await check(sample("right-nested.ts"), "2-4-3", "otherFactor");
    expect(tensors.map((t) => t.ratio)).toEqual([6, 6, 6, 6]);
  });

  test("another loss than the one named", async () => {
    expect(
      (await check(sample("right-nested.ts"), "2-4-3", "backward", { loss: "half-squared" })).tensors.map((t) =>
        t.ratio?.toFixed(6),
      ),
    ).toEqual(Array(4).fill("0.333333"));
  });

  test("every single wrong entry, in every tensor", async () => {
    const { source, program } = await emitModule(parseNetwork("2-3-2"), { version: "0" });
    for (const at of [0, 5, 6, 8, 9, 14, 15, 16]) {
      const spoiled = source.replace(
        new RegExp(`gradient\\[${at}\\] = ([^;]+);`),
        `gradient[${at}] = ($1) * (1 + 1e-11);`,
      );
      const verdict = await check(await file(`entry${at}.ts`, spoiled), "2-3-2", "backward");
      const tensor = program.layout.find((p) => at >= p.offset && at < p.offset + p.rows * p.columns);
      expect(verdict.verdict).toBe("different");
      expect(verdict.tensors.filter((t) => !t.equal).map((t) => t.name)).toEqual([`d${tensor?.name}`]);
    }
  });
});

describe("what cannot be checked fails with a message of its own", () => {
  test.each([
    ["endless", "timeout"],
    ["throwing", "threw"],
    ["notANumber", "not-finite"],
    ["wrongShape", "wrong-shape"],
    ["missingTensor", "missing-gradient"],
    ["mutating", "mutated-input"],
    ["nothing", "no-gradient"],
    ["exiting", "ended"],
    ["devouring", "memory"],
    ["recursing", "threw"],
    ["shy", "export-missing"],
    ["absent", "export-missing"],
  ])("%s: %s", async (exportName, code) => {
    const verdict = await check(sample("unruly.ts"), "2-3-1", exportName);
    expect(verdict).toMatchObject({ verdict: "failed", points: 0, tensors: [], problem: { code } });
    expect(report(verdict, "text", "0")).toMatch(/FAILED/);
  });

  test.each([
    ["syntax.ts", "export function backward( {", "syntax"],
    ["import.ts", 'import "./nowhere.js"; export function backward() {}', "import-missing"],
    ["throws.ts", 'throw new Error("on import");', "import-failed"],
    ["loops.ts", "for (;;);", "timeout"],
    ["rejects.ts", "await Promise.reject(new Error('no'));", "import-failed"],
    ["prints.ts", "export function backward() { console.log('noise'); process.send?.('noise'); }", "no-gradient"],
  ])("%s: %s", async (name, text, code) => {
    const verdict = await checkGradient(await file(name, text), parseNetwork("2-3-1"), { limits: { seconds: 3 } });
    expect(verdict.verdict).toBe("failed");
    expect(verdict.problem?.code).toMatch(new RegExp(code));
  });

  test("a file that is not there", async () => {
    expect((await check(join(folder, "no.ts"), "2-3-1", "backward")).problem?.code).toBe("file-missing");
    expect((await check(folder, "2-3-1", "backward")).problem?.code).toBe("file-kind");
  });

  test("nothing is left behind in the temporary folder", () => {
    expect(readdirSync(tmpdir()).filter((name) => /^deltarule-\w{6}$/.test(name))).toEqual([]);
  });
});

const quarter = (scale: string, wrap: string): string => `
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  export function backward({ W2, b2 }, x, y) {
    const a = b2.map((b, j) => sigmoid(W2[j].reduce((s, w, k) => s + w * x[k], b)));
    const d = a.map((v, j) => ((v - y[j]) / a.length) * v * (1 - v));
    return { dW2: d.map((v) => ${wrap}(x.map((u) => u * v * ${scale}))), db2: Float32Array.from(d) };
  }`;

test("flat arrays one after another", async () => {
  const text = `export function backward(W2, b2, x, y) {
    const a = Array.from(b2, (b, j) => Math.tanh(x.reduce((s, v, k) => s + W2[j * x.length + k] * v, b)));
    const d = a.map((v, j) => ((v - y[j]) / a.length) * (1 - v * v));
    return { dW2: d.flatMap((v) => Array.from(x, (u) => u * v)), db2: d };
  }`;
  const verdict = await check(await file("flat-positional.js", text), "2-3", "backward", { activation: "tanh" });
  expect(verdict).toMatchObject({ verdict: "equal", method: "exact" });
});

describe("single precision", () => {
  test.each([
    ["rounded", "1", "Float32Array.from", "equal"],
    ["off by 1e-4", "1.0001", "Float32Array.from", "different"],
    ["only in another tensor", "(1 + 1e-9)", "Array.from", "different"],
  ])("%s", async (name, scale, wrap, expected) => {
    const path = await file(`single-${name.replaceAll(" ", "-")}.js`, quarter(scale, wrap));
    expect((await checkGradient(path, parseNetwork("3-4"))).verdict).toBe(expected);
  });
});

test("a gradient of zeros is different, not missing", async () => {
  const text = "export function backward(theta, x, y, gradient) { gradient.fill(0); }";
  expect((await checkGradient(await file("zeros.js", text), parseNetwork("2-3-2"))).verdict).toBe("different");
});

test("an optional gradient parameter is no obstacle", async () => {
  const { source } = await emitModule(parseNetwork("2-3-2"), { version: "0" });
  const optional = source.replace(
    /export function backward\([\s\S]*?\): number/,
    "export function backward(theta: Float64Array, x: Float64Array, y: Float64Array, gradient = new Float64Array(17)): number",
  );
  expect(optional).not.toBe(source);
  expect((await checkGradient(await file("optional.ts", optional), parseNetwork("2-3-2"))).verdict).toBe("equal");
});

test("what adds to the gradient array instead of overwriting it is different", async () => {
  const verdict = await check(sample("unruly.ts"), "2-3-1", "accumulating");
  expect(verdict.verdict).toBe("different");
  expect(verdict.notes.join()).toMatch(/what was there before/);
});

test("JSON has the keys of the contract", async () => {
  const verdict = await check(sample("right-nested.ts"), "2-4-3", "missingSlope");
  const json = JSON.parse(report(verdict, "json", "1.2.3")) as Record<string, unknown>;
  expect(json).toMatchObject({
    deltarule: "1.2.3",
    verdict: "different",
    method: "exact",
    points: 5,
    draws: 2,
    cause: {
      id: "hidden-missing-output-derivative",
      formula: { found: expect.any(String) as string, right: expect.any(String) as string },
      where: { file: expect.stringMatching(/right-nested\.ts$/) as string, line: 26 },
      fix: expect.any(String) as string,
    },
    network: { sizes: [2, 4, 3] },
  });
  expect((json.tensors as object[])[0]).toMatchObject({
    name: "dW2",
    equal: false,
    worst: {
      index: [expect.any(Number), expect.any(Number)],
      expected: expect.any(Number) as number,
      found: expect.any(Number) as number,
    },
  });
});

describe("sizes that hide mistakes", () => {
  const backward = (bias: string): string => `export function backward({ W2, b2 }, x, y) {
    const a = b2.map((b, j) => Math.tanh(W2[j].reduce((s, w, k) => s + w * x[k], b)));
    const d = a.map((v, j) => ((v - y[j]) / a.length) * (1 - v * v));
    return { dW2: d.map((v) => x.map((u) => u * v)), db2: d.map((v) => ${bias}) };
  }`;

  test("a right function is checked at others as well", async () => {
    const verdict = await check(await file("one.js", backward("v")), "3-1", "backward", { activation: "tanh" });
    expect(verdict).toMatchObject({ verdict: "equal", warnings: [] });
    expect(verdict.notes.join()).toMatch(/equal at 4-3 as well/);
  });

  test("a mistake that shows at others only is a warning", async () => {
    const wrong = backward("d.reduce((s, u) => s + u, 0)");
    const verdict = await check(await file("hidden.js", wrong), "3-1", "backward", { activation: "tanh" });
    expect(verdict.verdict).toBe("equal");
    expect(verdict.warnings.join()).toMatch(/at 4-3, .* neurons.* it is wrong/);
  });
});

test("a mistake in single precision has its name", async () => {
  const text = `export function backward({ W2, b2 }, x, y) {
    const a = Float32Array.from(b2, (b, j) => Math.tanh(W2[j].reduce((s, w, k) => s + w * x[k], b)));
    const d = a.map((v, j) => ((v - y[j]) / a.length) * v * (1 - v));
    return { dW2: Array.from(d, (v) => x.map((u) => u * v)), db2: d };
  }`;
  const verdict = await check(await file("single.js", text), "2-3", "backward", { activation: "tanh" });
  expect(verdict.cause?.id).toBe("wrong-activation-derivative");
});

/** A layer of one's own in a class, with `extra` in its step. */
const layerClass = (extra: string, forward = "this.forward(x)"): string => `
  import { defineCheck } from "deltarule/check";
  class Layer {
    W = [[0, 0], [0, 0], [0, 0]];
    b = [0, 0, 0];
    forward(x) { this.a = this.W.map((row, j) => Math.tanh(row.reduce((s, w, k) => s + w * x[k], this.b[j]))); return this.a; }
    train(x, y, rate) {
      const a = ${forward};
      a.forEach((v, j) => {
        const d = (v - y[j]) * (1 - v * v);
        this.W[j] = this.W[j].map((w, k) => w - rate * (d * x[k] ${extra}));
        this.b[j] -= rate * d;
      });
    }
  }
  const layer = { network: "2-3", activation: "tanh", loss: "half-squared", create: () => new Layer(), parameters: (net) => ({ W2: net.W, b2: net.b }) };
  export default defineCheck({ ...layer, step: (net, x, y, rate) => net.train(x, y, rate) });
  export const watched = defineCheck({ ...layer, forward: (net, x) => net.forward(x), step: (net, x, y, rate = 0.1) => net.train(x, y, rate) });`;

describe("what a check has to try", () => {
  test("every piece of an activation: a line in place of hard sigmoid", async () => {
    const text = `export function backward({ W2, b2 }, x, y) {
      const a = b2.map((b, j) => W2[j].reduce((s, w, k) => s + w * x[k], b) / 6 + 0.5);
      const d = a.map((v, j) => (v - y[j]) / 6);
      return { dW2: d.map((v) => x.map((u) => u * v)), db2: d };
    }`;
    const options = { activation: "hard-sigmoid", loss: "half-squared" };
    const verdict = await check(await file("line.js", text), "2-3", "backward", options);
    expect(verdict.verdict).toBe("different");
    expect(verdict.regions.join()).toMatch(/z < -3, -3 < z < 3, z > 3/);
  });

  test.each([
    ["a right step", "", "this.forward(x)", "equal"],
    ["activations of a forward pass before", "", "this.a ?? [0.1, 0.2, 0.3]", "different"],
    ["activations kept by their input", "", "(this.seen ??= {})[x[0]] ??= this.forward(x)", "different"],
    ["momentum", "+ (this.v = 0.5 * (this.v ?? 0) + d)", "this.forward(x)", "different"],
  ])("%s", async (name, extra, forward, expected) => {
    const path = await file(`layer-${name.replaceAll(" ", "-")}.js`, layerClass(extra, forward));
    for (const exportName of [undefined, "watched"])
      expect((await checkGradient(path, null, { exportName, limits: { seconds: 10 } })).verdict).toBe(expected);
  });

  test("what the command says overrides the adapter, entry by entry", async () => {
    const path = await file("layer.js", layerClass(""));
    const claims = { network: "2-3" };
    const subject = parseNetwork("2-3");
    expect((await checkGradient(path, subject, { claims })).verdict).toBe("equal");
    expect((await checkGradient(path, subject, { claims: { ...claims, loss: "mse" } })).cause?.id).toBe("other-loss");
  });

  test("batches with a sample more", async () => {
    const text = `import { defineCheck } from "deltarule/check";
      export const gradients = (net, x, y) => {
        const n = DIVISOR;
        const d = x.map((u, s) => net.b.map((b, j) => (net.W[j].reduce((t, w, k) => t + w * u[k], b) - y[s][j]) / n));
        const sum = (f) => d.reduce((t, v, s) => t + f(v, x[s]), 0);
        return { W2: net.W.map((row, j) => row.map((_, k) => sum((v, u) => v[j] * u[k]))), b2: net.b.map((_, j) => sum((v) => v[j])) };
      };
      export default defineCheck({ network: "2-3", activation: "identity", loss: "half-squared", batch: 2, gradients,
        create: () => ({ W: [[0, 0], [0, 0], [0, 0]], b: [0, 0, 0] }), parameters: (net) => ({ W2: net.W, b2: net.b }) });`;
    const warnings = async (name: string, divisor: string) =>
      (await checkGradient(await file(name, text.replace("DIVISOR", divisor)), null)).warnings.join();
    expect(await warnings("batch.js", "x.length")).toBe("");
    expect(await warnings("two.js", "2")).toMatch(/with 3 samples in a batch it differs/);
  });

  test("layouts that nothing tells apart", async () => {
    const text = `import { defineCheck } from "deltarule/check";
      const W = () => [[0, 0], [0, 0]];
      export default defineCheck({ network: "2-2", activation: "tanh", loss: "half-squared",
        create: () => ({ W: W(), b: [0, 0] }), parameters: (net) => ({ W2: net.W, b2: net.b }),
        gradients: (net, x, y) => {
          const a = net.b.map((b, j) => Math.tanh(x.reduce((s, v, k) => s + net.W[k][j] * v, b)));
          const d = a.map((v, j) => (v - y[j]) * (1 - v * v));
          return { W2: x.map((v) => d.map((e) => e * v)), b2: d };
        } });`;
    expect((await checkGradient(await file("rows-in.js", text), null)).verdict).toBe("equal");
  });
});

test("a step of unknown rate with one tensor wrong: the others show the rate", async () => {
  const text = `import { defineCheck } from "deltarule/check";
    export default defineCheck({ network: "2-3", activation: "tanh", loss: "half-squared",
      create: () => ({ W: [[0, 0], [0, 0], [0, 0]], b: [0, 0, 0] }), parameters: (net) => ({ W2: net.W, b2: net.b }),
      step: (net, x, y) => {
        const a = net.b.map((b, j) => Math.tanh(x.reduce((s, v, k) => s + net.W[j][k] * v, b)));
        const d = a.map((v, j) => (v - y[j]) * (1 - v * v));
        net.W = net.W.map((row, j) => row.map((w, k) => w - 0.3 * d[j] * x[k]));
        net.b = net.b.map((b, j) => b + 0.3 * d[j]);
      } });`;
  const { cause, notes } = await checkGradient(await file("unknown-rate.js", text), null);
  expect(cause).toMatchObject({ id: "sign", where: { line: 8 } });
  expect(notes.join()).toMatch(/as large as 0\.3 times/);
});
