import { relative, resolve } from "node:path";
import type { Residues } from "../exact/index.ts";
import type { CodeLine, Recording, RunSuccess, Site } from "../implementation/index.ts";
import type { LocatedFinding } from "../mistakes/index.ts";
import type { Placement } from "../program/index.ts";
import type { Exact, ExactDraw, RecordedRun } from "./exact.ts";
import { operations } from "../implementation/index.ts";
import { lineOf, spanOf } from "./source.ts";
import type { SourceSpan } from "./verdict.ts";

/** Numbers as keys: two are the same where their residues in the highest field are. */
const keyOf = (exact: Residues): bigint => exact.at(-1) as bigint;

/**
 * The node at which the code first computes the wrong quantity of a finding, or null where it computes no such number
 * by itself. A place in the code tells more than one in a library that it calls.
 */
export function nodeOf(
  finding: LocatedFinding<Exact>,
  run: RecordedRun,
  { nodes, trial }: ExactDraw,
  layout: readonly Placement[],
  sites: readonly Site[],
): number | null {
  const { arithmetic, calls } = trial;
  const whole = (n: number): Exact => arithmetic.constant({ numerator: BigInt(n), denominator: 1n });
  const [first] = calls;
  const rate = first?.rate ?? null;
  const count = whole(first?.samples.length ?? 1);
  const negated = (value: Exact): Exact => arithmetic.subtract(whole(0), value);
  const firsts = firstNodes(nodes, run.recording, sites);
  const values = finding.values.filter(({ exact }) => keyOf(exact) !== 0n);
  const find = (as: (value: Exact) => Exact): number | undefined =>
    values.map((value) => firsts.get(keyOf(as(value).exact))).find((node) => node !== undefined);
  const root = rootOf(finding.wrong, run, layout, sites);
  const scaled = [
    ...(rate === null ? [] : [(v: Exact) => arithmetic.multiply(v, rate)]),
    (v: Exact) => arithmetic.multiply(v, count),
    (v: Exact) => arithmetic.divide(v, count),
  ];
  return (
    find((value) => value) ??
    root ??
    find(negated) ??
    scaled.map((scale) => find(scale) ?? find((value) => negated(scale(value)))).find((node) => node !== undefined) ??
    null
  );
}

/** The first node in the code with each value, or in a library where the code has none. */
function firstNodes(
  nodes: ExactDraw["nodes"],
  { sites: at }: Recording,
  sites: readonly Site[],
): ReadonlyMap<bigint, number> {
  const [own, library] = [new Map<bigint, number>(), new Map<bigint, number>()];
  for (const [node, value] of nodes.entries()) {
    const site = sites[at[node] as number];
    if (site === undefined || value === null) continue;
    const found = isLibrary(site.file) ? library : own;
    if (!found.has(keyOf(value))) found.set(keyOf(value), node);
  }
  return new Map([...library, ...own]);
}

const isLibrary = (file: string): boolean => /[\\/]?node_modules[\\/]/.test(file);

/** The node of the first entry of a tensor's gradient; of a step, that of the weight after it. */
function rootOf(
  wrong: string,
  { reply, recording, isStep }: RecordedRun,
  layout: readonly Placement[],
  sites: readonly Site[],
): number | null {
  const placement = layout.find(({ name }) => name === wrong);
  let node = reply.results[0]?.gradient.nodes?.[placement?.offset ?? -1];
  // (before − after)/rate: the operations of the reading have no place of their own.
  while (isStep && node !== undefined && sites[recording.sites[node] as number] === undefined) {
    const name = operations[recording.operations[node] as number];
    if (name === "divide") node = recording.left[node];
    else if (name === "subtract") node = recording.right[node];
    else return null;
  }
  return node === undefined || sites[recording.sites[node] as number] === undefined ? null : node;
}

/** Nodes of one place of which it is asked who computed them, at the most. */
const mostWatched = 40;

/** The node and others of its place, from all over the run: whether they are computed for the same line shows what it is. */
export function watchedWith(node: number, { sites }: Recording): readonly number[] {
  const same = [...sites.keys()].filter((other) => sites[other] === sites[node] && other !== node);
  const every = Math.max(1, Math.ceil(same.length / mostWatched));
  return [node, ...same.filter((_, i) => i % every === 0)];
}

/**
 * The line in which the mistake is: where the value is computed, or if that is in a function that several lines call,
 * the line that calls it for this value.
 *
 * @param callers of the nodes watched, the first of which is the one sought
 * @param adapter the file that says how the code is reached, which is not where its mistakes are
 */
export function placeOf(site: Site, callers: RunSuccess["callers"], adapter: string | null): SourceSpan | null {
  const [own = [], ...others] = callers.map((lines) => lines.filter(({ file }) => file !== adapter));
  let level = 0;
  for (let next = 1; next < own.length; next++) {
    const isShared = others.some((lines) => isSameUpTo(own, lines, next) && !isSameLine(own[next], lines[next]));
    const isOwn = !isLibrary((own[next] as CodeLine).file);
    if (!isOwn) continue;
    const isInLibrary = isLibrary((own[level] as CodeLine).file);
    if (!isShared && !isInLibrary) break;
    level = next;
  }
  const line = own[level];
  if (level === 0 || line === undefined) return spanOf(site);
  return lineOf(relative(process.cwd(), resolve(line.file)), line.line);
}

const isSameLine = (a: CodeLine | undefined, b: CodeLine | undefined): boolean =>
  a !== undefined && b !== undefined && a.file === b.file && a.line === b.line;

const isSameUpTo = (a: readonly CodeLine[], b: readonly CodeLine[], end: number): boolean =>
  a.slice(0, end).every((line, i) => isSameLine(line, b[i])) && b.length > end;
