import type { CauseId } from "../mistakes/index.ts";
import type { Network } from "../network/index.ts";
import type { Subject } from "../program/index.ts";

/** `undecided`: the code could not be compared exactly, and the numbers agree. `failed`: it could not be run. */
export type VerdictKind = "equal" | "different" | "undecided" | "failed";

/** How one tensor of the gradient fares over all points. */
export interface TensorVerdict {
  /** `dW2`, `db2`, …; `J` for the loss that the code itself reports. */
  readonly name: string;
  readonly equal: boolean;
  /** The entry furthest off, in units of the tolerance; indices count from 1. */
  readonly worst: { readonly index: readonly number[]; readonly expected: number; readonly found: number };
  /** found / expected, where it is the same for all entries at all points. */
  readonly ratio?: number;
}

/** A place in the checked sources. Lines and columns count from 1; the end is the first column after the span. */
export interface SourceSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** The source line, without its end. */
  readonly text: string;
}

/** The mistake that explains what the code gave. */
export interface Cause {
  readonly id: CauseId;
  /** One English sentence, without its full stop. */
  readonly message: string;
  /** What the code computes, and what the derivation has in its place, in the derivation's notation. */
  readonly formula: { readonly found: string; readonly right: string };
  readonly where?: SourceSpan;
  /** The right line as code. */
  readonly fix?: string;
  /** Further mistakes, where it takes more than one to explain what the code gave. */
  readonly also?: readonly Cause[];
}

/** Why a check could not run, or did not come to a verdict. */
export interface VerdictProblem {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

/** The outcome of a check; the JSON report has these keys and adds the version. */
export interface CheckVerdict {
  /** Null where the gradient is that of another model, or where the file that names the network cannot be read. */
  readonly network: Network | null;
  /** The model's name, where it is no network. */
  readonly model?: string;
  readonly file: string;
  /** Null where the file is an adapter. */
  readonly export: string | null;
  readonly verdict: VerdictKind;
  readonly method: "exact" | "numeric";
  /** Random points compared in doubles. */
  readonly points: number;
  /** Exact draws; none in a numeric check. */
  readonly draws: number;
  /** Which pieces of activations and which branches of the code were visited, a sentence each. */
  readonly regions: readonly string[];
  /** How the code is called, in words. */
  readonly convention: string | null;
  /** How its numbers are laid out where that had to be found out, a sentence each. */
  readonly layout: readonly string[];
  readonly tensors: readonly TensorVerdict[];
  readonly cause: Cause | null;
  /** What else the user should know, such as what these sizes cannot show. */
  readonly notes: readonly string[];
  /** What is doubtful though the gradient is right. */
  readonly warnings: readonly string[];
  readonly problem: VerdictProblem | null;
  /** How the code's own forward pass fares, where it has one. */
  readonly forward: { readonly equal: boolean; readonly message: string } | null;
}

/** The verdict on code of which nothing could be compared. */
export function failedVerdict(
  file: string,
  subject: Subject | null,
  exportName: string | undefined,
  { code, message, advice }: VerdictProblem,
): CheckVerdict {
  const network = subject === null ? null : "model" in subject ? subject.network : subject;
  return {
    network,
    ...(subject !== null && "model" in subject && network === null ? { model: subject.name } : {}),
    file,
    export: exportName ?? null,
    verdict: "failed",
    method: "numeric",
    points: 0,
    draws: 0,
    regions: [],
    convention: null,
    layout: [],
    tensors: [],
    cause: null,
    notes: [],
    warnings: [],
    problem: { code, message, advice },
    forward: null,
  };
}
