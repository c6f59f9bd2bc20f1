import { readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { contenders, groups, modes, quickContenders, type Contender } from "./contenders.ts";
import { filesOf, reportText } from "./files.ts";
import { compilerVersion } from "./machine.ts";
import { benchNetwork, networks, quickNetworks } from "./networks.ts";
import type { Workshop } from "./prepare.ts";
import type { Benchmark, Run } from "./result.ts";
import { measure, type Plan } from "./run.ts";

const help = `npm run bench -- [options]

  (none)             everything; written to docs/benchmark.json, .md and .svg
  --quick            the main contenders at three networks, in under a minute; printed only
  --only LIST        groups (${groups.join(", ")}) or contenders, separated by commas
  --networks LIST    such as 2-3-1,784-30-10
  --runs N           so many runs, one after the other
  --processes N      of each contender
  --windows N        timed in each process
  --window MS        length of each
  -o, --output FILE  .json; the report and the plot are written beside it
  --render FILE…     no timing: the report and the plot of the runs in these files
`;

const root = resolve(process.argv[2] as string);
async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      networks: { type: "string" },
      runs: { type: "string", default: "1" },
      processes: { type: "string" },
      windows: { type: "string" },
      window: { type: "string" },
      output: { type: "string", short: "o" },
      render: { type: "boolean", default: false },
    },
  });
  if (values.help === true) return void process.stdout.write(help);
  const isWhole = !values.quick && values.only === undefined && values.networks === undefined;
  const output = values.output ?? (isWhole || values.render ? join(root, "docs/benchmark.json") : undefined);
  if (values.render) {
    const files = positionals.length > 0 ? positionals : [join(root, "docs/benchmark.json")];
    return await deliver(
      files.flatMap((file) => (JSON.parse(readFileSync(file, "utf8")) as Benchmark).runs),
      output,
    );
  }
  const shop: Workshop = {
    root,
    cache: join(root, "node_modules/.cache/deltarule-bench"),
    hasCompiler: (await compilerVersion()) !== null,
  };
  const plan = planOf(values);
  const runs: Run[] = [];
  for (let nth = 1; nth <= count("runs", values.runs, 1); nth++) runs.push(await measure(plan, shop, say));
  say("");
  await deliver(runs, output);
}

function planOf(values: {
  quick: boolean;
  only?: string;
  networks?: string;
  processes?: string;
  windows?: string;
  window?: string;
}): Plan {
  return {
    contenders: values.only === undefined ? defaultContenders(values.quick) : contendersNamed(values.only.split(",")),
    modes: values.quick ? ["gradient"] : modes,
    networks:
      values.networks?.split(",").map(benchNetwork) ??
      networks.filter(({ name }) => !values.quick || quickNetworks.includes(name)),
    settings: {
      processes: count("processes", values.processes, values.quick ? 2 : 3),
      windows: count("windows", values.windows, 21),
      window: count("window", values.window, 5),
      warmUp: 120,
    },
  };
}

const defaultContenders = (isQuick: boolean): readonly Contender[] =>
  contenders.filter(({ id }) => !isQuick || quickContenders.includes(id));

/** A name is a group's, or else a contender's. */
function contendersNamed(names: readonly string[]): readonly Contender[] {
  const isNamed = ({ id, group }: Contender, name: string): boolean =>
    (groups as readonly string[]).includes(name) ? group === name : id === name;
  const unknown = names.filter((name) => !contenders.some((contender) => isNamed(contender, name)));
  if (unknown.length > 0)
    throw new Error(
      `no contender or group is called ${unknown.join(", ")}\n  choose from ${groups.join(", ")}; ${contenders.map(({ id }) => id).join(", ")}`,
    );
  return contenders.filter((contender) => names.some((name) => isNamed(contender, name)));
}

function count(name: string, text: string | undefined, otherwise: number): number {
  const found = Number(text ?? otherwise);
  if (!Number.isInteger(found) || found < 1) throw new Error(`--${name} takes a whole number from 1, not ${text}`);
  return found;
}

/** Writes the three files, or prints the report where none are asked for. */
async function deliver(runs: readonly Run[], output: string | undefined): Promise<void> {
  if (output === undefined) return void process.stdout.write(await reportText(runs, null));
  const files = await filesOf(runs, basename(output, ".json"));
  for (const [extension, text] of Object.entries(files)) writeFileSync(output.replace(/(\.json)?$/, extension), text);
  process.stderr.write(`${output}, with the report and the plot beside it\n`);
}

/** Progress, on a terminal only: each line takes the place of the one before. */
function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

try {
  await main(process.argv.slice(3));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
