import type { Escape, Recording } from "./recording.ts";

/** What the process that runs the checked code asks of the record. */
export interface Recorder {
  /** An input of a call, as the checked code is to be given it. */
  readonly input: (call: number, slot: number, value: number) => unknown;
  readonly isRecorded: (x: unknown) => boolean;
  /** The node of a number; a plain number becomes a constant. */
  readonly nodeOf: (x: unknown) => number;
  /** The double of a number, recorded or plain. */
  readonly valueOf: (x: unknown) => number;
  readonly subtract: (a: unknown, b: unknown) => unknown;
  readonly divide: (a: unknown, b: unknown) => unknown;
  readonly recording: () => Recording;
  readonly escape: () => Escape | null;
}

/** Puts the recorder in place of what rewritten code calls; to be done before that code is imported. */
export function installRecorder(): Recorder {
  throw new Error("not yet");
}
