import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { format } from "prettier";
import { contenders, groups, quickContenders, type Contender } from "./contenders.ts";
import { compilerVersion } from "./machine.ts";
import { benchNetwork, networks, quickNetworks } from "./networks.ts";
import { plotOf } from "./plot.ts";
import type { Workshop } from "./prepare.ts";
import { reportOf } from "./report.ts";
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
  const wanted = values.only?.split(",") ?? (values.quick ? quickContenders : groups);
  const unknown = wanted.filter((name) => !contenders.some((contender) => isNamed(contender, name)));
  if (unknown.length > 0)
    throw new Error(
      `no contender or group is called ${unknown.join(", ")}\n  choose from ${groups.join(", ")}; ${contenders.map(({ id }) => id).join(", ")}`,
    );
  return {
    contenders: contenders.filter((contender) => wanted.some((name) => isNamed(contender, name))),
    networks:
      values.networks?.split(",").map(benchNetwork) ??
      networks.filter(({ name }) => !values.quick || quickNetworks.includes(name)),
    settings: {
      processes: count("processes", values.processes, values.quick ? 2 : 3),
      windows: count("windows", values.windows, 9),
      window: count("window", values.window, 15),
      warmUp: 120,
    },
  };
}

const isNamed = ({ id, group }: Contender, name: string): boolean => name === id || name === group;

function count(name: string, text: string | undefined, otherwise: number): number {
  const found = Number(text ?? otherwise);
  if (!Number.isInteger(found) || found < 1) throw new Error(`--${name} takes a whole number from 1, not ${text}`);
  return found;
}

/** Writes the three files, or prints the report where none are asked for. */
async function deliver(runs: readonly Run[], output: string | undefined): Promise<void> {
  const report = reportOf(runs, output === undefined ? null : baseName(output, ".svg"));
  const text = await format(report, { parser: "markdown" });
  if (output === undefined) return void process.stdout.write(text);
  const files = { ".json": jsonOf({ version: 1, runs }), ".md": text, ".svg": plotOf(runs[0] as Run) };
  for (const [extension, content] of Object.entries(files))
    writeFileSync(output.replace(/(\.json)?$/, extension), content);
  process.stderr.write(`${output}, with the report and the plot beside it\n`);
}

/** One result a line, so that differences between runs can be read. */
function jsonOf({ version, runs }: Benchmark): string {
  const texts = runs.map(({ results, ...run }) => {
    const head = JSON.stringify(run).slice(0, -1);
    return `${head},"results":[\n${results.map((result) => JSON.stringify(result)).join(",\n")}\n]}`;
  });
  return `{"version":${version},"runs":[\n${texts.join(",\n")}\n]}\n`;
}

const baseName = (file: string, extension: string): string =>
  (file.split("/").at(-1) as string).replace(/(\.json)?$/, extension);

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
