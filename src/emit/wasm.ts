import { format } from "prettier";
import {
  buildLoops,
  certifyBatch,
  certifyProgram,
  programCertificate,
  spellOut,
  vectorise,
  withAccumulate,
  type Program,
  type Subject,
} from "../program/index.ts";
import { refuseSize } from "./emit.ts";
import { assemble } from "./wasm-assemble.ts";
import { printWasmModule } from "./wasm-module.ts";
import { numberTypes, type Precision } from "./wasm-numbers.ts";
import { printWat } from "./wasm-print.ts";
import { digitsOfReference } from "./verify.ts";
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
  const text = printWasmModule({ program, precision, wat, binary }, version, checksOf(program, precision));
  const source = await format(text, { parser: "babel-ts", printWidth: 100 });
  onStage("running the module against the reference");
  await verifyWasmModule(source, program, precision);
  return { source, program, wat: wat.text };
}

const checksOf = (program: Program, precision: Precision): readonly string[] => [
  `exact       the program against the dual-number gradient of the forward equations, ${programCertificate.draws} draws in a prime field`,
  ...(program.plain === null ? [] : ["stable      the rewritten program against the one as derived, at 64 digits"]),
  `to the bit  this module against the program${precision === "f64" ? "" : " in single precision"}, through both doors`,
  "batch       its program against the sum of single gradients; backwardBatch against its program, to the bit",
  `${digitsOfReference(program)} digits   this module against central differences of the forward equations`,
  "types       TypeScript's strictest settings",
];
