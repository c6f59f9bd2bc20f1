import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "prettier";
import { Project, ts } from "ts-morph";
import { afterAll, describe, expect, test } from "vitest";
import { adapterPath, skeletonFor } from "../../src/implementation/index.ts";

const folder = mkdtempSync(join(tmpdir(), "skeleton-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** As if no line were too long. */
const flat = (text: string): string => text.replace(/\s+/g, " ").replace(/,( [})]|$)/g, "$1");

/** A file, and lines of its skeleton that its names and types settle. */
interface Row {
  readonly title: string;
  readonly name: string;
  readonly source: string;
  readonly lines: readonly string[];
}

const rows: readonly Row[] = [
  {
    title: "a class that keeps its gradient in fields",
    name: "fields.ts",
    source: `export class Net {
      w1: number[][] = []; b1: number[] = []; private w2: number[][] = []; b2: number[] = [];
      dw1: number[][] = []; db1: number[] = []; dw2: number[][] = []; db2: number[] = [];
      vw1: number[][] = []; #seed = 1; hidden: number[] = [];
      constructor(readonly inputSize: number, hidden: number, outputSize = 1, private seed?: number) { this.w2; hidden; outputSize; this.seed; this.#seed; }
      forward(x: number[]): number[] { return x; }
      zeroGrad(): void {}
      backward(y: number[]): void { y; }
    }
    export const rate = 0.1;`,
    lines: [
      'import { Net } from "./fields.ts";',
      "create: ({ sizes: [inputSize = 2, hidden = 4, outputSize = 3] }) => new Net(inputSize, hidden, outputSize),",
      'parameters: (net) => ({ W2: net.w1, b2: net.b1, W3: net["w2"], b3: net.b2 }),',
      "forward: (net, x: number[]) => net.forward(x),",
      "gradients: (net, x: number[], y: number[]) => { net.zeroGrad(); net.forward(x); net.backward(y); return { W2: net.dw1, b2: net.db1, W3: net.dw2, b3: net.db2 }; },",
    ],
  },
  {
    title: "a class of CommonJS that trains by steps, with matrices of its own",
    name: "matrices.cjs",
    source: `class Matrix { constructor() { this.data = []; } }
    class NN {
      constructor(a, b, c) { this.weights_ih = new Matrix(); this.weights_ho = new Matrix(); this.bias_h = new Matrix(); this.lr = 0.1; }
      feedForward(input_array) { return [1]; }
      train(input_array, target_array) {}
    }
    module.exports = NN;`,
    lines: [
      'import NN from "./matrices.cjs";',
      "create: ({ sizes: [a = 2, b = 4, c = 3] }) => new NN(a, b, c),",
      "// Decide: where b3 is kept, if it is.",
      "parameters: (net) => ({ W2: net.weights_ih.data, b2: net.bias_h.data, W3: net.weights_ho.data }),",
      "forward: (net, x: number[]) => net.feedForward(x),",
      "step: (net, x: number[], y: number[], rate: number) => { net.lr = rate; net.train(x, y); },",
    ],
  },
  {
    title: "a constructor function with methods on its prototype",
    name: "prototype.js",
    source: `function Net(sizes) { this.weights = [[[1]], [[1]]]; this.biases = [[1], [1]]; }
    Net.prototype.activate = function (input) { return input; };
    Net.prototype.propagate = function (rate, target) {};
    module.exports = { Net, version: 3 };`,
    lines: [
      'import { Net } from "./prototype.js";',
      "create: ({ sizes }) => new Net([...sizes]),",
      "parameters: (net) => ({ W2: net.weights[0], b2: net.biases[0], W3: net.weights[1], b3: net.biases[1] }),",
      "step: (net, x: number[], y: number[], rate: number) => { net.activate(x); net.propagate(rate, y); },",
    ],
  },
  {
    title: "a closure whose rate is out of reach",
    name: "closure.ts",
    source: `export const makeNet = (inputs: number, hidden: number, outputs: number) => {
      const params = { W1: [[inputs]], b1: [hidden], W2: [[outputs]], b2: [1] };
      return { params, predict: (x: Float64Array) => x, learn(x: Float64Array, y: Float64Array) { x; y; } };
    };`,
    lines: [
      "create: ({ sizes: [inputs = 2, hidden = 4, outputs = 3] }) => makeNet(inputs, hidden, outputs),",
      "parameters: (net) => ({ W2: net.params.W1, b2: net.params.b1, W3: net.params.W2, b3: net.params.b2 }),",
      "// learningRate: 0.1, // Decide: the rate of the step; left out, it is found out.",
      "step: (net, x: number[], y: number[]) => { net.learn(Float64Array.from(x), Float64Array.from(y)); },",
    ],
  },
  {
    title: "a default export that takes matrices",
    name: "default.mts",
    source: `class Tensor { constructor(readonly rows: number[][]) {} }
    export default class { weights = new Tensor([]); output(x: Tensor) { return x; } gradient(x: Tensor, t: number[][]) { return { x, t }; } }`,
    lines: [
      'import subject from "./default.mts";',
      "create: () => new subject(),",
      "// Decide: what to give for x.",
      "// Decide: gradient(x, t) seems to take lists of samples. If it takes one sample, leave this out, and make x and y number[]. // Code that makes a step after each sample of the list has batch: 1. batch: 4,",
      "forward: (net, x: number[][]) => x.map((x) => net.output(x as never)),",
      "gradients: (net, x: number[][], y: number[][]) => { // Decide: does it return { W2, b2, … }, or { dW2, db2, … }, each laid out as the parameters are? return net.gradient(x as never, y); },",
    ],
  },
  {
    title: "a network that all share, without parameters to be seen",
    name: "shared.ts",
    source: `class Net { #w = [1]; run(x: number[]) { return this.#w.concat(x); } backprop(x: number[], y: number[], lr: number) { x; y; lr; } }
    export const net = new Net();`,
    lines: [
      "// Decide: every check needs a network of its own, and this one is shared. Make a new one if there is a way.",
      "create: () => net,",
      'parameters: (): unknown => { throw new Error("say in the adapter where the parameters are"); },',
      "step: (net, x: number[], y: number[], rate: number) => { net.backprop(x, y, rate); },",
    ],
  },
  {
    title: "a class that only computes",
    name: "forward.ts",
    source:
      "export class Net { W = [[1]]; b = [1]; predict(input: number[], mask: boolean, hint?: string) { return [input, mask, hint]; } }",
    lines: [
      'network: "2-3",',
      "parameters: (net) => ({ W2: net.W, b2: net.b }),",
      "// Decide: what to give for mask.",
      "forward: (net, x: number[]) => net.predict(x, undefined as never),",
      "// Decide: how the gradient comes out. Return { W2, b2, … }, or give step: (net, x, y, rate) => … instead.",
    ],
  },
  {
    title: "a function of named parameters",
    name: "named.ts",
    source: `interface P { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }
    export const forward = (p: P, x: readonly number[]) => [p, x];
    export function backward({ W2, b2, W3, b3 }: P, x: number[], y: number[]) { return { W2, b2, W3, b3, x, y }; }`,
    lines: [
      "// named.ts can likely be checked as it is: deltarule check named.ts --network 2-4-3 --export backward",
      'import { backward, forward } from "./named.ts";',
      "setParameters: (net, parameters: Parameters) => Object.assign(net, parameters),",
      "forward: (net, x: number[]) => forward(net as never, x),",
      "gradients: (net, x: number[], y: number[]) => backward(net as never, x, y),",
    ],
  },
  {
    title: "a function of positional parameters in CommonJS",
    name: "positional.js",
    source: "exports.gradient = function (W1, b1, W2, b2, x, y) { return [W1, b1, W2, b2, x, y]; }; exports.k = 3;",
    lines: ["gradients: (net, x: number[], y: number[]) => gradient(net.W2, net.b2, net.W3, net.b3, x, y),"],
  },
  {
    title: "a function that writes its gradient",
    name: "written.ts",
    source:
      "export function backward(theta: Float64Array, x: Float64Array, y: Float64Array, gradient: Float64Array): number { return theta.length + x.length + y.length + gradient.length; }",
    lines: [
      "// written.ts can likely be checked as it is: deltarule check written.ts --network 2-4-3 --export backward",
      "const gradient = new Float64Array(Object.values(net).flat(2).length); backward( Float64Array.from(Object.values(net).flat(2)), Float64Array.from(x), Float64Array.from(y), gradient ); return gradient;",
    ],
  },
  {
    title: "a function that makes a step",
    name: "stepping.js",
    source: "export const trainStep = (params, x, y, lr) => params;",
    lines: [
      "parameters: (net) => net,",
      "step: (net, x: number[], y: number[], rate: number) => trainStep(net, x, y, rate),",
    ],
  },
  {
    title: "a class that trains on lists of samples, with a getter",
    name: "batches.ts",
    source: `export class Net {
      w1 = [[1]]; b1 = [1]; w2 = [[1]]; b2 = [1];
      get weights() { return [this.w1, this.w2]; }
      predict(x: number[]) { return x; }
      trainBatch(X: number[][], Y: number[][], lr: number): void { X; Y; lr; }
    }`,
    lines: [
      'network: "2-4-3",',
      "// Decide: trainBatch(X, Y, lr) seems to take lists of samples.",
      "batch: 4,",
      "parameters: (net) => ({ W2: net.w1, b2: net.b1, W3: net.w2, b3: net.b2 }),",
      "forward: (net, x: number[][]) => x.map((x) => net.predict(x)),",
      "step: (net, x: number[][], y: number[][], rate: number) => { net.trainBatch(x, y, rate); },",
    ],
  },
  {
    title: "a class that trains on a data set",
    name: "dataset.js",
    source:
      "export class Net { constructor() { this.w = [[1]]; this.b = [1]; } forward(x) { return x; } train(data, epochs, lr) {} }",
    lines: [
      "batch: 4,",
      "// Decide: what to give for each parameter of train(data, epochs, lr), and how it gets the target y.",
      "step: (net, x: number[][], y: number[][], rate: number) => { net.train(x, 1, rate); },",
    ],
  },
  {
    title: "a class of JavaScript whose inputs are lists by their use",
    name: "used.js",
    source:
      "export class Net { constructor() { this.w = [[1]]; this.b = [1]; } fit(inputs, targets) { for (let i = 0; i < inputs.length; i++) { inputs[i].map((v) => v); targets[i][0]; } } }",
    lines: ["batch: 4,", "step: (net, x: number[][], y: number[][]) => { net.fit(x, y); },"],
  },
  {
    title: "a forward pass alone that takes lists, with what is a guess marked",
    name: "mixed.ts",
    source:
      "export class Net { W = [[1]]; b = [1]; forward(X: number[][]) { return X; } train(x: number[], y: number[], lr: number) { x; y; lr; } }",
    lines: ["// Decide: what to give for X. forward: (net, x: number[]) => net.forward([x]),"],
  },
  {
    title: "a function of lists of samples",
    name: "lists.ts",
    source:
      "export const backward = (W1: number[][], b1: number[], W2: number[][], b2: number[], xs: number[][], ys: number[][]) => [W1, b1, W2, b2, xs, ys];",
    lines: [
      "batch: 4,",
      "gradients: (net, x: number[][], y: number[][]) => backward(net.W2, net.b2, net.W3, net.b3, x, y),",
    ],
  },
];

describe("the skeleton for", () => {
  const made: string[] = [];
  test.each(rows)("$title", async ({ name, source, lines }) => {
    const file = write(name, source);
    const text = await skeletonFor(file);
    for (const line of lines) expect(flat(text)).toContain(flat(line));
    expect(await check(text, { parser: "typescript", printWidth: 100 })).toBe(true);
    writeFileSync(adapterPath(file), text);
    made.push(adapterPath(file));
  });

  test("each of them passes the strict type check", () => {
    const project = new Project({
      compilerOptions: {
        allowJs: true,
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        target: ts.ScriptTarget.ESNext,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        allowImportingTsExtensions: true,
        noEmit: true,
        paths: { "deltarule/check": [new URL("../../src/implementation/adapter.ts", import.meta.url).pathname] },
      },
    });
    const found = made.flatMap((path) => project.addSourceFileAtPath(path).getPreEmitDiagnostics());
    expect(made).toHaveLength(rows.length);
    expect(project.formatDiagnosticsWithColorAndContext(found)).toBe("");
  });
});

const matrix = "number[][]";
test.each<[string, boolean]>([
  [`W1: ${matrix}, b1: number[], W2: ${matrix}, b2: number[], x: number[], y: number[]`, true],
  [`x: number[], y: number[], W1: ${matrix}, b1: number[], W2: ${matrix}, b2: number[]`, true],
  [`W1: ${matrix}, W2: ${matrix}, b1: number[], b2: number[], x: number[], y: number[]`, false],
  [`x: number[], W1: ${matrix}, b1: number[], W2: ${matrix}, b2: number[], y: number[]`, false],
  [`W1: ${matrix}, b1: number[], W2: ${matrix}, b2: number[], y: number[], x: number[]`, false],
  [`weights: ${matrix}, x: number[], y: number[]`, false],
  [`{ W2, b2 }: { W2: ${matrix}; b2: number[] }, x: number[], y: number[]`, true],
  [`{ w1, b1 }: { w1: ${matrix}; b1: number[] }, x: number[], y: number[]`, false],
  [`theta: Float64Array, x: number[], y: number[]`, true],
  [`theta: Float64Array, x: number[], gradient: Float64Array, y: number[]`, false],
])("a function of (%s) can be checked as it is: %s", async (parameters, isSo) => {
  const file = write("plain.ts", `export const backward = (${parameters}) => ({ dW2: [[1]] });`);
  expect((await skeletonFor(file)).includes("can likely be checked as it is")).toBe(isSo);
});

test.each([
  [
    "exports nothing",
    "types.ts",
    "export type T = number; export const lr = 0.1; const f = () => 1; f();",
    "nothing-exported",
  ],
  ["does not parse", "half.ts", "export function backward( {", "syntax"],
  ["is in another language", "net.py", "print()", "file-kind"],
])("a file that %s has no skeleton", async (_, name, source, code) => {
  await expect(skeletonFor(write(name, source))).rejects.toMatchObject({ name: "Problem", code });
});

test.each([
  ["my.ts", "my.check.ts"],
  ["../a.b/net.min.cjs", "../a.b/net.min.check.ts"],
])("the adapter of %s is %s", (file, adapter) => {
  expect(adapterPath(file)).toBe(adapter);
});
