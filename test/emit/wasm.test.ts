import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { loadSource, VerificationFailure } from "../../src/emit/index.ts";
import { assemble } from "../../src/emit/wasm-assemble.ts";
import { exp32, exp64 } from "../../src/emit/wasm-exp.ts";
import { printWasmModule } from "../../src/emit/wasm-module.ts";
import { type Precision } from "../../src/emit/wasm-numbers.ts";
import { printWat } from "../../src/emit/wasm-print.ts";
import { verifyWasmModule } from "../../src/emit/wasm-verify.ts";
import { emitWasmModule } from "../../src/emit/wasm.ts";
import { readEquations } from "../../src/equations/index.ts";
import { digits64 } from "../../src/exact/index.ts";
import { parseNetwork, type Network } from "../../src/network/index.ts";
import {
  buildLoops,
  equationsTask,
  spellOut,
  vectorise,
  withAccumulate,
  type Subject,
} from "../../src/program/index.ts";

const precisions = ["f64", "f32"] as const satisfies readonly Precision[];

type Options = Parameters<typeof parseNetwork>[1];

const network = (sizes: string, options: Options = {}): Network => parseNetwork(sizes, options);

const model = (name: string): Subject => {
  const text = readFileSync(new URL(`../samples/models/${name}.eq`, import.meta.url), "utf8");
  return equationsTask(readEquations(text, `${name}.eq`), name, `${name}.eq`);
};

const rows: readonly [claim: string, subject: () => Subject][] = [
  ["one weight: every vector is partly filled", () => network("1-1")],
  ["less than a vector in each layer: 2-3-1", () => network("2-3-1")],
  ["remainders of every length: 5-7-3", () => network("5-7-3")],
  ["whole vectors only: 16-32-8", () => network("16-32-8")],
  ["loops in which rows are left over: 64-64-10", () => network("64-64-10")],
  [
    "four layers, softmax and cross-entropy",
    () => network("3-5-6-3", { activation: "tanh,relu,softmax", loss: "cross-entropy" }),
  ],
  ["softmax under a squared loss", () => network("2-5-3", { activation: "sigmoid,softmax" })],
  ["branches: leaky-relu and selu", () => network("7-6-5", { activation: "leaky-relu,selu" })],
  ["functions that JavaScript gives: gelu", () => network("2-5-2", { activation: "gelu" })],
  [
    "logistic and log: silu, sigmoid and binary cross-entropy",
    () => network("2-5-2", { activation: "silu,sigmoid", loss: "binary-cross-entropy" }),
  ],
  ["softplus", () => network("2-3-2", { activation: "softplus", loss: "half-squared" })],
  ["tensors of three indices: attention", () => model("attention")],
  ["maxima and means over rows: layer-norm", () => model("layer-norm")],
  ["a weight that is used at every step: recurrent", () => model("recurrent")],
];

describe.each(precisions)("a WebAssembly module in %s computes its program to the last bit:", (precision) => {
  test.each(rows)("%s", async (_, subject) => {
    await expect(emitWasmModule(subject(), { precision })).resolves.toBeDefined();
  });
});

describe("an emitted WebAssembly module", () => {
  test("has the exports of one without WebAssembly", async () => {
    const { source } = await emitWasmModule(network("2-3-1"));
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
    expect(source).not.toMatch(/\bimport\b|\bany\b/);
  });

  test("is text that does not change from run to run", async () => {
    expect((await emitWasmModule(network("3-4-2"))).source).toBe((await emitWasmModule(network("3-4-2"))).source);
  });

  test("leaves the network that lives in its buffers alone when it serves others", async () => {
    const { source } = await emitWasmModule(network("2-3-1"));
    const { backward, buffers, backwardOwned } = await loadSource(source);
    buffers.theta?.fill(0.1);
    buffers.input?.fill(0.5);
    const before = [backwardOwned(), ...(buffers.gradient ?? [])];
    backward(new Float64Array(13).fill(-1), Float64Array.of(3, 4), Float64Array.of(1), new Float64Array(13));
    expect([...(buffers.theta ?? [])]).toEqual(Array.from({ length: 13 }, () => 0.1));
    expect([backwardOwned(), ...(buffers.gradient ?? [])]).toEqual(before);
  });

  test("says what it needs where SIMD is missing", async () => {
    const { source } = await emitWasmModule(network("1-1"));
    const { WebAssembly: real } = globalThis;
    const Module = function (): never {
      throw new real.CompileError("invalid value type 's128'");
    };
    Object.assign(globalThis, { WebAssembly: { ...real, Module } });
    try {
      // The address of a module must be new, or the one that has been loaded is taken.
      await expect(loadSource(`${source}\nexport const isNew = true;`)).rejects.toThrow(
        /needs WebAssembly with 128-bit SIMD.*without --target wasm/s,
      );
    } finally {
      Object.assign(globalThis, { WebAssembly: real });
    }
  });

  test("is not made, and what to install is said, where the assembler is missing", async () => {
    vi.doMock("wabt", () => {
      throw new Error("not found");
    });
    await expect(assemble("(module)")).rejects.toMatchObject({
      code: "no-assembler",
      advice: "install it with: npm install wabt",
    });
    vi.doUnmock("wabt");
  });

  test("has text that shows which instructions compute which equation", async () => {
    const { wat } = await emitWasmModule(network("4-6-2"));
    expect(wat).toContain(";; z^2_j = Σ_{k=1..4} w^2_{jk} · x_k + b^2_j");
    expect(wat).toMatch(/;; BP2 {2}δ\^2_j = [^\n]*\n(?: *;;[^\n]*\n)*(?: *\(local\.set \$s1\+\d [^\n]*\n)+/);
    expect(wat).toContain("(f64x2.mul");
  });
});

describe("a module whose machine code is wrong is refused:", () => {
  const corruptions: readonly [claim: string, from: string | RegExp, to: string][] = [
    ["a sum that is a difference", "(f64x2.add (local.get $s1*0)", "(f64x2.sub (local.get $s1*0)"],
    [
      "a factor that is left out",
      /\(f64x2\.sub \(v128\.const f64x2 1 1\) (\(local\.get \$\S+\)|\(v128\.load [^()]*\([^()]*\)\))\)/,
      "(v128.const f64x2 1 1)",
    ],
    [
      "a row that is stored in the place of another",
      /\(v128\.store offset=(\d+)(?=[^\n]*\$a2)/,
      "(v128.store offset=16",
    ],
    [
      "a batch that does not add up",
      /(func \$accumulate[^]*?)\(f64x2\.add \(v128\.load[^()]*\([^()]*\)\) /,
      "$1(f64x2.sub (f64x2.splat (f64.const 0)) ",
    ],
    ["a loss by another constant", "(f64.const 0.25)", "(f64.const 0.26)"],
  ];
  test.each(corruptions)("%s", async (_, from, to) => {
    const vectors = vectorise(withAccumulate(buildLoops(network("9-8-2"))), 2);
    const program = spellOut(vectors);
    const wat = printWat(vectors, "f64");
    const text = wat.text.replace(from, to);
    expect(text).not.toBe(wat.text);
    const source = printWasmModule({ program, precision: "f64", wat, binary: await assemble(text) }, "0");
    await expect(verifyWasmModule(source, program, "f64")).rejects.toThrow(VerificationFailure);
  });
});

describe("the exponential of WebAssembly modules", () => {
  /** Deviation in units of the last place of a number with so many bits; in those units the number is whole. */
  const ulps = (found: number, x: number, bits: number): number => {
    const exact = digits64.apply("exp", digits64.from(x));
    const place = Math.floor(Math.log2(found)) - bits + 1;
    return exact
      .div(digits64.from(2).pow(place))
      .sub(digits64.from(found / 2 ** place))
      .abs()
      .toNumber();
  };
  /** Numbers that few decimal digits write down exactly. */
  const points = Array.from({ length: 500 }, (_, i) => Math.round(Math.sin(i) * 80 * 1024) / 1024);

  test.each([
    ["f64", exp64, (x: number) => x, 53],
    ["f32", exp32, Math.fround, 24],
  ] as const)("is within one ulp in %s", (_, exp, rounded, bits) => {
    const worst = Math.max(...points.map((x) => ulps(exp(rounded(x)), rounded(x), bits)));
    expect(worst).toBeLessThan(1);
  });

  const extremes: readonly [x: number, expected: number][] = [
    [0, 1],
    [-0, 1],
    [Infinity, Infinity],
    [-Infinity, 0],
    [1000, Infinity],
    [-1000, 0],
    [NaN, NaN],
  ];
  test.each(extremes)("of %d is %d in both precisions", (x, expected) => {
    expect([exp64(x), exp32(x)]).toEqual([expected, expected]);
  });

  test("overflows where Math.exp does", () => {
    expect(exp64(709.782712893384)).toBeLessThan(Infinity);
    expect(exp64(709.7827128933841)).toBe(Infinity);
  });
});
