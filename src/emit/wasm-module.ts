import { variableKey } from "../equations/index.ts";
import type { Program } from "../program/index.ts";
import { fill } from "../templates.ts";
import { bufferNames } from "./buffers.ts";
import { checksOf, documentation, frameOf, headerOf, listed } from "./frame.ts";
import { ownFunctions } from "./own-functions.ts";
import { numberTypes, type Precision } from "./wasm-numbers.ts";
import type { WatModule } from "./wasm-print.ts";

/** What a module in WebAssembly is printed from. */
export interface WasmParts {
  /** The program, spelled out in scalars. */
  readonly program: Program;
  readonly precision: Precision;
  readonly wat: WatModule;
  /** The text of {@link wat}, assembled. */
  readonly binary: Uint8Array;
}

/** The TypeScript around a WebAssembly module, before formatting: the same exports as without it. */
export function printWasmModule(parts: WasmParts, version: string | undefined): string {
  const { program, precision, wat, binary } = parts;
  const { task, parameterCount, outputLength, inputs } = program;
  const { objective } = task;
  const { array } = numberTypes[precision];
  const buffers = buffersOf(parts);
  const names = bufferNames(task);
  const read = inputs.filter(({ isRead }) => isRead);
  const theta = { name: "theta", length: parameterCount };
  const parametersOf = (list: readonly string[]): string => list.map((name) => `${name}: ${array}`).join(", ");
  const copyOf = ({ name }: (typeof inputs)[number]): string =>
    `guest.arrays.${names[inputs.findIndex((input) => input.name === name)] as string}.set(${name});`;
  return fill("wasm", {
    ...frameOf(program),
    header: header(parts, version),
    functions: wat.imports.filter(isOwn).map((name) => ownFunctions[name]),
    imports: wat.imports.map(importText).join(", "),
    bytes: binary.length,
    code: Buffer.from(binary).toString("base64"),
    array,
    buffers,
    forwardDoc: documentation.forward?.(task),
    backwardDoc: documentation.backward?.(task),
    forwardParameters: parametersOf(["theta", ...read.map(({ name }) => name), "output"]),
    backwardParameters: parametersOf(["theta", ...inputs.map(({ name }) => name), "gradient"]),
    forwardCopies: read.map(copyOf),
    backwardCopies: inputs.map(copyOf),
    forwardLengths: [theta, ...read, { name: "output", length: outputLength }],
    backwardLengths: [theta, ...inputs, { name: "gradient", length: parameterCount }],
    batchInputs: inputs.map(({ name, length }, i) => ({
      name,
      length,
      copy:
        length > mostCopiedOneByOne
          ? `guest.arrays.${names[i] as string}.set(${name}.subarray(${length} * from, ${length} * from + ${length}));`
          : `for (let at = 0; at < ${length}; at++) guest.arrays.${names[i] as string}[at] = ${name}[${length} * from + at]!;`,
    })),
    batchParameters: parametersOf(["theta", ...inputs.map(({ name }) => name), "gradient"]),
    batchDoc:
      inputs.length === 0 ? "" : ` The samples lie one after another in ${listed(inputs.map(({ name }) => name))}.`,
    forwardFrom: listed(names.filter((_, i) => inputs[i]?.isRead)),
    backwardFrom: listed(names),
    objective: task.codeNames.get(variableKey(objective.variable)),
    objectiveName: objective.variable.family,
  });
}

/** Up to this length an assignment each is faster than a view of the sample. */
const mostCopiedOneByOne = 64;

/** The arrays that are shown to JavaScript, and where they lie. */
function buffersOf({ program: { task, inputs }, wat: { memory } }: WasmParts): readonly object[] {
  const names = bufferNames(task);
  const shown = [
    ["theta", "theta"],
    ...inputs.map(({ name }, i) => [name, names[i]]),
    ["output", "output"],
    ["gradient", "gradient"],
  ];
  return shown.map(([array, name]) => ({ name, ...memory.arrays.get(array as string) }));
}

const isOwn = (name: string): name is keyof typeof ownFunctions => Object.hasOwn(ownFunctions, name);

/** What `env` has under the name of a function. */
const importText = (name: string): string => {
  if (isOwn(name)) return name;
  return name === "sech" ? "sech: (x) => 1 / Math.cosh(x)" : `${name}: Math.${name}`;
};

const widths = {
  f64: "Strategy: loops over vectors of two double-precision numbers (f64x2).",
  f32: "Strategy: loops over vectors of four single-precision numbers (f32x4); arrays are Float32Array.",
} as const satisfies Record<Precision, string>;

function header({ program, precision, wat, binary }: WasmParts, version: string | undefined): readonly string[] {
  const options = ` --target wasm${precision === "f64" ? "" : ` --precision ${precision}`}`;
  const about = [
    program.task.about.join(" "),
    `${widths[precision]}${wat.hasOwnExp ? " exp is the module's own, within one ulp." : ""}`,
    `Machine code: ${binary.length} bytes, memory: ${wat.memory.pages * 64} KiB.`,
  ];
  const numbers = precision === "f64" ? "" : " in single precision";
  return headerOf(program, version, options, about, checksOf(program, numbers));
}
