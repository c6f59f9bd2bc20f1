/** A random point at which the user's function is called. Plain data: it crosses a process boundary. */
export interface CheckPoint {
  readonly theta: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A tensor of θ by name, shape and place. */
export interface TensorShape {
  readonly name: string;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** What the child process is asked to do. */
export interface CheckRequest {
  readonly bundle: string;
  readonly exportName: string;
  readonly layout: readonly TensorShape[];
  readonly points: readonly CheckPoint[];
}

/** How the user's function is called. */
export type Convention = "contract" | "flat-parameters" | "nested-parameters" | "flat-tensors" | "positional";

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
  readonly isSinglePrecision: boolean;
  readonly results: readonly PointResult[];
}

export interface CheckProblem {
  readonly kind: "problem";
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

export type CheckReply = CheckSuccess | CheckProblem;
