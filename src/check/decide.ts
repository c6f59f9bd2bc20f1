import { resolve } from "node:path";
import type { Call, CheckProblem, Description, Escape, RunSuccess, Session, Site } from "../implementation/index.ts";
import type { Program } from "../program/index.ts";
import { causeOf, partOf, trialsOf, type AskCallers, type Trials } from "./diagnosis.ts";
import { agreesToDigits, decideExactly, type ExactDraw, type RecordedRun } from "./exact.ts";
import { isSame, type NumericStage } from "./numeric.ts";
import { regionsOf } from "./regions.ts";
import { roundedConstants } from "./replay.ts";
import { spanOf } from "./source.ts";
import type { Cause, VerdictProblem } from "./verdict.ts";

/** What a recorded run has shown. */
export interface Decision {
  readonly verdict: "equal" | "different" | "undecided";
  readonly method: "exact" | "numeric";
  readonly draws: number;
  readonly regions: readonly string[];
  readonly cause: Cause | null;
  readonly notes: readonly string[];
  /** Why nothing was decided. */
  readonly problem: VerdictProblem | null;
}

/** Opens the code anew; if it is recorded, with nodes of which it is asked who computed them. */
export type Open = (isRecorded: boolean, watched?: readonly number[]) => Promise<Session | CheckProblem>;

interface Known {
  readonly open: Open;
  /** The file that is checked. */
  readonly file: string;
  readonly description: Description;
  readonly isDistribution: boolean;
  readonly isNumericallyEqual: boolean;
  /** Is the code's own forward pass that of the network, as far as it has one? */
  readonly hasRightForward: boolean;
}

/** Runs the code once more, recorded, and decides in exact arithmetic. */
export async function decide(program: Program, numeric: NumericStage, known: Known): Promise<Decision> {
  const chosen = callsToRecord(program, numeric);
  const calls = chosen.map((nth) => numeric.plan.calls[nth] as Call);
  const recorded = await runRecorded(program, numeric, known.open, calls);
  if (recorded.reply.kind === "problem" && recorded.reply.escape == null)
    return undecided(unrecorded(recorded.reply.message));
  const ask: AskCallers = async (watched) => {
    const { reply } = await runRecorded(program, numeric, known.open, calls, watched);
    return reply.kind === "problem" ? [] : reply.callers;
  };
  return decideReply(program, numeric, known, chosen, recorded, ask);
}

interface Recorded {
  readonly reply: RunSuccess | CheckProblem;
  readonly sites: readonly Site[];
}

async function runRecorded(
  program: Program,
  numeric: NumericStage,
  open: Open,
  calls: readonly Call[],
  watched: readonly number[] = [],
): Promise<Recorded> {
  const session = await open(true, watched);
  if (session.kind === "problem") return { reply: session, sites: [] };
  try {
    const reply = await session.run({
      sizes: program.task.network?.sizes ?? null,
      layout: program.layout,
      inputs: program.inputs,
      calls,
      manner: numeric.reply.manner,
    });
    return { reply, sites: session.sites };
  } finally {
    await session.close();
  }
}

/** Recording is the dearer the more parameters there are. */
const mostRecorded = 60_000;

/** All points, or one if the network is large; where calls are not independent of each other, those that show how. */
function callsToRecord(
  { parameterCount }: Program,
  { plan, isRepeatable, followsRate }: NumericStage,
): readonly number[] {
  if (!isRepeatable) return plan.telling;
  const [first = 0] = plan.compared;
  const usual = parameterCount * plan.compared.length > mostRecorded ? [first] : plan.compared;
  return followsRate || plan.otherRate === null ? usual : [...usual, plan.otherRate];
}

async function decideReply(
  program: Program,
  numeric: NumericStage,
  { file, description, isDistribution, isNumericallyEqual, hasRightForward }: Known,
  chosen: readonly number[],
  { reply, sites }: Recorded,
  ask: AskCallers,
): Promise<Decision> {
  const escape = reply.escape ?? null;
  if (escape !== null) return undecided(escaped(escape, sites));
  if (reply.kind === "problem") return undecided(unrecorded(reply.message));
  const { recording } = reply;
  if (recording === null) return undecided(unrecorded("nothing was recorded"));
  if (!chosen.every((nth, i) => isSame(numeric.reply.results[nth], reply.results[i]))) return undecided(unlike);
  const run: RecordedRun = {
    calls: chosen.map((nth) => numeric.plan.calls[nth] as Call),
    reply,
    recording,
    isStep: description.isStep,
    isScaleFree: numeric.isScaleFree,
    scale: numeric.scale,
    isSum: description.reduction === "sum",
    isDistribution,
  };
  const draws = decideExactly(program, run);
  if (draws === null) return undecided(withoutValue);
  const regions = regionsOf(recording, sites);
  const isEqual = draws.every(({ equal }) => [...equal.values()].every(Boolean));
  const base = { method: "exact", draws: draws.length, regions, cause: null, notes: [], problem: null } as const;
  const isSteady = numeric.isRepeatable && numeric.followsRate;
  const adapter = description.kind === "adapter" ? resolve(file) : null;
  const explained = async (): Promise<Pick<Decision, "cause" | "notes">> => {
    try {
      const trials = trialsOf(run, draws);
      const cause = await causeOf(program, run, draws, trials, { sites, adapter, ask });
      return { cause, notes: cause === null && isSteady ? unexplained(program, trials, draws) : [] };
    } catch (error) {
      // That it differs is known, whatever becomes of the search for why.
      return { cause: null, notes: [`the search for the mistake failed: ${messageOf(error)}`] };
    }
  };
  // What is right in exact arithmetic may have been computed in single precision on the way.
  if (isEqual && isSteady && hasRightForward && numeric.singleTensors.every(({ equal }) => equal))
    return { ...base, verdict: "equal", notes: isNumericallyEqual ? [] : [inSingle] };
  if (!isNumericallyEqual || !isSteady)
    return {
      ...base,
      verdict: "different",
      ...(isEqual ? alsoDifferent(numeric) : await explained()),
    };
  const numerically = { ...base, verdict: "equal", method: "numeric", draws: 0 } as const;
  if (agreesToDigits(program, run, "exact")) return { ...numerically, notes: [byDigits] };
  const rounded = roundedConstants(recording);
  if (rounded.length > 0 && agreesToDigits(program, run, "rounded")) return { ...numerically, notes: [upTo(rounded)] };
  return { ...undecided(inexact(draws)), regions };
}

function unexplained(program: Program, trials: Trials, draws: readonly ExactDraw[]): readonly string[] {
  const part = partOf(program, trials);
  return [...firstWrong(program, draws), ...(part === null ? [] : [part])];
}

/** Where a gradient that no mistake explains goes wrong first, on the way back from the outputs. */
function firstWrong({ task: { network } }: Program, draws: readonly ExactDraw[]): readonly string[] {
  if (network === null) return [];
  const isWrong = (name: string): boolean => draws.some(({ equal }) => equal.get(name) === false);
  const layers = network.sizes
    .map((_, i) => i + 1)
    .slice(1)
    .reverse();
  const layer = layers.find((l) => isWrong(`W${l}`) || isWrong(`b${l}`));
  if (layer === undefined) return [];
  const above = layer === network.sizes.length ? "" : `; what comes before it on the way back is right`;
  if (isWrong(`b${layer}`) && isWrong(`W${layer}`))
    return [
      `no known mistake explains it; the first quantity that is wrong is δ of layer ${layer} (dW${layer} and db${layer})${above}`,
    ];
  const [wrong, right] = isWrong(`W${layer}`) ? ["W", "b"] : ["b", "W"];
  return [
    `no known mistake explains it; the first quantity that is wrong is d${wrong}${layer}, while d${right}${layer}, made of the same δ, is right${above}`,
  ];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What differs where the gradient is right in exact arithmetic. */
function alsoDifferent({ singleTensors }: NumericStage): Pick<Decision, "cause" | "notes"> {
  const wrong = singleTensors.filter(({ equal }) => !equal);
  if (wrong.length === 0) return { cause: null, notes: [] };
  return { cause: null, notes: [wrong.every(({ name }) => name === "J") ? lossOnly : byRounding] };
}

const undecided = (problem: VerdictProblem): Decision => ({
  verdict: "undecided",
  method: "numeric",
  draws: 0,
  regions: [],
  cause: null,
  notes: [],
  problem,
});

const acceptNumbers = "to accept that the numbers agree, run it with --method numeric";

const unrecorded = (why: string): VerdictProblem => ({
  code: "not-recorded",
  message: `the code could not be followed exactly: ${why}`,
  advice: acceptNumbers,
});

function escaped({ how, site }: Escape, sites: readonly Site[]): VerdictProblem {
  const at = sites[site];
  const where = at === undefined ? "" : ` at ${at.file}:${at.line}:${at.column}`;
  const span = at === undefined ? null : spanOf(at);
  return {
    code: "escape",
    message: `the code could not be followed exactly${where}: ${how}${span === null ? "" : `: ${span.text.trim()}`}`,
    advice: acceptNumbers,
  };
}

const unlike: VerdictProblem = {
  code: "not-reproducible",
  message: "run once more, the code gives other numbers",
  advice: `look for chance or the time of day in it; ${acceptNumbers}`,
};

const withoutValue: VerdictProblem = {
  code: "without-value",
  message: "in exact arithmetic the code divides by zero at every point tried",
  advice: acceptNumbers,
};

const byDigits =
  "exact arithmetic does not know the identities of logarithms and roots on which this rests; both sides agree to 45 of 64 digits at every recorded point";
const inSingle = "some of it is computed in single precision";
const upTo = (constants: readonly string[]): string =>
  `constants of the code are rounded (${constants.slice(0, 3).join(", ")}); up to that both sides agree, evaluated at 64 digits`;
const lossOnly = "the gradient is right; the loss that the code reports (J) is not that which it is the gradient of";
const byRounding =
  "in exact arithmetic both are equal: what differs is lost to rounding, by cancellation or a coarser kind of number";

const inexact = (draws: readonly ExactDraw[]): VerdictProblem => {
  const names = [...(draws[0] as ExactDraw).equal].filter(([, isEqual]) => !isEqual).map(([name]) => `d${name}`);
  return {
    code: "equal-to-rounding",
    message: `the numbers agree to rounding, but not exactly (${names.join(", ")}): a very small term or a rounded constant makes the difference`,
    advice: `look for a small number that is added, such as 1e-12; ${acceptNumbers}`,
  };
};
