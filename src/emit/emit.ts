import { countParameters, sizesText } from "../network/index.ts";
import { problem, type Problem } from "../problem.ts";
import {
  batchOf,
  buildProgram,
  certifyBatch,
  certifyProgram,
  parametersOf,
  slowdownOf,
  allowsFastExp,
  usesExp,
  withExp,
  workOf,
  type Exponential,
  type Program,
  type Strategy,
  type Subject,
} from "../program/index.ts";
import { startFinishing } from "./finish.ts";
import { formatSource } from "./format.ts";
import { printModule } from "./print.ts";
import { verifyModule } from "./verify.ts";

export interface EmitOptions {
  /** Named in the header, if given. */
  readonly version?: string | undefined;
  readonly strategy?: Strategy | undefined;
  /** `fast` where it moves the results by at most 4 units in the last place, or not farther from the truth than Math.exp does, if not given. */
  readonly exp?: Exponential | undefined;
  /** Called with the name of each stage as it begins. */
  readonly onStage?: ((stage: string) => void) | undefined;
  /** Called where what is asked for is much slower than what would be chosen. */
  readonly onWarning?: ((warning: Problem) => void) | undefined;
}

/** A module together with the program that it was printed from. */
export interface EmittedModule {
  readonly source: string;
  readonly program: Program;
}

export const mostParameters = 1_000_000;
const mostUnrolledParameters = 25_000;
/** The same in entries that a gradient reads: a network reads about seven for each of its parameters. */
const readsPerParameter = 7;

/**
 * The source of a standalone TypeScript module with the forward pass and the gradient of a network or another
 * model. It has been certified and run before this returns.
 *
 * @throws Problem for one too large to emit; VerificationFailure and Error where a check fails
 */
export async function emitModule(
  subject: Subject,
  { version, strategy, exp, onStage = () => undefined, onWarning = () => undefined }: EmitOptions = {},
): Promise<EmittedModule> {
  refuseSize(subject, strategy);
  onStage("building the program");
  const program = programToEmit(subject, strategy, exp);
  const slowdown = strategy === undefined ? 1 : slowdownOf(program);
  if (slowdown > mostSlowdown) onWarning(slowStrategy(program, slowdown));
  const finishing = startFinishing(printModule(program, version));
  try {
    onStage("checking the program exactly");
    certifyProgram(program);
    certifyBatch(batchOf(program), program);
    onStage("formatting");
    const source = await finishing.source;
    onStage("running the module against the reference");
    await verifyModule(source, program, finishing.inspected);
    return { source, program };
  } finally {
    finishing.end();
  }
}

/** From here on a strategy is said to be slow: less lies within what machines differ by. */
const mostSlowdown = 1.5;

const slowStrategy = ({ task, strategy, procedures }: Program, slowdown: number): Problem =>
  problem(
    "slow-strategy",
    `by the cost model ${task.name} takes ${slowdown.toFixed(1)} times as long ${strategy} as it need take${strategy === "unrolled" && procedures.length > 2 ? `: it is cut into ${procedures.length} functions, since V8 does not optimise one so large, and optimising them takes V8 long` : ""}`,
    `leave out --strategy ${strategy} for the faster one`,
  );

/** The program of the module: what is not asked for is chosen by the strategies' cost, and by what the fast exp changes. */
export function programToEmit(subject: Subject, strategy?: Strategy, exp?: Exponential): Program {
  const program = buildProgram(subject, strategy);
  if (!usesExp(program)) return program;
  return withExp(program, exp ?? (allowsFastExp(program) ? "fast" : "exact"));
}

/**
 * A network's size is known before its equations are derived, which for a large one takes long.
 *
 * @throws Problem for one too large to emit
 */
export function refuseSize(subject: Subject, strategy?: Strategy): void {
  const isNetwork = !("model" in subject);
  const name = isNetwork ? sizesText(subject) : subject.name;
  const parameters = isNetwork ? countParameters(subject) : parametersOf(subject);
  if (parameters > mostParameters)
    throw problem(
      "too-many-parameters",
      `${name} has ${parameters} parameters; at most ${mostParameters} are emitted`,
      isNetwork ? "name a smaller network" : "choose smaller sizes",
    );
  const reads = isNetwork ? parameters * readsPerParameter : workOf(subject);
  if (reads > mostParameters * readsPerParameter)
    throw problem(
      "too-much-work",
      `one gradient of ${name} reads ${reads} numbers; at most ${mostParameters * readsPerParameter} are emitted`,
      "choose smaller sizes",
    );
  if (strategy === "unrolled" && reads > mostUnrolledParameters * readsPerParameter)
    throw problem(
      "too-many-to-unroll",
      isNetwork
        ? `${name} has ${parameters} parameters; at most ${mostUnrolledParameters} are unrolled`
        : `one gradient of ${name} reads ${reads} numbers; at most ${mostUnrolledParameters * readsPerParameter} are unrolled`,
      "use --strategy tiled or auto",
    );
}

/** The text of the module for a program, without the checks that {@link emitModule} makes before it gives it away. */
export const sourceOf = (program: Program, version: string | undefined): Promise<string> =>
  formatSource(printModule(program, version));
