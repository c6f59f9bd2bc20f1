import { spawn, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type BuildFailure } from "esbuild";
import type { CheckProblem, CheckReply, CheckRequest } from "./messages.ts";

export interface Limits {
  readonly seconds: number;
  readonly megabytes: number;
}

const largestFile = 2_000_000;

/**
 * Calls a function of the user's file in a process of its own: bundled, with an empty environment, a time and
 * a memory limit, and Node's permission model where this Node has it. That guards against accidents, not
 * against malice.
 */
export async function runIsolated(
  file: string,
  request: Omit<CheckRequest, "bundle">,
  limits: Limits,
): Promise<CheckReply> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "deltarule-")));
  const release = whenEnded(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const refusal = (await refuseFile(file)) ?? (await bundleAll(file, folder));
    if (refusal !== null) return refusal;
    return await converse(folder, { ...request, bundle: pathToFileURL(join(folder, "user.mjs")).href }, limits);
  } finally {
    release();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs `clean` if this process is ended from outside, which would leave a child or a folder behind. */
function whenEnded(clean: () => void): () => void {
  const handlers = endings.map((signal) => {
    const handler = (): void => {
      clean();
      release();
      process.kill(process.pid, signal);
    };
    process.once(signal, handler);
    return [signal, handler] as const;
  });
  const release = (): void => handlers.forEach(([signal, handler]) => process.off(signal, handler));
  return release;
}

const problem = (code: string, message: string, advice: string): CheckProblem => ({
  kind: "problem",
  code,
  message,
  advice,
});

async function refuseFile(file: string): Promise<CheckProblem | null> {
  const found = await stat(file).catch(() => null);
  if (found === null)
    return problem(
      "file-missing",
      `there is no file ${file}`,
      "name the TypeScript or JavaScript file with the gradient",
    );
  if (!found.isFile())
    return problem("file-kind", `${file} is not a file`, "name the TypeScript or JavaScript file with the gradient");
  if (found.size > largestFile)
    return problem("file-size", `${file} is larger than ${largestFile / 1e6} MB`, "name the source, not a bundle");
  return null;
}

/** CommonJS that a bundle carries along may call require. */
const banner =
  'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);';

async function bundleAll(file: string, folder: string): Promise<CheckProblem | null> {
  const own = fileURLToPath(import.meta.url);
  const childSource = own.replace(/run(\.[jt]s)$/, "child$1");
  const options = {
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "silent",
    banner: { js: banner },
  } as const;
  try {
    await build({ ...options, entryPoints: [file], outfile: join(folder, "user.mjs") });
  } catch (error) {
    const [first] = (error as BuildFailure).errors;
    if (first === undefined) throw error;
    const at =
      first.location === null ? "" : `${first.location.file}:${first.location.line}:${first.location.column + 1}: `;
    const isImport = first.text.startsWith("Could not resolve");
    return problem(
      isImport ? "import-missing" : "syntax",
      `${at}${first.text}`,
      isImport ? "install what the file imports" : "mend the syntax and run the check again",
    );
  }
  await build({ ...options, entryPoints: [childSource], outfile: join(folder, "child.mjs") });
  return null;
}

function permissionFlags(folder: string): string[] {
  const flag = ["--permission", "--experimental-permission"].find((name) =>
    process.allowedNodeEnvironmentFlags.has(name),
  );
  return flag === undefined ? [] : [flag, `--allow-fs-read=${join(folder, "*")}`];
}

function converse(folder: string, request: CheckRequest, limits: Limits): Promise<CheckReply> {
  const flags = ["--no-warnings", `--max-old-space-size=${limits.megabytes}`, ...permissionFlags(folder)];
  const child = spawn(process.execPath, [...flags, join(folder, "child.mjs")], {
    cwd: folder,
    env: {},
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  return new Promise((resolve) => {
    let complaint = "";
    const guards: NodeJS.Timeout[] = [];
    const release = whenEnded(() => child.kill("SIGKILL"));
    const finish = (reply: CheckReply): void => {
      guards.forEach(clearTimeout);
      release();
      child.kill("SIGKILL");
      resolve(reply);
    };
    child.stderr?.on("data", (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-2000)));
    // The checked code may send messages of its own.
    child.on("message", (reply: unknown) => isReply(reply) && finish(reply));
    child.on("error", (error) =>
      finish(
        problem(
          "child-failed",
          `the checking process could not be started: ${error.message}`,
          "see whether this machine can start further processes",
        ),
      ),
    );
    child.on("exit", (code, signal) => finish(exitProblem(code, signal, complaint, limits)));
    guards.push(
      setTimeout(
        () =>
          finish(
            problem(
              "timeout",
              `it did not finish within ${limits.seconds} s`,
              "look for a loop without an end; raise the limit with --timeout",
            ),
          ),
        limits.seconds * 1000,
      ),
    );
    guards.push(setInterval(() => void watchMemory(child, limits, finish), 50));
    child.send(request);
  });
}

const isReply = (message: unknown): message is CheckReply =>
  typeof message === "object" &&
  message !== null &&
  "kind" in message &&
  ((message.kind === "success" && "results" in message && "convention" in message) ||
    (message.kind === "problem" && "code" in message));

async function watchMemory(
  child: ChildProcess,
  { megabytes }: Limits,
  finish: (reply: CheckReply) => void,
): Promise<void> {
  // Typed arrays live outside the heap that --max-old-space-size limits; Linux tells a process's pages.
  const pages = await readFile(`/proc/${child.pid}/statm`, "utf8").then(
    (text) => Number(text.split(" ")[1]),
    () => 0,
  );
  if (pages * 4096 > (megabytes + 256) * 1e6)
    finish(problem("memory", `it uses more than ${megabytes} MB of memory`, memoryAdvice));
}

const memoryAdvice = "look for an array that grows without an end";

function exitProblem(
  code: number | null,
  signal: NodeJS.Signals | null,
  complaint: string,
  { megabytes }: Limits,
): CheckProblem {
  if (/heap out of memory|Allocation failed/i.test(complaint))
    return problem("memory", `it uses more than ${megabytes} MB of memory`, memoryAdvice);
  const last = complaint
    .trim()
    .split("\n")
    .find((line) => /Error/.test(line));
  return problem(
    "ended",
    `its process ended before it answered (${signal ?? `exit code ${code}`})${last === undefined ? "" : `: ${last}`}`,
    "look for process.exit, or for work that fails outside the function",
  );
}
