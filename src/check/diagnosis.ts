import { double } from "../exact/index.ts";
import type { Call, CallResult, RunSuccess, Site } from "../implementation/index.ts";
import {
  diagnose,
  diagnoseModel,
  explainPart,
  type DiagnosisContext,
  type Trial,
  type TrialCall,
} from "../mistakes/index.ts";
import type { Program } from "../program/index.ts";
import { previousOn, slotsOf, type Exact, type ExactDraw, type RecordedRun } from "./exact.ts";
import { asItIs, givenAt } from "./reference.ts";
import { replay } from "./replay.ts";
import { nodeOf, placeOf, rightValues, watchedWith } from "./locate.ts";
import type { Cause } from "./verdict.ts";

/** The same to rounding. */
const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3);

/** Calls and what they gave, in doubles. */
export function numericTrial(
  calls: readonly Call[],
  results: readonly CallResult[],
  isStep: boolean,
  scale = 1,
): Trial<number> {
  const list = (values: Float64Array): number[] => Array.from(values);
  return {
    arithmetic: double,
    same: isNear,
    calls: calls.map(({ point, rate }, i): TrialCall<number> => {
      const { gradient, output, loss } = results[i] as CallResult;
      return {
        before: previousOn(calls, i),
        ...givenAt(point, asItIs),
        rate: isStep ? rate : null,
        gradient: list(gradient.values).map((value) => value / scale),
        output: output === null ? null : list(output.values),
        loss: loss?.values[0] ?? null,
      };
    }),
  };
}

/** A recorded run as the search for its mistakes takes it. */
export interface Trials {
  readonly context: DiagnosisContext;
  readonly numeric: Trial<number>;
  readonly exact: readonly Trial<Exact>[];
}

export const trialsOf = (run: RecordedRun, draws: readonly ExactDraw[]): Trials => ({
  context: { reduction: run.isSum ? "sum" : "mean", isStep: run.isStep },
  numeric: numericTrial(run.calls, unrounded(run), run.isStep, run.scale),
  exact: draws.map(({ trial }) => trial),
});

/** What explains some of the tensors, where nothing explains all: a note, not the cause. */
export function partOf({ task: { network } }: Program, { context, numeric, exact }: Trials): string | null {
  const part = network === null ? null : explainPart(network, numeric, exact, context);
  if (part === null) return null;
  const names = part.tensors.map((name) => `d${name}`).join(", ");
  return `${names} ${part.tensors.length === 1 ? "is" : "are"} explained by one mistake (${part.finding.message}), the others by none known: mend this one and check again`;
}

/** What the recorded calls give in doubles throughout, where the code itself may round to single precision on the way. */
function unrounded({ calls, reply, recording }: RecordedRun): readonly CallResult[] {
  const slots = calls.map(({ point, rate }) => slotsOf(givenAt(point, asItIs), rate));
  const nodes = replay(recording, double, (call, slot) => slots[call]?.[slot] as number);
  return reply.results.map((result) => {
    const { values, nodes: at } = result.gradient;
    return { ...result, gradient: { nodes: at, values: values.map((value, i) => nodes[at?.[i] ?? -1] ?? value) } };
  });
}

/** Runs the code once more and asks who computes these nodes. */
export type AskCallers = (watched: readonly number[]) => Promise<RunSuccess["callers"]>;

/** The mistake that explains what the code gave in a recorded run, with its place in the source; null where none does. */
export async function causeOf(
  program: Program,
  run: RecordedRun,
  draws: readonly ExactDraw[],
  { context, numeric, exact }: Trials,
  { sites, adapter, ask }: { sites: readonly Site[]; adapter: string | null; ask: AskCallers },
): Promise<Cause | null> {
  const { recording } = run;
  const { network } = program.task;
  const findings =
    network === null
      ? diagnoseModel(program.task, numeric, exact, context)
      : diagnose(network, numeric, exact, context);
  if (findings === null || findings.length === 0) return null;
  const causes: Cause[] = [];
  const draw = draws[0] as ExactDraw;
  const right = rightValues(program, draw);
  for (const finding of findings) {
    const node = nodeOf(finding, run, draw, right, program.layout, sites);
    const site = sites[node === null ? -1 : (recording.sites[node] as number)];
    const where =
      node === null || site === undefined
        ? null
        : placeOf(site, await ask(watchedWith(node, recording, draw, right)), adapter);
    const { id, message, formula, fix } = finding;
    causes.push({ id, message, formula, fix, ...(where === null ? {} : { where }) });
  }
  const [first, ...others] = causes as [Cause, ...Cause[]];
  return { ...first, ...(others.length === 0 ? {} : { also: others }) };
}
