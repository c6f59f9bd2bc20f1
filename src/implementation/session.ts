import { rmSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { bundleChild, bundleUser } from "./bundle.ts";
import type { Description } from "./describe.ts";
import type { CheckProblem, Reply, Request, RunSuccess } from "./messages.ts";
import { whenEnded } from "./ending.ts";
import { startRunner } from "./process.ts";
import type { Site } from "./recording.ts";
import { refuseFile } from "./source-file.ts";

export interface Limits {
  /** For each question to the process: to load the code, or to make a list of calls. */
  readonly seconds: number;
  readonly megabytes: number;
}

/** The checked code, loaded in a process of its own. */
export interface Session {
  readonly kind: "session";
  readonly description: Description;
  /** The places that recorded operations refer to; none where nothing is recorded. */
  readonly sites: readonly Site[];
  /**
   * Makes calls; several lists of them wait for one another. A call that fails is a problem, after which others may
   * be made; one that breaks a limit or ends the process is the answer to all that follow.
   */
  readonly run: (request: Omit<Extract<Request, { kind: "run" }>, "kind">) => Promise<RunSuccess | CheckProblem>;
  /** Ends the process and removes what it left. */
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  readonly exportName: string | null;
  readonly limits: Limits;
  /** Is every operation on the inputs to be recorded? */
  readonly isRecorded: boolean;
  /** Nodes of an earlier recorded run of the same calls, of which it is asked who computed them. */
  readonly watched?: readonly number[];
}

/**
 * Loads hand-written code, a function or an adapter, in a process of its own, with a time and a memory limit and
 * without files, network or environment. Whatever goes wrong is a problem, and leaves nothing behind; a session is
 * to be closed.
 */
export async function openImplementation(file: string, options: OpenOptions): Promise<Session | CheckProblem> {
  const refusal = await refuseFile(file);
  if (refusal !== null) return refusal;
  const folder = await realpath(await mkdtemp(join(tmpdir(), "deltarule-")));
  const removal = { recursive: true, force: true, maxRetries: 3 } as const;
  const release = whenEnded(() => rmSync(folder, removal));
  const remove = async (): Promise<void> => {
    await rm(folder, removal);
    release();
  };
  try {
    const opened = await openIn(folder, resolve(file), options, remove);
    if (opened.kind === "problem") await remove();
    return opened;
  } catch (error) {
    await remove();
    throw error;
  }
}

async function openIn(
  folder: string,
  file: string,
  { exportName, limits, isRecorded, watched = [] }: OpenOptions,
  remove: () => Promise<void>,
): Promise<Session | CheckProblem> {
  // Loaded where it is needed: it takes half a second.
  const recording = isRecorded ? (await import("./rewrite.ts")).recordingPlugin() : null;
  const bundle = await bundleUser(file, folder, recording === null ? [] : [recording.plugin]);
  if (typeof bundle !== "string") return bundle;
  const runner = startRunner(await bundleChild(folder), folder, limits);
  const release = whenEnded(runner.kill);
  const end = async (): Promise<void> => {
    await runner.end();
    release();
  };
  const opened = await runner.ask({ kind: "open", bundle, exportName, isRecorded, watched });
  if (opened.kind !== "open") {
    await end();
    return asProblem(opened, file);
  }
  return {
    kind: "session",
    description: opened.description,
    sites: recording?.sites() ?? [],
    run: async (request) => {
      const reply = await runner.ask({ kind: "run", ...request });
      return reply.kind === "success" ? reply : asProblem(reply, file);
    },
    close: async () => {
      await end();
      await remove();
    },
  };
}

/** Paths as the user writes them, from where the check was started. */
function asProblem(reply: Reply, file: string): CheckProblem {
  if (reply.kind !== "problem") throw new Error(`the checking process answers ${reply.kind} out of order`);
  const shown = (text: string): string => text.replaceAll(`${process.cwd()}${sep}`, "");
  const named = /^[\w./\\:-]+$/.test(file) ? file : JSON.stringify(file);
  const advice = reply.advice.replaceAll("--init FILE", () => `--init ${named}`);
  return { ...reply, message: shown(reply.message), advice: shown(advice) };
}
