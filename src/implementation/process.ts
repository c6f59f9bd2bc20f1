import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckProblem, Reply, Request, SealedReply } from "./messages.ts";
import type { Limits } from "./session.ts";

type Unsealed<R = Request> = R extends Request ? Omit<R, "token"> : never;

/** The process that runs the checked code. */
export interface Runner {
  /** Asks one question after another. Every way in which the process may fail is an answer; all but a failing call end it. */
  readonly ask: (request: Unsealed) => Promise<Reply>;
  /** Ends the process; resolves when it is gone. */
  readonly end: () => Promise<void>;
  /** Ends it from a handler that may not wait. */
  readonly kill: () => void;
}

/**
 * Starts `program`, which lies in `folder`, with an empty environment, a time and a memory limit, and Node's
 * permission model where this Node has it. That guards against accidents, not against malice.
 */
export function startRunner(program: string, folder: string, limits: Limits): Runner {
  const token = randomUUID();
  const child = launch(program, folder, limits);
  let complaint = "";
  let ended: CheckProblem | null = null;
  let settle: ((reply: Reply) => void) | null = null;
  const finish = (problem: CheckProblem): void => {
    ended ??= problem;
    child.kill("SIGKILL");
    settle?.(ended);
  };
  child.stderr?.on("data", (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-10_000)));
  child.on("message", (message: unknown) => isSealed(message, token) && settle?.(message.reply));
  const watch = setInterval(() => void watchMemory(child, limits, finish), 50);
  const gone = new Promise<void>((resolve) => {
    child.on("error", (error) => {
      finish(problems.unstartable(error));
      if (child.pid === undefined) resolve();
    });
    child.on("close", (code, signal) => {
      clearInterval(watch);
      finish(exitProblem(code, signal, complaint, limits));
      resolve();
    });
  }).finally(() => clearInterval(watch));

  const put = (request: Unsealed): Promise<Reply> =>
    new Promise((resolve) => {
      if (ended !== null) return resolve(ended);
      // This process may itself have been busy while an answer lay waiting: it is read before the second timer.
      const expire = (): void => void (timer = setTimeout(() => finish(problems.timeout(limits)), 100));
      let timer = setTimeout(expire, limits.seconds * 1000);
      settle = (reply) => {
        clearTimeout(timer);
        settle = null;
        resolve(reply);
      };
      // Later requests may be overheard by the checked code, the first cannot.
      child.send(request.kind === "open" ? { ...request, token } : request, (error) => {
        if (error !== null) finish(problems.deaf);
      });
    });
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask: (request) => {
      const reply = last.then(() => put(request));
      last = reply;
      return reply;
    },
    end: () => {
      finish(problems.closed);
      return gone;
    },
    kill: () => child.kill("SIGKILL"),
  };
}

function launch(program: string, folder: string, { megabytes }: Limits): ChildProcess {
  const flags = ["--no-warnings", "--enable-source-maps", `--max-old-space-size=${megabytes}`];
  return spawn(process.execPath, [...flags, ...permissionFlags(folder), program], {
    cwd: folder,
    env: {},
    // What it prints is nobody's concern, but for what Node says when it gives up.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
}

function permissionFlags(folder: string): string[] {
  const flag = ["--permission", "--experimental-permission"].find((name) =>
    process.allowedNodeEnvironmentFlags.has(name),
  );
  return flag === undefined ? [] : [flag, `--allow-fs-read=${join(folder, "*")}`];
}

/** The checked code may send messages of its own. */
const isSealed = (message: unknown, token: string): message is SealedReply =>
  typeof message === "object" && message !== null && "token" in message && message.token === token;

async function watchMemory(
  child: ChildProcess,
  limits: Limits,
  finish: (problem: CheckProblem) => void,
): Promise<void> {
  // Typed arrays live outside the heap that --max-old-space-size limits; Linux tells a process's pages.
  const pages = await readFile(`/proc/${child.pid}/statm`, "utf8").then(
    (text) => Number(text.split(" ")[1]),
    () => 0,
  );
  if (pages * 4096 > (limits.megabytes + 256) * 1e6) finish(problems.memory(limits));
}

const problem = (code: string, message: string, advice: string): CheckProblem => ({
  kind: "problem",
  code,
  message,
  advice,
});

const problems = {
  unstartable: ({ message }: Error) =>
    problem(
      "child-failed",
      `the checking process could not be started: ${message}`,
      "see whether this machine can start further processes",
    ),
  timeout: ({ seconds }: Limits) =>
    problem(
      "timeout",
      `it did not finish within ${seconds} s`,
      "look for a loop without an end; raise the limit with --timeout",
    ),
  memory: ({ megabytes }: Limits) =>
    problem("memory", `it uses more than ${megabytes} MB of memory`, "look for an array that grows without an end"),
  ended: (how: string, last: string) =>
    problem(
      "ended",
      `its process ended before it answered (${how})${last === "" ? "" : `: ${last}`}`,
      "look for process.exit, process.abort or process.kill",
    ),
  deaf: problem(
    "ended",
    "its process no longer listens to the check",
    "look for process.disconnect, or for work that goes on after the call",
  ),
  closed: problem("closed", "the session is closed", "open it anew"),
} as const;

function exitProblem(
  code: number | null,
  signal: NodeJS.Signals | null,
  complaint: string,
  limits: Limits,
): CheckProblem {
  if (/heap out of memory|Allocation failed/i.test(complaint)) return problems.memory(limits);
  const last = complaint.split("\n").find((line) => /^\w*Error\b/.test(line));
  return problems.ended(signal ?? `exit code ${code}`, last?.trim() ?? "");
}
