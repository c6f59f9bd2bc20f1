import { parentPort, workerData } from "node:worker_threads";
import { VerificationFailure } from "./failure.ts";
import type { Finished } from "./finish.ts";
import { formatSource } from "./format.ts";
import { inspectSource } from "./inspect.ts";

// The thread that startFinishing starts.
const answer = (finished: Finished): void => parentPort?.postMessage(finished);
try {
  const source = await formatSource(workerData as string);
  answer({ kind: "source", source });
  await inspectSource(source);
  answer({ kind: "inspected" });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  answer({ kind: "failure", message, isVerification: error instanceof VerificationFailure });
}
