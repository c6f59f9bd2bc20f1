import { seeded } from "../exact/index.ts";
import { countParameters, sizesText, type Network } from "../network/index.ts";
import { problem } from "../problem.ts";
import { buildProgram, certifyProgram, drawPoint, parametersOf, type Subject } from "../program/index.ts";
import { compare, type TensorVerdict } from "./compare.ts";
import type { CheckProblem, Convention } from "./messages.ts";
import { runIsolated, type Limits } from "./run.ts";

export type VerdictKind = "equal" | "different" | "undecided" | "failed";

/** The outcome of a check; the JSON report has these keys and adds the version. */
export interface CheckVerdict {
  /** Null where the gradient is that of another model. */
  readonly network: Network | null;
  /** The model's name, where it is no network. */
  readonly model?: string;
  readonly file: string;
  readonly export: string;
  readonly verdict: VerdictKind;
  readonly method: "numeric" | "exact";
  /** Random points compared. */
  readonly points: number;
  /** Exact draws; none in a numeric check. */
  readonly draws: number;
  readonly convention: Convention | null;
  readonly tensors: readonly TensorVerdict[];
  readonly cause: null;
  /** What else the user should know, such as what these sizes cannot show. */
  readonly notes: readonly string[];
  readonly problem: Omit<CheckProblem, "kind"> | null;
}

export interface CheckOptions {
  readonly exportName?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

const pointCount = 5;
const seed = 31337;
const defaultLimits: Limits = { seconds: 10, megabytes: 512 };
const mostParameters = 200_000;

/**
 * Compares a hand-written gradient with the derived one at random points. The function named is either
 * `backward(theta, …inputs, gradient)`, as emitted modules have it, or returns `{ dW2, db2, … }` as nested or
 * flat arrays. A check that could not run has the verdict `failed`, never `equal`.
 */
export async function checkGradient(file: string, subject: Subject, options: CheckOptions = {}): Promise<CheckVerdict> {
  refuseSize(subject);
  const exportName = options.exportName ?? "backward";
  const program = buildProgram(subject);
  certifyProgram(program);
  const points = Array.from({ length: pointCount }, (_, i) => drawPoint(program, seeded(seed + i)));
  const reply = await runIsolated(
    file,
    { exportName, layout: program.layout, inputs: program.inputs, points },
    { ...defaultLimits, ...options.limits },
  );
  const { network, name } = program.task;
  const checked = network === null ? { network, model: name } : { network };
  const base = { ...checked, file, export: exportName, method: "numeric", draws: 0, cause: null } as const;
  if (reply.kind === "problem") {
    const { code, message, advice } = reply;
    return {
      ...base,
      verdict: "failed",
      points: 0,
      convention: null,
      tensors: [],
      notes: [],
      problem: { code, message, advice },
    };
  }
  const tensors = compare(program, points, reply);
  const verdict = tensors.every((t) => t.equal) ? "equal" : "different";
  const isRepeatable = reply.results.every((r) => r.isRepeatable);
  const notes = [...(network === null ? [] : blindSpots(network)), ...(isRepeatable ? [] : [unrepeatable])];
  return {
    ...base,
    verdict: isRepeatable ? verdict : "different",
    points: points.length,
    convention: reply.convention,
    tensors,
    notes,
    problem: null,
  };
}

function refuseSize(subject: Subject): void {
  const isNetwork = !("model" in subject);
  const count = isNetwork ? countParameters(subject) : parametersOf(subject);
  if (count > mostParameters)
    throw problem(
      "too-many-parameters",
      `${isNetwork ? sizesText(subject) : subject.name} has ${count} parameters; at most ${mostParameters} are checked`,
      "check the same code at smaller sizes",
    );
}

const unrepeatable =
  "called twice at the same point it gives different gradients: it adds to what the gradient held before, leaves entries unwritten, or uses chance";

/** Sizes at which some mistakes make no difference. */
function blindSpots({ sizes }: Network): string[] {
  const notes: string[] = [];
  if (sizes.at(-1) === 1)
    notes.push(
      "with one output a factor 1/k, a sum over outputs taken too early or a missing one cannot show; check at three outputs too if the code allows it",
    );
  const square = sizes.findIndex((size, i) => i > 0 && size === sizes[i - 1]);
  if (square > 0)
    notes.push(`W${square + 1} is square, so that a transposed shape cannot show; check at distinct sizes too`);
  return notes;
}
