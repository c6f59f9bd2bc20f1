import { build } from "esbuild";
import { fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Escape, Recording, Site } from "../../src/implementation/recording.ts";
import { recordingPlugin } from "../../src/implementation/rewrite.ts";

export interface Source {
  readonly text: string;
  /** How the file is named: ts, mts, cjs, … */
  readonly extension: string;
}

/** What the source's `run` gave, flat: numbers as they are, all else as text. */
export interface Outcome {
  readonly leaves: readonly (number | string)[];
  /** The node of each leaf that is a number; −1 for the others. */
  readonly nodes: readonly number[];
  readonly recording: Recording;
  readonly escape: Escape | null;
  readonly thrown: string | null;
  /** What the source printed. */
  readonly printed: string;
}

export interface Ran {
  readonly plain: Outcome;
  /** Plain, at inputs a little further on. */
  readonly moved: Outcome;
  readonly recorded: Outcome;
  readonly sites: readonly Site[];
}

/** Runs each source's `run(inputs)` as it is and recorded, in processes of their own. */
export async function runAll(
  sources: readonly Source[],
  inputs: readonly number[],
  movedInputs: readonly number[],
): Promise<readonly Ran[]> {
  const folder = await mkdtemp(join(tmpdir(), "deltarule-recorder-"));
  try {
    const files = sources.map(({ extension }, i) => join(folder, `source-${i}.${extension}`));
    await Promise.all(files.map((file, i) => writeFile(file, sources[i]?.text ?? "")));
    const options = { bundle: true, platform: "node", format: "esm", target: "node20", logLevel: "silent" } as const;
    await build({
      ...options,
      stdin: { contents: child, resolveDir: here, loader: "ts" },
      outfile: join(folder, "child.mjs"),
    });
    const { plugin, sites } = recordingPlugin();
    const nodePaths = [fileURLToPath(new URL("../../node_modules", import.meta.url))];
    const bundles = { ...options, entryPoints: files, nodePaths, outExtension: { ".js": ".mjs" } };
    await build({ ...bundles, outdir: join(folder, "plain") });
    await build({ ...bundles, outdir: join(folder, "recorded"), plugins: [plugin] });
    const run = (kind: "plain" | "recorded", at: readonly number[]): Promise<readonly Outcome[]> =>
      ask(join(folder, "child.mjs"), {
        isRecorded: kind === "recorded",
        bundles: sources.map((_, i) => join(folder, kind, `source-${i}.mjs`)),
        inputs: at,
      });
    const [plain, moved, recorded] = await Promise.all([
      run("plain", inputs),
      run("plain", movedInputs),
      run("recorded", inputs),
    ]);
    return sources.map((_, i) => ({
      plain: plain[i] as Outcome,
      moved: moved[i] as Outcome,
      recorded: recorded[i] as Outcome,
      sites: sites(),
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const here = fileURLToPath(new URL(".", import.meta.url));

function ask(script: string, question: object): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    const process = fork(script, [], { serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
    process.once("message", (answer) => resolve(answer as readonly Outcome[]));
    process.once("error", reject);
    process.once("exit", (code) => reject(new Error(`ended with ${code} before it answered`)));
    process.send(question);
  });
}

const child = `
import { installRecorder } from "../../src/implementation/recorder.ts";

process.once("message", async ({ isRecorded, bundles, inputs }) => {
  const answers = [];
  for (const bundle of bundles) answers.push(await runOne(bundle, isRecorded ? installRecorder() : null, inputs));
  process.send(answers, () => process.exit());
});

async function runOne(bundle, recorder, inputs) {
  let printed = "";
  const write = process.stdout.write;
  process.stdout.write = (text) => ((printed += text), true);
  let given = [];
  let thrown = null;
  try {
    const module = await import(bundle);
    const run = module.run ?? module.default.run;
    given = leavesOf(await run(inputs.map((x, i) => recorder?.input(0, i, x) ?? x)), recorder);
  } catch (error) {
    thrown = error?.name === "EscapeError" ? error.message : String(error?.stack ?? error);
  }
  process.stdout.write = write;
  return {
    leaves: given.map((x) => (isNumber(x, recorder) ? (recorder?.valueOf(x) ?? x) : String(x))),
    nodes: given.map((x) => (recorder !== null && isNumber(x, recorder) ? recorder.nodeOf(x) : -1)),
    recording: recorder?.recording() ?? null,
    escape: recorder?.escape() ?? null,
    thrown,
    printed,
  };
}

const isNumber = (x, recorder) => typeof x === "number" || (recorder?.isRecorded(x) ?? false);

function leavesOf(x, recorder) {
  if (typeof x !== "object" || x === null || isNumber(x, recorder)) return [x];
  const isList = Array.isArray(x) || ArrayBuffer.isView(x);
  const members = isList ? Array.from(x) : Object.entries(x).flat();
  return members.flatMap((each) => leavesOf(each, recorder));
}
`;
