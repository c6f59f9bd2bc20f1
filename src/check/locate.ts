import { relative, resolve } from "node:path";
import type { Residues } from "../exact/index.ts";
import type { CodeLine, Recording, RunSuccess, Site } from "../implementation/index.ts";
import type { LocatedFinding } from "../mistakes/index.ts";
import type { Placement, Program } from "../program/index.ts";
import type { Exact, ExactDraw, RecordedRun } from "./exact.ts";
import { operations } from "../implementation/index.ts";
import { variablesAt } from "./reference.ts";
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
  right: ReadonlySet<bigint>,
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
  const all = finding.values.filter(({ exact }) => keyOf(exact) !== 0n);
  // What is computed rightly and taken for something else is no mistake where it is computed, unless nothing else is.
  const values = all.filter(({ exact }) => !right.has(keyOf(exact)));
  const find = (as: (value: Exact) => Exact, among = values): number | undefined =>
    among.map((value) => firsts.get(keyOf(as(value).exact))).find((node) => node !== undefined);
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
    find((value) => value, all) ??
    null
  );
}

/** The first node in the code with each value, or in a library where the code has none. */
function firstNodes(
  nodes: ExactDraw["nodes"],
  { operations: codes, sites: at }: Recording,
  sites: readonly Site[],
): ReadonlyMap<bigint, number> {
  const [own, library] = [new Map<bigint, number>(), new Map<bigint, number>()];
  for (const [node, value] of nodes.entries()) {
    const site = sites[at[node] as number];
    if (site === undefined || value === null || isGiven(codes, node)) continue;
    const found = isLibrary(site.file) ? library : own;
    if (!found.has(keyOf(value))) found.set(keyOf(value), node);
  }
  return new Map([...library, ...own]);
}

/** Inputs and constants are computed nowhere. */
const isGiven = (codes: Uint8Array, node: number): boolean =>
  ["input", "constant"].includes(operations[codes[node] as number] as string);

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
  if (node === undefined || isGiven(recording.operations, node)) return null;
  return sites[recording.sites[node] as number] === undefined ? null : node;
}

/** Nodes of one place of which it is asked who computed them, at the most. */
const mostWatched = 40;

/**
 * The node, and others of its place that right values are made of: where those are computed for other lines, the place
 * is in a function that is not to blame.
 */
export function watchedWith(
  node: number,
  recording: Recording,
  { nodes }: ExactDraw,
  right: ReadonlySet<bigint>,
): readonly number[] {
  const { sites } = recording;
  const isPart = partsOf(recording, nodes, right);
  const others = [...sites.keys()].filter((other) => isPart[other] === 1 && sites[other] === sites[node]);
  const every = Math.max(1, Math.ceil(others.length / mostWatched));
  return [node, ...others.filter((_, i) => i % every === 0)];
}

/** Marks the nodes of right values and all that they are computed from. */
function partsOf(
  { operations: codes, left, right: other }: Recording,
  nodes: ExactDraw["nodes"],
  right: ReadonlySet<bigint>,
): Uint8Array {
  const marks = Uint8Array.from(nodes, (value) => (value !== null && right.has(keyOf(value)) ? 1 : 0));
  for (let node = codes.length - 1; node >= 0; node--) {
    if (marks[node] === 0 || isGiven(codes, node)) continue;
    for (const operand of [left[node] as number, other[node] as number]) if (operand >= 0) marks[operand] = 1;
  }
  return marks;
}

/** All that the first call computes on the way when it is right, as far as its gradient is. */
export function rightValues(program: Program, { trial, equal }: ExactDraw): ReadonlySet<bigint> {
  const { arithmetic } = trial;
  const [call] = trial.calls;
  if (call === undefined) return new Set();
  const tensors = new Set([...program.inputs.map(({ key }) => key), ...program.layout.map(({ name }) => name)]);
  const values = variablesAt(program, call, arithmetic).flatMap((known) =>
    [...known].flatMap(([key, entries]) => (tensors.has(key) ? [] : entries)),
  );
  const { rate } = call;
  const gradient = program.layout
    .filter(({ name }) => equal.get(name) === true)
    .flatMap(({ offset, rows, columns }) =>
      call.gradient.slice(offset, offset + rows * columns).flatMap((g, i) => {
        const before = call.theta[offset + i] as Exact;
        return rate === null ? [g] : [g, arithmetic.subtract(before, arithmetic.multiply(rate, g))];
      }),
    );
  return new Set([...values, ...gradient].map(({ exact }) => keyOf(exact)).filter((key) => key !== 0n));
}

/**
 * The line in which the mistake is: where the value is computed, or if that is in a function that computes right values
 * for other lines, the line that calls it for this one.
 *
 * @param callers of the nodes watched, the first of which is the one sought
 * @param adapter the file that says how the code is reached, which is not where its mistakes are
 */
export function placeOf(site: Site, callers: RunSuccess["callers"], adapter: string | null): SourceSpan | null {
  const [own = [], ...others] = callers.map((lines) => withoutRepeats(lines.filter(({ file }) => file !== adapter)));
  const apart = others.map((lines) => own.findIndex((line, i) => !isSameLine(line, lines[i])));
  // Of a function that the mistake and right values are both made by, the caller is to blame.
  const shared = Math.max(0, ...apart.filter((level) => level > 0 && level < own.length));
  const level = own.findIndex(({ file }, i) => i >= shared && !isLibrary(file));
  const line = own[level];
  if (level <= 0 || line === undefined) return spanOf(site);
  return lineOf(relative(process.cwd(), resolve(line.file)), line.line);
}

/** A function within a line is called by the line itself. */
const withoutRepeats = (lines: readonly CodeLine[]): readonly CodeLine[] =>
  lines.filter((line, i) => !isSameLine(line, lines[i - 1]));

const isSameLine = (a: CodeLine | undefined, b: CodeLine | undefined): boolean =>
  a !== undefined && b !== undefined && a.file === b.file && a.line === b.line;
