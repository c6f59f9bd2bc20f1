import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "./child.ts";
import { limitOf, toleranceOf, type Contender, type Mode } from "./contenders.ts";
import { machineOf } from "./machine.ts";
import type { BenchNetwork } from "./networks.ts";
import { batchSize, makePoint, packPoint } from "./point.ts";
import { folder, prepare, run, type Prepared, type Workshop } from "./prepare.ts";
import { summarise, type Result, type Run, type Settings, type Timing } from "./result.ts";

export interface Plan {
  readonly contenders: readonly Contender[];
  readonly modes: readonly Mode[];
  readonly networks: readonly BenchNetwork[];
  readonly settings: Settings;
}

/** A contender at one of its modes, at one network, with what its processes have found so far. */
interface Entry {
  readonly contender: Contender;
  readonly mode: Mode;
  readonly prepared: Prepared;
  readonly timings: Timing[];
  slowest: number;
}

/** A process that takes longer than this is stopped. */
const timeout = 60_000;
/** One that takes longer than this is not repeated. */
const patience = 10_000;

/**
 * Times every contender at every network: all contenders of a network once, then all of them again, so that a
 * disturbance of the machine does not hit all processes of one. One process runs at a time.
 */
export async function measure(plan: Plan, shop: Workshop, say: (text: string) => void): Promise<Run> {
  const started = new Date().toISOString();
  const results: Result[] = [];
  for (const network of plan.networks) {
    say(`${network.name}: reference`);
    const point = join(folder(shop, "points"), `${network.name}.bin`);
    writeFileSync(point, new Uint8Array(packPoint(makePoint(network), network.sizes).buffer));
    const entries = await entriesOf(plan, network, shop, say);
    for (let round = 1; round <= plan.settings.processes; round++)
      for (const entry of entries) {
        if (!isDue(entry, round, plan.settings)) continue;
        say(`${network.name}: ${entry.contender.name}, ${entry.mode} (${round} of ${plan.settings.processes})`);
        const before = performance.now();
        entry.timings.push(await time(entry, network, point, plan.settings, shop));
        entry.slowest = Math.max(entry.slowest, performance.now() - before);
      }
    results.push(
      ...entries.map(({ contender, mode, timings }) => ({
        contender: contender.id,
        network: network.name,
        mode,
        summary: summarise(timings),
      })),
    );
  }
  return { started, machine: await machineOf(), settings: plan.settings, results };
}

/** Peers take long to start, and ratios are of gradients: the others have half the processes, at least one. */
function isDue({ contender, mode, timings, slowest }: Entry, round: number, { processes }: Settings): boolean {
  const share = (contender.group === "peers" ? 0.5 : 1) * (mode === "gradient" ? 1 : 0.5);
  return (
    round <= Math.ceil(processes * share) && slowest < patience && timings.every(({ status }) => status === "timed")
  );
}

/** What is made is made at the same time, since nothing is clocked yet. */
async function entriesOf(
  { contenders, modes }: Plan,
  network: BenchNetwork,
  shop: Workshop,
  say: (text: string) => void,
): Promise<readonly Entry[]> {
  let left = contenders.length;
  const made = contenders.map(async (contender): Promise<readonly Entry[]> => {
    const called = modes.filter((mode) => contender.calls[mode] !== undefined);
    const limits = called.map((mode) => limitOf(contender, mode, network));
    const prepared = limits.includes(null) ? await prepare(contender, network, shop) : null;
    say(`${network.name}: emitting, compiling, installing (${--left} left)`);
    return called.map((mode, i) => {
      const why = limits[i] ?? null;
      const given = prepared === null || why !== null ? { why: why ?? "" } : prepared;
      return { contender, mode, prepared: given, timings: [], slowest: 0 };
    });
  });
  return (await Promise.all(made)).flat();
}

async function time(
  { contender, mode, prepared }: Entry,
  { sizes }: BenchNetwork,
  point: string,
  settings: Settings,
  shop: Workshop,
): Promise<Timing> {
  if ("why" in prepared) return { status: "unavailable", why: prepared.why };
  if (contender.source.kind === "roofline")
    return timeRoofline(contender, prepared.file as string, mode, point, settings);
  const job: Job = { contender, mode, sizes, point, module: prepared.file, settings };
  const child = join(shop.cache, "program/bench/child.mjs");
  const { code, output, errors } = await run(process.execPath, [child, JSON.stringify(job)], timeout);
  if (code === 0) return lastObject(output);
  return { status: "unavailable", why: failure(code, errors) };
}

/** A peer may print, too; the timing comes last. */
const lastObject = (output: string): Timing => JSON.parse(output.slice(output.lastIndexOf('{"status"'))) as Timing;

/** The line of a stack that says what went wrong. */
function failure(code: number | null, errors: string): string {
  if (code === null) return `took over ${timeout / 1000} s`;
  const lines = errors.trim().split("\n");
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? `exit code ${code}`).slice(0, 200);
}

async function timeRoofline(
  contender: Contender,
  binary: string,
  mode: Mode,
  point: string,
  { warmUp, windows, window }: Settings,
): Promise<Timing> {
  const args = [point, mode, ...[warmUp, windows, window].map(String)];
  const { code, output } = await run(binary, args, timeout);
  if (code !== 0) return { status: "unavailable", why: failure(code, "") };
  const [deviation = NaN, ...times] = output.trim().split("\n").map(Number);
  if (!(deviation <= toleranceOf(contender))) return { status: "wrong", deviation };
  const samples = mode === "batch" ? batchSize : 1;
  return { status: "timed", deviation, windows: times.map((ns) => ns / samples) };
}
