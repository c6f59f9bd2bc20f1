import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { VerificationFailure } from "./failure.ts";
import { formatSource } from "./format.ts";
import { inspectSource } from "./inspect.ts";

/** What becomes of a module's text while its program is certified and run. */
export interface Finishing {
  /** The text as prettier writes it. */
  readonly source: Promise<string>;
  /** Rejects with a VerificationFailure where {@link inspectSource} does. */
  readonly inspected: Promise<unknown>;
  /** Ends what is still going on. */
  readonly end: () => void;
}

/** What the thread answers, in this order unless there is a failure. */
export type Finished =
  | { readonly kind: "source"; readonly source: string }
  | { readonly kind: "inspected" }
  | { readonly kind: "failure"; readonly message: string; readonly isVerification: boolean };

/**
 * Formats and type-checks a text in a thread of its own, since both take as long as the checks of the numbers. Where there
 * is none to be had, as in a bundle or under a permission model, in this one.
 */
export function startFinishing(text: string): Finishing {
  const worker = startWorker(text);
  const finishing = worker === null ? inThisThread(text) : inWorker(worker);
  // Whoever waits for them learns of a failure; it may come before that.
  finishing.source.catch(() => undefined);
  finishing.inspected.catch(() => undefined);
  return finishing;
}

function inThisThread(text: string): Finishing {
  const source = formatSource(text);
  return { source, inspected: source.then(inspectSource), end: () => undefined };
}

function startWorker(text: string): Worker | null {
  // Sources run as they are, by a test runner, cannot be loaded by a thread.
  const file = new URL("./finish-worker.js", import.meta.url);
  if (file.protocol !== "file:" || !existsSync(fileURLToPath(file))) return null;
  try {
    return new Worker(file, { workerData: text, resourceLimits: { maxYoungGenerationSizeMb } });
  } catch {
    return null;
  }
}

/** More would be filled with garbage before the first of it is collected. */
const maxYoungGenerationSizeMb = 6;

function inWorker(worker: Worker): Finishing {
  const ended = new Promise<never>((_, reject) => {
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`the thread that formats has ended with ${code}`)));
    worker.on("message", (answer: Finished) => {
      if (answer.kind === "failure")
        reject(answer.isVerification ? new VerificationFailure(answer.message) : new Error(answer.message));
    });
  });
  ended.catch(() => undefined);
  const answer = <R>(read: (answer: Finished, resolve: (value: R) => void) => void): Promise<R> =>
    Promise.race([ended, new Promise<R>((resolve) => worker.on("message", (a: Finished) => read(a, resolve)))]);
  return {
    source: answer<string>((a, resolve) => a.kind === "source" && resolve(a.source)),
    inspected: answer<undefined>((a, resolve) => a.kind === "inspected" && resolve(undefined)),
    end: () => void worker.terminate(),
  };
}
