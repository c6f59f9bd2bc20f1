import {
  buildLoops,
  certifyBatch,
  certifyProgram,
  spellOut,
  vectorise,
  withAccumulate,
  type Program,
  type Subject,
} from "../program/index.ts";
import { refuseSize } from "./emit.ts";
import { formatSource } from "./format.ts";
import { assemble } from "./wasm-assemble.ts";
import { printWasmModule } from "./wasm-module.ts";
import { numberTypes, type Precision } from "./wasm-numbers.ts";
import { printWat } from "./wasm-print.ts";
import { verifyWasmModule } from "./wasm-verify.ts";

export interface WasmOptions {
  /** Named in the header, if given. */
  readonly version?: string | undefined;
  /** Default f64. */
  readonly precision?: Precision | undefined;
  /** Called with the name of each stage as it begins. */
  readonly onStage?: ((stage: string) => void) | undefined;
}

/** A module with WebAssembly in it, together with the program that it was printed from, and the text of its machine code. */
export interface EmittedWasmModule {
  readonly source: string;
  /** Spelled out in scalars. */
  readonly program: Program;
  readonly wat: string;
}

/**
 * The source of a standalone TypeScript module that computes in WebAssembly, with the exports of the one that
 * emitModule gives. It has been certified and run before this returns.
 *
 * Rejects with a Problem where the assembler is not installed; VerificationFailure and Error where a check fails
 */
export async function emitWasmModule(
  subject: Subject,
  { version, precision = "f64", onStage = () => undefined }: WasmOptions = {},
): Promise<EmittedWasmModule> {
  refuseSize(subject);
  onStage("building the program");
  const vectors = vectorise(withAccumulate(buildLoops(subject)), numberTypes[precision].lanes);
  const program = spellOut(vectors);
  onStage("checking the program exactly");
  certifyProgram(program);
  certifyBatch({ ...program, samples: 1 }, program);
  onStage("assembling");
  const wat = printWat(vectors, precision);
  const binary = await assemble(wat.text);
  onStage("formatting");
  const text = printWasmModule({ program, precision, wat, binary }, version);
  const source = await formatSource(text);
  onStage("running the module against the reference");
  await verifyWasmModule(source, program, precision);
  return { source, program, wat: wat.text };
}
