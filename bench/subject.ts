import { pathToFileURL } from "node:url";
import { activationsOf, gradientOf, type NestedParameters } from "./arrays.ts";
import type { Mode, Source } from "./contenders.ts";
import { layerPlaces } from "./networks.ts";
import { batchSize, type BenchPoint } from "./point.ts";
import { variableLoops } from "./variable-loops.ts";

/** What is clocked, and what it has computed. */
export interface Subject {
  readonly step: () => unknown;
  /** The gradient in θ's layout, or the output, as the first step left it. */
  readonly found: () => ArrayLike<number>;
}

export interface Occasion {
  readonly mode: Mode;
  readonly sizes: readonly number[];
  readonly point: BenchPoint;
  /** File to import, for a source that has one. */
  readonly module: string | null;
}

/** Makes a contender ready to be timed; a string says why it cannot be. */
export async function subjectOf(source: Source, occasion: Occasion): Promise<Subject | string> {
  switch (source.kind) {
    case "emitted":
      return moduleSubject(await load(occasion), source.door, occasion);
    case "loops":
      return moduleSubject(await load(occasion), source.style === "arguments" ? "arguments" : "owned", occasion);
    case "variable-loops":
      return moduleSubject(variableLoops(occasion.sizes) as TimedModule, "arguments", occasion);
    case "arrays":
      return arraysSubject(occasion);
    case "peer":
      return peerSubject(occasion);
    case "roofline":
      return "a roofline clocks itself";
  }
}

type Floats = Float64Array | Float32Array;

/** What emitted modules and hand-written loops export, some of it or all. */
interface TimedModule {
  readonly buffers?: Readonly<Record<"theta" | "input" | "target" | "output" | "gradient", Floats>>;
  readonly forwardOwned?: () => void;
  readonly backwardOwned?: () => number;
  readonly forward?: (theta: Floats, x: Floats, output: Floats) => void;
  readonly backward?: (theta: Floats, x: Floats, y: Floats, gradient: Floats) => number;
  readonly backwardBatch?: (theta: Floats, x: Floats, y: Floats, gradient: Floats, count: number) => number;
}

const load = async ({ module }: Occasion): Promise<TimedModule> =>
  (await import(pathToFileURL(module as string).href)) as TimedModule;

function moduleSubject(module: TimedModule, door: "owned" | "arguments", occasion: Occasion): Subject | string {
  return door === "owned" ? ownedSubject(module, occasion) : argumentsSubject(module, occasion);
}

function ownedSubject({ buffers, forwardOwned, backwardOwned }: TimedModule, occasion: Occasion): Subject | string {
  const { mode, sizes, point } = occasion;
  if (buffers === undefined || forwardOwned === undefined || backwardOwned === undefined)
    return "the module owns no buffers";
  buffers.theta.set(point.theta);
  buffers.input.set(point.inputs.subarray(0, sizes[0]));
  buffers.target.set(point.targets.subarray(0, sizes.at(-1)));
  if (mode === "forward") return { step: forwardOwned, found: () => buffers.output };
  return { step: backwardOwned, found: () => buffers.gradient };
}

function argumentsSubject(module: TimedModule, { mode, sizes, point }: Occasion): Subject | string {
  // A module takes arrays of the kind that it owns.
  const own = (values: Float64Array): Floats =>
    module.buffers?.theta instanceof Float32Array ? Float32Array.from(values) : values;
  const theta = own(point.theta);
  const [inputs, targets] = [own(point.inputs), own(point.targets)];
  const [x, y] = [inputs.slice(0, sizes[0]), targets.slice(0, sizes.at(-1))];
  const gradient = own(new Float64Array(theta.length));
  const output = own(new Float64Array(sizes.at(-1) as number));
  const { forward, backward, backwardBatch } = module;
  if (mode === "batch") {
    if (backwardBatch === undefined) return "the module has no backwardBatch";
    return { step: () => backwardBatch(theta, inputs, targets, gradient, batchSize), found: () => gradient };
  }
  if (forward === undefined || backward === undefined) return "the module takes no arguments";
  if (mode === "forward") return { step: () => forward(theta, x, output), found: () => output };
  return { step: () => backward(theta, x, y, gradient), found: () => gradient };
}

function arraysSubject({ mode, sizes, point }: Occasion): Subject {
  const parameters = nested(sizes, point.theta);
  const [x, y] = [[...point.inputs.subarray(0, sizes[0])], [...point.targets.subarray(0, sizes.at(-1))]];
  let gradient = parameters;
  let output = y as readonly number[];
  if (mode === "forward")
    return { step: () => (output = activationsOf(parameters, x).at(-1) as readonly number[]), found: () => output };
  return { step: () => (gradient = gradientOf(parameters, x, y)), found: () => flat(gradient) };
}

const nested = (sizes: readonly number[], theta: Float64Array): NestedParameters => ({
  W: layerPlaces(sizes).map(({ inputs, outputs, weights }) =>
    Array.from({ length: outputs }, (_, j) => [...theta.subarray(weights + inputs * j, weights + inputs * (j + 1))]),
  ),
  b: layerPlaces(sizes).map(({ outputs, biases }) => [...theta.subarray(biases, biases + outputs)]),
});

const flat = ({ W, b }: NestedParameters): readonly number[] =>
  W.flatMap((rows, l) => [...rows.flat(), ...(b[l] as readonly number[])]);

/** What an adapter in bench/peers/ exports. */
interface Adapter {
  readonly prepare: (occasion: {
    readonly mode: Mode;
    readonly sizes: readonly number[];
    readonly layers: ReturnType<typeof layerPlaces>;
    readonly theta: Float64Array;
    readonly x: Float64Array;
    readonly y: Float64Array;
  }) => Promise<Subject> | Subject;
}

async function peerSubject({ mode, sizes, point, module }: Occasion): Promise<Subject> {
  const { prepare } = (await import(pathToFileURL(module as string).href)) as Adapter;
  const [x, y] = [point.inputs.slice(0, sizes[0]), point.targets.slice(0, sizes.at(-1))];
  return prepare({ mode, sizes, layers: layerPlaces(sizes), theta: point.theta.slice(), x, y });
}
