import { double } from "../exact/index.ts";
import type { Call, CallResult, Site } from "../implementation/index.ts";
import {
  diagnose,
  diagnoseModel,
  type DiagnosisContext,
  type LocatedFinding,
  type Trial,
  type TrialCall,
} from "../mistakes/index.ts";
import type { Program } from "../program/index.ts";
import { previousOn, type Exact, type ExactDraw, type RecordedRun } from "./exact.ts";
import { spanOf } from "./source.ts";
import type { Cause } from "./verdict.ts";

/** Numbers are the same to rounding: what is found so is then confirmed by exact ones. */
const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-6);

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
        theta: list(point.theta),
        samples: point.samples.map((sample) => sample.map(list)),
        rate: isStep ? rate : null,
        gradient: list(gradient.values).map((value) => value / scale),
        output: output === null ? null : list(output.values),
        loss: loss?.values[0] ?? null,
      };
    }),
  };
}

/** The mistake that explains what the code gave in a recorded run, with its place in the source; null where none does. */
export function causeOf(
  program: Program,
  { calls, reply, recording, isStep, isSum }: RecordedRun,
  draws: readonly ExactDraw[],
  sites: readonly Site[],
): Cause | null {
  const context: DiagnosisContext = { reduction: isSum ? "sum" : "mean", isStep };
  const numeric = numericTrial(calls, reply.results, isStep);
  const exact = draws.map(({ trial }) => trial);
  const { network } = program.task;
  const findings =
    network === null
      ? diagnoseModel(program.task, numeric, exact, context)
      : diagnose(network, numeric, exact, context);
  const [first, ...others] = findings ?? [];
  if (first === undefined) return null;
  const draw = draws[0] as ExactDraw;
  const located = (finding: LocatedFinding<Exact>): Cause => {
    const site = siteOf(finding, draw, recording.sites, sites);
    const where = site === null ? null : spanOf(site);
    const { id, message, formula, fix } = finding;
    return { id, message, formula, fix, ...(where === null ? {} : { where }) };
  };
  return { ...located(first), ...(others.length === 0 ? {} : { also: others.map(located) }) };
}

/**
 * Where the code first computes a value of the wrong quantity, or its opposite: many compute y − a and add the step.
 * A place in the code itself tells more than one in a library that it calls.
 */
function siteOf(
  { values }: LocatedFinding<Exact>,
  { nodes, same, trial }: ExactDraw,
  at: Int32Array,
  sites: readonly Site[],
): Site | null {
  const zero = trial.arithmetic.constant({ numerator: 0n, denominator: 1n });
  let inLibrary: Site | null = null;
  for (const value of values)
    for (const { exact } of [value, trial.arithmetic.subtract(zero, value)])
      for (const [node, found] of nodes.entries()) {
        const site = sites[at[node] as number];
        if (site === undefined || found === null || !same(found, exact)) continue;
        if (!site.file.includes("node_modules")) return site;
        inLibrary ??= site;
      }
  return inLibrary;
}
