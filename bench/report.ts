import { baseline, contenders, modes, type Contender, type Mode } from "./contenders.ts";
import { goals, type Goal } from "./goals.ts";
import { benchNetwork } from "./networks.ts";
import type { Run, Summary } from "./result.ts";

/**
 * The Markdown report of one run or several: the goals, then every contender at every network, with the ratios of
 * each run side by side.
 *
 * @param plot name of the plot's file, or null where there is none
 */
export function reportOf(runs: readonly Run[], plot: string | null): string {
  const networks = [...new Set(runs.flatMap(({ results }) => results.map(({ network }) => network)))];
  return `${[
    "# Benchmark",
    introduction,
    runs.map(machineLine).join("\n"),
    ...(plot === null ? [] : [`![ns per sample against the number of parameters](${plot})`]),
    "## Goals",
    goalsNote(runs),
    goalsTable(runs, networks),
    ...networks.flatMap((network) => networkSection(runs, network)),
    "## Contenders",
    contendersTable(runs),
  ].join("\n\n")}\n`;
}

const introduction = `Written by \`npm run bench\`. Networks have sigmoid activations and the mean squared error. Every contender runs in a
process of its own; before it is timed, its result is held against the library's reference, computed in 64 digits.
Times are ns per sample: the median of the windows of the best process, the minimum of all windows, and the
interquartile range. Ratios are of medians in the same run.`;

const machineLine = ({ started, machine, settings }: Run, nth: number): string =>
  `- Run ${nth + 1}: ${started.slice(0, 16).replace("T", " ")} UTC · ${machine.cpu}, ${machine.cores} cores · node ${machine.node}, V8 ${machine.v8} · ${machine.cc ?? "no cc"} · ${settings.processes} processes of ${settings.windows} windows of ${settings.window} ms`;

type Timed = Extract<Summary, { status: "timed" }>;

const summaryIn = (run: Run, contender: string, network: string, mode: Mode): Summary | undefined =>
  run.results.find((r) => r.contender === contender && r.network === network && r.mode === mode)?.summary;

function timedIn(run: Run, contender: string, network: string, mode: Mode): Timed | null {
  const found = summaryIn(run, contender, network, mode);
  return found?.status === "timed" ? found : null;
}

const runNames = (runs: readonly Run[]): string =>
  runs.length === 1 ? "" : ` of runs ${runs.map((_, i) => i + 1).join(" · ")}`;

const goalsNote = (runs: readonly Run[]): string =>
  `Forward pass and full gradient of one sample. Ratios${runNames(runs)}, the goal in brackets; ✗ where a run misses it.`;

const fastestGroups = ["loops", "peers"] as const;

function goalsTable(runs: readonly Run[], networks: readonly string[]): string {
  const rows = networks.map((network) => [
    network,
    ...goals.map((goal) => goalCell(runs, goal, network)),
    ...fastestGroups.map((group) => fastestCell(runs, group, network)),
  ]);
  return table(
    [
      "network",
      ...goals.map(({ title }) => title),
      ...fastestGroups.map((group) => `fastest of ${group} / \`backwardOwned()\``),
    ],
    rows,
  );
}

function goalCell(runs: readonly Run[], { over, under, isAtLeast, byNetwork }: Goal, network: string): string {
  const ratios = runs.map((run) => ratioIn(run, over, under, network));
  if (ratios.every((ratio) => ratio === null)) return "–";
  const bound = byNetwork[network];
  const cells = ratios.map((ratio) => {
    if (ratio === null) return "n/a";
    const isMissed = bound !== undefined && (isAtLeast ? ratio < bound : ratio > bound);
    return `${ratio.toFixed(2)}${isMissed ? " ✗" : ""}`;
  });
  return `${cells.join(" · ")}${bound === undefined ? "" : ` (${isAtLeast ? "≥" : "≤"} ${bound})`}`;
}

function ratioIn(run: Run, over: string, under: string, network: string): number | null {
  const [a, b] = [over, under].map((id) => timedIn(run, id, network, "gradient"));
  return a == null || b == null ? null : a.median / b.median;
}

/**
 * The fastest of a group against ours: of peers, whatever they compute, train steps and other losses as well; of
 * loops, those that are written with V8 in mind as well.
 */
function fastestCell(runs: readonly Run[], group: Contender["group"], network: string): string {
  const cells = runs.map((run) => {
    const [other, own] = [fastest(run, group, network), timedIn(run, "ours", network, "gradient")];
    return other === null || own === null ? null : `${(other.median / own.median).toFixed(2)} (${other.name})`;
  });
  return cells.every((cell) => cell === null) ? "–" : cells.map((cell) => cell ?? "n/a").join(" · ");
}

function fastest(run: Run, group: Contender["group"], network: string): { name: string; median: number } | null {
  const found = contenders
    .filter((contender) => contender.group === group)
    .flatMap(({ id, name }) => {
      const timed = timedIn(run, id, network, "gradient");
      return timed === null ? [] : [{ name, median: timed.median }];
    })
    .sort((a, b) => a.median - b.median);
  return found[0] ?? null;
}

const titles: Readonly<Record<Mode, string>> = {
  gradient: "Forward pass and full gradient, one sample",
  forward: "Forward pass alone, one sample",
  batch: "Mean gradient of 32 samples, ns per sample",
};

function networkSection(runs: readonly Run[], network: string): readonly string[] {
  const { parameters } = benchNetwork(network);
  return [
    `## ${network} (${parameters.toLocaleString("en")} parameters)`,
    ...modes.flatMap((mode) => {
      const listed = contenders.filter(({ id }) => runs.some((run) => summaryIn(run, id, network, mode) !== undefined));
      return listed.length === 0 ? [] : [`### ${titles[mode]}`, timesTable(runs, listed, network, mode)];
    }),
  ];
}

function timesTable(runs: readonly Run[], listed: readonly Contender[], network: string, mode: Mode): string {
  const heads = runs.flatMap((_, i) =>
    ["median", "min", "spread", "× loops"].map((head) => (runs.length === 1 ? head : `${head} ${i + 1}`)),
  );
  const rows = listed.map((contender) => [
    nameOf(contender, mode),
    ...runs.flatMap((run) => timeCells(run, contender.id, network, mode)),
    checkCell(runs.flatMap((run) => summaryIn(run, contender.id, network, mode) ?? [])),
  ]);
  return table(["contender", ...heads, "from the reference"], rows);
}

/** What is not a double-precision gradient of the same loss is said to be something else. */
function nameOf({ name, does, loss, precision, group }: Contender, mode: Mode): string {
  const also = [
    ...(precision === "f32" && group !== "ours" ? ["f32"] : []),
    ...(mode === "gradient" && does === "train step" ? ["train step"] : []),
    ...(mode === "gradient" && loss === "binary-cross-entropy" ? ["cross-entropy deltas"] : []),
  ];
  return also.length === 0 ? name : `${name} (${also.join(", ")})`;
}

function timeCells(run: Run, contender: string, network: string, mode: Mode): readonly string[] {
  const timed = timedIn(run, contender, network, mode);
  if (timed === null) return ["n/a", "", "", ""];
  // A batch is compared with loops over samples, which take arguments.
  const base = timedIn(run, mode === "batch" ? batchBaseline : baseline, network, mode);
  const ratio = base === null ? "" : `${(timed.median / base.median).toFixed(2)}x`;
  return [nanoseconds(timed.median), nanoseconds(timed.minimum), `${(100 * timed.spread).toFixed(1)} %`, ratio];
}

const batchBaseline = "loops-arguments";

const nanoseconds = (value: number): string =>
  value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en");

function checkCell(summaries: readonly Summary[]): string {
  const untimed = summaries.find(({ status }) => status !== "timed");
  if (untimed?.status === "unavailable") return untimed.why;
  if (untimed?.status === "wrong") return `not timed: ${untimed.deviation.toExponential(0)} off`;
  return Math.max(...summaries.map((s) => (s.status === "timed" ? s.deviation : 0))).toExponential(0);
}

const losses: Readonly<Record<Contender["loss"], string>> = {
  mse: "of 1/(2k)·Σ(a−y)²",
  "half-squared": "of ½Σ(a−y)²",
  "binary-cross-entropy": "of the cross-entropy, not of the squared error",
};

function contendersTable(runs: readonly Run[]): string {
  const seen = new Set(runs.flatMap(({ results }) => results.map(({ contender }) => contender)));
  const rows = contenders
    .filter(({ id }) => seen.has(id))
    .map((contender) => [
      contender.name,
      originOf(contender),
      Object.values(contender.calls).join(" · "),
      `${contender.does} ${losses[contender.loss]}${contender.does === "train step" ? ", the weights changed as well" : ""}`,
      contender.precision,
    ]);
  return table(["contender", "from", "what is called", "what it computes", "precision"], rows);
}

function originOf({ source }: Contender): string {
  switch (source.kind) {
    case "emitted":
      return `\`${["deltarule emit NETWORK", ...source.options].join(" ")}\``;
    case "loops":
      return "bench/loops.ts";
    case "variable-loops":
      return "bench/variable-loops.ts";
    case "arrays":
      return "bench/arrays.ts";
    case "peer":
      return source.packages.map((name) => `\`${name}\``).join(", ");
    case "roofline":
      return `bench/roofline.ts, \`cc ${source.flags.join(" ")}\``;
  }
}

/** A bar would end a cell. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
