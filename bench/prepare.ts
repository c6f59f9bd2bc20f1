import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import type { Contender, Source } from "./contenders.ts";
import { loopsModule } from "./loops.ts";
import type { BenchNetwork } from "./networks.ts";
import { rooflineSource } from "./roofline.ts";

/** Where a benchmark keeps what it makes. */
export interface Workshop {
  readonly root: string;
  /** Bundles, modules, points, binaries and packages of peers. */
  readonly cache: string;
  readonly hasCompiler: boolean;
}

/** A file to import or to run, none, or why there can be none. */
export type Prepared = { readonly file: string | null } | { readonly why: string };

const emitTimeout = 120_000;

/** Makes the file that a contender's process imports or is: emitted, generated, compiled or installed. */
export async function prepare({ source }: Contender, network: BenchNetwork, shop: Workshop): Promise<Prepared> {
  switch (source.kind) {
    case "emitted":
      return emit(source, network, shop);
    case "loops": {
      const file = join(folder(shop, "modules"), `${network.name}.loops-${source.style}.mjs`);
      writeFileSync(file, loopsModule(network.sizes, source.style));
      return { file };
    }
    case "variable-loops":
    case "arrays":
      return { file: null };
    case "peer":
      return install(source, shop);
    case "roofline":
      return compile(source, network, shop);
  }
}

export function folder({ cache }: Workshop, name: string): string {
  const path = join(cache, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Each network has a file of its own: V8 takes what lies at module level for constant in one instance only. */
async function emit(source: Source & { kind: "emitted" }, network: BenchNetwork, shop: Workshop): Promise<Prepared> {
  const name = [network.name, ...source.options.map((option) => option.replace(/^-+/, ""))].join(".");
  const typed = join(folder(shop, "modules"), `${name}.ts`);
  return once(typed, async () => {
    const command = join(shop.cache, "program/cli/main.mjs");
    const { code, errors } = await run(
      process.execPath,
      [command, "emit", network.name, ...source.options, "-o", typed],
      emitTimeout,
    );
    if (code !== 0) return { why: code === null ? `emitting took over ${emitTimeout / 1000} s` : firstLine(errors) };
    const { code: plain } = await transform(readFileSync(typed, "utf8"), { loader: "ts", target: "node20" });
    const file = typed.replace(/ts$/, "mjs");
    writeFileSync(file, plain);
    return { file };
  });
}

/** Peers are installed apart from our dependencies, without their scripts; their adapters are put beside them. */
async function install({ adapter, packages }: Source & { kind: "peer" }, shop: Workshop): Promise<Prepared> {
  const place = folder(shop, join("peers", packages.join("+").replace(/[^\w.+-]/g, "_")));
  const adapters = join(shop.root, "bench/peers");
  for (const name of readdirSync(adapters)) copyFileSync(join(adapters, name), join(place, name));
  const file = join(place, `${adapter}.mjs`);
  const installed = await once(place, async () => {
    if (existsSync(join(place, "installed.json"))) return { file };
    writeFileSync(join(place, "package.json"), '{ "private": true, "type": "module" }\n');
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error", "--prefix", place];
    const { code, errors } = await run("npm", ["install", ...flags, ...packages], emitTimeout);
    if (code !== 0) return { why: `cannot be installed: ${firstLine(errors)}` };
    writeFileSync(join(place, "installed.json"), JSON.stringify(packages));
    return { file };
  });
  return "why" in installed ? installed : { file };
}

async function compile(
  { roofline, flags }: Source & { kind: "roofline" },
  network: BenchNetwork,
  shop: Workshop,
): Promise<Prepared> {
  if (!shop.hasCompiler) return { why: "no C compiler (cc) is installed" };
  const binary = join(folder(shop, "modules"), `${network.name}.${roofline}`);
  writeFileSync(`${binary}.c`, rooflineSource(network.sizes, roofline));
  const { code, errors } = await run("cc", [...flags, `${binary}.c`, "-o", binary, "-lm"], emitTimeout);
  return code === 0 ? { file: binary } : { why: firstLine(errors) };
}

const made = new Map<string, Promise<Prepared>>();

/** What several contenders share is made once in a run of the program. */
function once(key: string, make: () => Promise<Prepared>): Promise<Prepared> {
  const found = made.get(key) ?? make();
  made.set(key, found);
  return found;
}

const firstLine = (text: string): string => text.trim().split("\n")[0] ?? "";

/** Runs a program to its end or to the end of its time, when the code is null. */
export function run(
  program: string,
  args: readonly string[],
  timeout: number,
): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], timeout, killSignal: "SIGKILL" });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("error", ({ message }) => resolve({ code: 127, output, errors: message }));
    child.on("close", (code) => resolve({ code, output, errors }));
  });
}
