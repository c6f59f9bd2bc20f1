import type { GradientPoint, InputPlace, Placement } from "../program/index.ts";

/** What the child process is asked to do. */
export interface CheckRequest {
  readonly bundle: string;
  readonly exportName: string;
  readonly layout: readonly Placement[];
  /** Inputs and targets, in the order in which the function takes them. */
  readonly inputs: readonly InputPlace[];
  readonly points: readonly GradientPoint[];
}

/** How the user's function is called. */
export type Convention =
  "contract" | "flat-parameters" | "nested-parameters" | "flat-tensors" | "positional" | "flat-positional";

/** What a point gave. */
export interface PointResult {
  readonly gradient: Float64Array;
  /** The returned loss, where the convention has one. */
  readonly loss: number | null;
  /** Does the result depend on what the gradient array held before, or on chance? */
  readonly isRepeatable: boolean;
}

export interface CheckSuccess {
  readonly kind: "success";
  readonly convention: Convention;
  readonly results: readonly PointResult[];
}

export interface CheckProblem {
  readonly kind: "problem";
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

export type CheckReply = CheckSuccess | CheckProblem;
