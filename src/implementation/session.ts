import type { Description } from "./describe.ts";
import type { CheckProblem, Request, RunSuccess } from "./messages.ts";
import type { Site } from "./recording.ts";

export interface Limits {
  readonly seconds: number;
  readonly megabytes: number;
}

/** The checked code, loaded in a process of its own. */
export interface Session {
  readonly kind: "session";
  readonly description: Description;
  /** The places that recorded operations refer to; none where nothing is recorded. */
  readonly sites: readonly Site[];
  readonly run: (request: Omit<Extract<Request, { kind: "run" }>, "kind">) => Promise<RunSuccess | CheckProblem>;
  /** Ends the process and removes what it left. */
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  readonly exportName: string | null;
  readonly limits: Limits;
  /** Is every operation on the inputs to be recorded? */
  readonly isRecorded: boolean;
}
