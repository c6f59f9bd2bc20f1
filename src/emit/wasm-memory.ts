import type { Program } from "../program/index.ts";
import { expTable } from "./wasm-exp.ts";
import type { NumberType } from "./wasm-numbers.ts";

/** Where everything lies in the memory of a module, in bytes. */
export interface MemoryLayout {
  /** Constants of the exponential, as vectors. */
  readonly table: number;
  /** The caller's arrays and those of the program. */
  readonly arrays: ReadonlyMap<string, { readonly at: number; readonly length: number }>;
  /** Pages of 64 KiB. */
  readonly pages: number;
}

/** Where cache lines begin. */
const line = 64;

/** θ, inputs, output, gradient and scratch one after another, each from the beginning of a cache line. */
export function memoryLayout(
  {
    parameterCount,
    inputs,
    outputLength,
    scratch,
  }: Pick<Program, "parameterCount" | "inputs" | "outputLength" | "scratch">,
  { type, bytes }: NumberType,
): MemoryLayout {
  const table = line;
  let end = table + 16 * expTable(type).length;
  const arrays = new Map<string, { at: number; length: number }>();
  const place = (name: string, length: number): void => {
    const at = Math.ceil(end / line) * line;
    arrays.set(name, { at, length });
    end = at + length * bytes;
  };
  place("theta", parameterCount);
  for (const { name, length } of inputs) place(name, length);
  place("output", outputLength);
  place("gradient", parameterCount);
  for (const { name, length } of scratch) place(name, length);
  // A vector that is loaded for its first lanes must not reach beyond the end.
  return { table, arrays, pages: Math.ceil((end + line) / 65536) };
}
