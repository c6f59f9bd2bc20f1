import type { InputPlace, Placement } from "../program/index.ts";
import type { Convention } from "./conventions.ts";
import type { Description } from "./describe.ts";
import type { CodeLine, Escape, Recording } from "./recording.ts";
import type { Arrangement } from "./storage.ts";

/** A point at which the checked code is called: parameters, and one sample or a batch of them. */
export interface BatchPoint {
  readonly theta: Float64Array;
  /** Of each sample its inputs and targets, in the order of the program's. */
  readonly samples: readonly (readonly Float64Array[])[];
}

/** One call of the checked code. */
export interface Call {
  readonly point: BatchPoint;
  /** Calls with the same number are made one after another on one instance, others on an instance of their own. */
  readonly instance: number;
  /** The learning rate, where the code makes a training step. */
  readonly rate: number;
}

/** What the process that runs the checked code is asked, one question after another. */
export type Request =
  | {
      readonly kind: "open";
      readonly bundle: string;
      readonly exportName: string | null;
      readonly isRecorded: boolean;
      /** Nodes of which it is asked who computed them. */
      readonly watched: readonly number[];
      /** Comes back with every reply: the checked code, which may send messages of its own, does not know it. */
      readonly token: string;
    }
  | {
      readonly kind: "run";
      readonly sizes: readonly number[] | null;
      readonly layout: readonly Placement[];
      readonly inputs: readonly InputPlace[];
      readonly calls: readonly Call[];
      /** What the calls should give: decides between layouts in which the code runs alike. */
      readonly expected?: Expected | null;
      /** As an earlier run of the same code told it, so that nothing has to be tried, and the code runs only as asked. */
      readonly manner?: Manner | null;
    };

/** Call by call, of the derived network. */
export interface Expected {
  /** The outputs of all samples of a call one after another. */
  readonly outputs: readonly Float64Array[] | null;
  /** The loss of the batch. */
  readonly losses: readonly number[] | null;
}

/** How the code is called and how its numbers lie, where that is found out by trying. */
export type Manner =
  ({ readonly kind: "function" } & Convention) | { readonly kind: "adapter"; readonly parameters: Arrangement | null };

/**
 * Numbers that the checked code gave; in a recorded run with the node of each. In a recording, the slots of a call
 * number its inputs: θ entry by entry, then of each sample its inputs and targets, then the rate.
 */
export interface Entries {
  readonly values: Float64Array;
  readonly nodes: Int32Array | null;
}

/** What one call gave. */
export interface CallResult {
  /** In the layout of θ. */
  readonly gradient: Entries;
  /** What rounding of the weights may have taken from each entry, where it was read from a step; else null. */
  readonly roundoff: Float64Array | null;
  /** The loss that the code itself reports, where it does. */
  readonly loss: Entries | null;
  /** The outputs of all samples one after another, where the code has a forward pass. */
  readonly output: Entries | null;
}

export interface RunSuccess {
  readonly kind: "success";
  /** How the code is called, in words. */
  readonly convention: string;
  /** How its numbers are laid out where that had to be found out, in words. */
  readonly layout: readonly string[];
  readonly manner: Manner;
  /** Other ways in which the numbers may lie, where nothing tells. */
  readonly otherManners: readonly Manner[];
  readonly results: readonly CallResult[];
  readonly recording: Recording | null;
  /** For each node watched, the lines of the checked sources that were being executed, the innermost first. */
  readonly callers: readonly (readonly CodeLine[])[];
  /** The first escape from the record; what was recorded is then of no use. */
  readonly escape: Escape | null;
}

export interface OpenSuccess {
  readonly kind: "open";
  readonly description: Description;
}

export interface CheckProblem {
  readonly kind: "problem";
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  /** In a recorded run: where a number left the record before, which may be why. */
  readonly escape?: Escape | null;
}

export type Reply = OpenSuccess | RunSuccess | CheckProblem;

/** A reply as it is sent; `channel.ts` seals it. */
export interface SealedReply {
  readonly token: string;
  readonly reply: Reply;
}
