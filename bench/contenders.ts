import type { LoopStyle } from "./loops.ts";
import type { Roofline } from "./roofline.ts";

/** Forward pass and full gradient of one sample; the forward pass alone; the mean gradient of 32 samples. */
export const modes = ["gradient", "forward", "batch"] as const;
export type Mode = (typeof modes)[number];

export const groups = ["ours", "loops", "arrays", "peers", "c"] as const;
export type Group = (typeof groups)[number];

/** Where the code of a contender comes from. */
export type Source =
  | { readonly kind: "emitted"; readonly options: readonly string[]; readonly door: "owned" | "arguments" }
  | { readonly kind: "loops"; readonly style: LoopStyle }
  | { readonly kind: "variable-loops" }
  | { readonly kind: "arrays" }
  | { readonly kind: "peer"; readonly adapter: string; readonly packages: readonly string[] }
  | { readonly kind: "roofline"; readonly roofline: Roofline; readonly flags: readonly string[] };

/** The largest network that is timed, in one mode or in all. */
export interface Limit {
  readonly mode?: Mode;
  readonly parameters?: number;
  readonly layers?: number;
}

/** Who is timed, at what. */
export interface Contender {
  readonly id: string;
  readonly name: string;
  readonly group: Group;
  readonly source: Source;
  /** What is called, for the modes that it is timed in. */
  readonly calls: Readonly<Partial<Record<Mode, string>>>;
  readonly precision: "f64" | "f32";
  /** A train step changes the weights as well. */
  readonly does: "gradient" | "train step";
  /** Whose gradient comes out; `half-squared` is k times the mean squared error's. */
  readonly loss: "mse" | "half-squared" | "binary-cross-entropy";
  /** What takes too long is left out, and said to be. */
  readonly limits?: readonly Limit[];
  /** In milliseconds, where more is needed than usual: a long function is compiled for long. */
  readonly warmUp?: number;
  /** Has a line of its own in the plot. */
  readonly isPlotted?: true;
}

/** What ratios refer to. */
export const baseline = "loops";

const owned = { gradient: "backwardOwned()", forward: "forwardOwned()" };
const given = {
  gradient: "backward(θ, x, y, g)",
  forward: "forward(θ, x, output)",
  batch: "backwardBatch(θ, X, Y, g, 32)",
};
const exact = { precision: "f64", does: "gradient", loss: "mse" } as const;

const emitted = (
  id: string,
  name: string,
  options: readonly string[],
  door: "owned" | "arguments",
  calls: Contender["calls"],
  more: Partial<Contender> = {},
): Contender => ({
  ...exact,
  id,
  name,
  group: "ours",
  source: { kind: "emitted", options, door },
  calls,
  ...more,
});

const gradientOnly = { gradient: owned.gradient };

const ours: readonly Contender[] = [
  emitted("ours", "deltarule", [], "owned", owned, { isPlotted: true }),
  emitted("ours-arguments", "deltarule, arguments", [], "arguments", given),
  emitted("ours-unrolled", "deltarule --strategy unrolled", ["--strategy", "unrolled"], "owned", gradientOnly, {
    limits: [{ parameters: 1_500 }],
    warmUp: 600,
  }),
  emitted("ours-tiled", "deltarule --strategy tiled", ["--strategy", "tiled"], "owned", gradientOnly),
  emitted("ours-exp-exact", "deltarule --exp exact", ["--exp", "exact"], "owned", gradientOnly),
  emitted("ours-exp-fast", "deltarule --exp fast", ["--exp", "fast"], "owned", gradientOnly),
  emitted("ours-wasm", "deltarule --target wasm", ["--target", "wasm"], "owned", owned, { isPlotted: true }),
  emitted("ours-wasm-arguments", "deltarule --target wasm, arguments", ["--target", "wasm"], "arguments", given),
  emitted(
    "ours-wasm-f32",
    "deltarule --target wasm --precision f32",
    ["--target", "wasm", "--precision", "f32"],
    "owned",
    owned,
    { precision: "f32", isPlotted: true },
  ),
  emitted(
    "ours-wasm-f32-arguments",
    "deltarule --target wasm --precision f32, arguments",
    ["--target", "wasm", "--precision", "f32"],
    "arguments",
    given,
    { precision: "f32" },
  ),
];

const loops = (id: string, name: string, style: LoopStyle, calls: Contender["calls"]): Contender => ({
  ...exact,
  id,
  name,
  group: "loops",
  source: { kind: "loops", style },
  calls,
});

const handWritten: readonly Contender[] = [
  { ...loops("loops", "hand-written loops", "owned", owned), isPlotted: true },
  loops("loops-aliased", "loops, every array aliased", "aliased", owned),
  loops("loops-accumulators", "loops, aliased, four accumulators", "accumulators", owned),
  loops("loops-arguments", "loops, arrays as arguments", "arguments", given),
  {
    ...exact,
    id: "loops-variable",
    name: "loops, variable bounds",
    group: "loops",
    source: { kind: "variable-loops" },
    calls: { gradient: given.gradient, forward: given.forward },
  },
  {
    ...exact,
    id: "arrays",
    name: "naive arrays",
    group: "arrays",
    source: { kind: "arrays" },
    calls: { gradient: "number[][], map and reduce", forward: "number[][], map and reduce" },
    isPlotted: true,
  },
];

const peer = (
  id: string,
  name: string,
  adapter: string,
  packages: readonly string[],
  calls: Contender["calls"],
  more: Pick<Contender, "precision" | "does" | "loss"> & Partial<Contender>,
): Contender => ({
  id,
  name,
  group: "peers",
  source: { kind: "peer", adapter, packages },
  calls,
  isPlotted: true,
  ...more,
});

/** Code that repeats the expression of a neuron wherever it is used grows with the power of the depth. */
const oneHiddenLayer: readonly Limit[] = [{ mode: "forward", layers: 3 }];

const tfjs = ["@tensorflow/tfjs@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0"];

const peers: readonly Contender[] = [
  peer(
    "synaptic",
    "synaptic",
    "synaptic",
    ["synaptic@1.1.4"],
    { gradient: "net.activate(x); net.propagate(rate, y)", forward: "net.standalone()(x)" },
    {
      precision: "f64",
      does: "train step",
      loss: "binary-cross-entropy",
      limits: [{ parameters: 30_000 }],
      warmUp: 600,
    },
  ),
  peer(
    "neataptic",
    "neataptic",
    "neataptic",
    ["neataptic@1.4.7"],
    { gradient: "net.activate(x); net.propagate(rate, 0, false, y)", forward: "net.standalone()(x)" },
    { precision: "f64", does: "gradient", loss: "binary-cross-entropy", limits: [{ parameters: 30_000 }] },
  ),
  peer(
    "brain1",
    "brain.js 1.6.1",
    "brain1",
    ["brain.js@1.6.1"],
    { gradient: "net.trainPattern({ input, output })", forward: "net.toFunction()(x)" },
    { precision: "f32", does: "train step", loss: "half-squared", limits: oneHiddenLayer },
  ),
  peer(
    "brain2",
    "brain.js 2.0.0-beta.24",
    "brain2",
    ["brain2@npm:brain.js@2.0.0-beta.24"],
    { gradient: "net.trainPattern({ input, output })", forward: "net.toFunction()(x)" },
    { precision: "f32", does: "train step", loss: "half-squared", limits: oneHiddenLayer },
  ),
  peer(
    "convnetjs",
    "convnetjs",
    "convnetjs",
    ["convnetjs@0.3.0"],
    { gradient: "net.forward(vol, true); net.backward(y); dw set to 0", forward: "net.forward(vol)" },
    { precision: "f64", does: "gradient", loss: "half-squared" },
  ),
  peer(
    "toygrad",
    "toygrad",
    "toygrad",
    ["toygrad@2.6.0"],
    { gradient: "net.forward(tensor, true); net.backward(y); dw set to 0" },
    { precision: "f32", does: "gradient", loss: "half-squared" },
  ),
  peer(
    "simplegrad",
    "simplegrad",
    "simplegrad",
    ["simplegrad@1.0.0"],
    { gradient: "v.set(θ); forward(); gv.fill(0); backward(), compiled once", forward: "forward(), compiled once" },
    { precision: "f64", does: "gradient", loss: "mse", limits: [{ parameters: 30_000 }], warmUp: 600 },
  ),
  peer(
    "jax-js",
    "jax-js (wasm jit)",
    "jax-js",
    ["@jax-js/jax@0.1.25"],
    { gradient: "jit(grad(loss)), dataSync() of every gradient" },
    { precision: "f32", does: "gradient", loss: "mse", warmUp: 300 },
  ),
  peer(
    "tfjs-cpu",
    "tfjs (cpu)",
    "tfjs-cpu",
    tfjs,
    { gradient: "tf.variableGrads(loss), dataSync() of every gradient" },
    { precision: "f32", does: "gradient", loss: "mse", warmUp: 300 },
  ),
  peer(
    "tfjs-wasm",
    "tfjs (wasm)",
    "tfjs-wasm",
    tfjs,
    { gradient: "tf.variableGrads(loss), dataSync() of every gradient" },
    { precision: "f32", does: "gradient", loss: "mse", warmUp: 300 },
  ),
];

const rooflines: readonly Contender[] = [
  {
    ...exact,
    id: "c-native",
    name: "C -O3 -march=native -ffast-math",
    group: "c",
    source: { kind: "roofline", roofline: "plain", flags: ["-O3", "-march=native", "-ffast-math"] },
    calls: { gradient: "sizes constant", forward: "sizes constant", batch: "32 samples side by side" },
    isPlotted: true,
  },
  {
    ...exact,
    id: "c-scalar",
    name: "C -O2, scalar, register-tiled",
    group: "c",
    source: { kind: "roofline", roofline: "tiled", flags: ["-O2", "-fno-tree-vectorize"] },
    calls: { gradient: "four rows at once", forward: "four rows at once" },
    isPlotted: true,
  },
];

/** All, in the order of the tables. */
export const contenders: readonly Contender[] = [...ours, ...handWritten, ...peers, ...rooflines];

/** What `--quick` times: nothing to install, and the best of each kind. */
export const quickContenders: readonly string[] = [
  "ours",
  "ours-arguments",
  "ours-wasm",
  "loops",
  "loops-aliased",
  "c-native",
  "c-scalar",
];

/** How far from the reference a result may be, relative to the largest entry of its tensor. */
export function toleranceOf({ precision, does }: Contender): number {
  if (precision === "f32") return 1e-3;
  // The gradient is a difference of weights over a small rate.
  return does === "train step" ? 1e-3 : 1e-11;
}

/** Why a contender is not timed at a network, or null. */
export function limitOf(
  { limits = [] }: Contender,
  mode: Mode,
  network: { readonly sizes: readonly number[]; readonly parameters: number },
): string | null {
  for (const { mode: only = mode, parameters = Infinity, layers = Infinity } of limits) {
    if (only !== mode) continue;
    if (network.parameters > parameters) return `not timed above ${parameters.toLocaleString("en")} parameters`;
    if (network.sizes.length > layers) return `not timed above ${layers} layers`;
  }
  return null;
}
