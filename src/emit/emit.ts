import { format } from "prettier";
import type { Network } from "../network/index.ts";
import { countParameters, sizesText } from "../network/index.ts";
import { problem } from "../problem.ts";
import { buildProgram, certifyProgram, programCertificate, type Program, type Strategy } from "../program/index.ts";
import { printModule } from "./print.ts";
import { verifyModule } from "./verify.ts";

export interface EmitOptions {
  /** Named in the header, if given. */
  readonly version?: string | undefined;
  readonly strategy?: Strategy | undefined;
  /** Called with the name of each stage as it begins. */
  readonly onStage?: ((stage: string) => void) | undefined;
}

/** A module together with the program that it was printed from. */
export interface EmittedModule {
  readonly source: string;
  readonly program: Program;
}

export const mostParameters = 1_000_000;
const mostUnrolledParameters = 5_000;

/**
 * The source of a standalone TypeScript module with the forward pass and the gradient of `network`. It has
 * been certified and run before this returns.
 *
 * @throws Problem for a network too large to emit; VerificationFailure and Error where a check fails
 */
export async function emitModule(
  network: Network,
  { version, strategy, onStage = () => undefined }: EmitOptions = {},
): Promise<EmittedModule> {
  const count = countParameters(network);
  if (count > mostParameters)
    throw problem(
      "too-many-parameters",
      `${sizesText(network)} has ${count} parameters; at most ${mostParameters} are emitted`,
      "name a smaller network",
    );
  if (strategy === "unrolled" && count > mostUnrolledParameters) {
    throw problem(
      "too-many-to-unroll",
      `${sizesText(network)} has ${count} parameters; at most ${mostUnrolledParameters} are unrolled`,
      "use --strategy tiled or auto",
    );
  }
  onStage("building the program");
  const program = buildProgram(network, strategy);
  onStage("checking the program exactly");
  certifyProgram(program);
  onStage("formatting");
  const source = await sourceOf(program, version);
  onStage("running the module against the reference");
  await verifyModule(source, program);
  return { source, program };
}

/** The text of the module for a program, without the checks that {@link emitModule} makes before it gives it away. */
export async function sourceOf(program: Program, version: string | undefined): Promise<string> {
  const checks = [
    `exact       the program against the dual-number gradient of the forward equations, ${programCertificate.draws} draws in a prime field`,
    "to the bit  this module against the program, through both doors",
    "64 digits   this module against central differences of the forward equations",
    "types       TypeScript's strictest settings",
  ];
  // The parser `typescript` takes minutes on what `babel-ts` formats in a second.
  return format(printModule(program, version, checks), { parser: "babel-ts", printWidth: 100 });
}
