import {
  openImplementation,
  type BatchPoint,
  type CheckProblem,
  type Description,
  type Limits,
  type Manner,
  type Session,
} from "../implementation/index.ts";
import { sizesText, type Network } from "../network/index.ts";
import { problem } from "../problem.ts";
import { buildProgram, certifyProgram, type Program, type Subject } from "../program/index.ts";
import { blindSpots, clearSizes, refuseSize } from "./sizes.ts";
import { decide, type Decision, type Open } from "./decide.ts";
import { expectedSubject, type NetworkClaims } from "./expected.ts";
import { judgeForward } from "./forward.ts";
import { judgeKink, kinkProbes } from "./kinks.ts";
import { compareNumerically, type NumericStage } from "./numeric.ts";
import { describePieces, piecewiseLayers, pointsInPieces, type PiecewiseLayer } from "./pieces.ts";
import { drawPoints, givesDistribution } from "./points.ts";
import { failedVerdict, type CheckVerdict, type TensorVerdict, type VerdictKind } from "./verdict.ts";

export interface CheckOptions {
  readonly exportName?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** What is said of the network besides what an adapter says, which it overrides entry by entry. */
  readonly claims?: NetworkClaims | undefined;
  /**
   * `exact`, the default, decides in exact arithmetic; `numeric` leaves it at comparing doubles, for code that cannot
   * be recorded.
   */
  readonly method?: "exact" | "numeric" | undefined;
}

const defaultLimits: Limits = { seconds: 10, megabytes: 512 };

/**
 * Checks hand-written backpropagation against the derived gradient: in doubles at random points, then by a recorded
 * run in exact arithmetic; where they differ, the mistake that explains it is looked for.
 *
 * @param file a module whose export computes a gradient, or the adapter of one
 * @param subject what it is checked against; null where the adapter says it
 * @returns a verdict; of code that could not be run `failed`, never `equal`
 * @throws Problem where nothing says what to check against, or it has no gradient
 */
export async function checkGradient(
  file: string,
  subject: Subject | null,
  options: CheckOptions = {},
): Promise<CheckVerdict> {
  const limits = { ...defaultLimits, ...options.limits };
  const open: Open = (isRecorded, watched = []) =>
    openImplementation(file, { exportName: options.exportName ?? null, limits, isRecorded, watched });
  const plain = await open(false);
  if (plain.kind === "problem") return failedVerdict(file, subject, options.exportName, plain);
  try {
    const { claims } = options;
    const isMixed = plain.description.network !== null && claims?.network !== undefined;
    const wanted = subject === null || isMixed ? await expectedSubject(file, plain.description, claims) : subject;
    const { verdict, manner } = await checkAt(file, wanted, plain, open, options);
    const other = takesAnySizes(plain.description, manner) ? otherSizes(verdict) : null;
    if (other === null) return verdict;
    return atOtherSizes(verdict, (await checkAt(file, other, plain, open, options)).verdict, plain.description);
  } finally {
    await plain.close();
  }
}

/**
 * Checks code of an open session in numbers: where it runs, nothing can be recorded.
 *
 * @param name of the code, for the report
 */
export async function checkSession(name: string, subject: Subject, session: Session): Promise<CheckVerdict> {
  const open = (): Promise<never> => Promise.reject(new Error(`${name} cannot be recorded`));
  return (await checkAt(name, subject, session, open, { method: "numeric" })).verdict;
}

/** Code that says so, and functions whose arguments have the sizes in them. */
const takesAnySizes = ({ takesSizes }: Description, manner: Manner | null): boolean =>
  takesSizes || (manner?.kind === "function" && (manner.form === "nested-parameters" || manner.form === "positional"));

/** Sizes that hide nothing, where those asked for do. */
function otherSizes({ verdict, network }: CheckVerdict): Network | null {
  if (verdict !== "equal" || network === null || blindSpots(network).length === 0) return null;
  return { ...network, sizes: clearSizes(network.sizes.length) };
}

/** Code that says it is made for any sizes has to be right at all; other code may be made for those asked for. */
function atOtherSizes(verdict: CheckVerdict, other: CheckVerdict, { takesSizes }: Description): CheckVerdict {
  const blind = verdict.network === null ? [] : blindSpots(verdict.network);
  const sizes = other.network === null ? "" : sizesText(other.network);
  if (other.verdict === "equal") {
    const notes = verdict.notes.filter((note) => !blind.includes(note));
    return { ...verdict, notes: [...notes, `it is equal at ${sizes} as well, sizes at which nothing is hidden`] };
  }
  if (takesSizes) return other;
  if (other.verdict !== "different") return verdict;
  const why = other.cause === null ? "" : `: ${other.cause.message}`;
  const warning = `at ${sizes}, at which it runs as well, it differs${why}; unless sizes are written into the code as numbers, it is wrong`;
  return { ...verdict, warnings: [...verdict.warnings, warning] };
}

interface Checked {
  readonly verdict: CheckVerdict;
  /** How the code is called; null where it could not be. */
  readonly manner: Manner | null;
}

async function checkAt(
  file: string,
  subject: Subject,
  session: Session,
  open: Open,
  options: CheckOptions,
): Promise<Checked> {
  refuseSize(subject);
  const program = buildProgram(subject);
  certifyProgram(program);
  const { description } = session;
  refusePenaltyOfSum(description, program);
  const isDistribution = givesDistribution(program);
  const drawn = drawPoints(program, description.batch ?? 1, isDistribution);
  const layers = program.task.network === null ? [] : piecewiseLayers(program.task.network);
  const points = [...drawn, ...pointsInPieces(program, layers, drawn)];
  const numeric = await inFittingManner(session, program, points);
  if ("code" in numeric)
    return { verdict: failedVerdict(file, program.task, options.exportName, numeric), manner: null };
  const forward = judgeForward(program, numeric, description);
  const hasRightForward = forward?.equal !== false;
  const isNumericallyEqual = numeric.tensors.every(({ equal }) => equal) && hasRightForward;
  const decision =
    options.method === "numeric"
      ? null
      : await decide(program, numeric, {
          open,
          file,
          isDistribution,
          isNumericallyEqual,
          hasRightForward,
          description,
        });
  const kind = combine(numeric, isNumericallyEqual, decision);
  const kinks = kind === "equal" ? await kinksAt(session, program, layers, numeric) : [];
  const batches = kind === "equal" ? await atOtherBatch(session, program, isDistribution, numeric) : [];
  const { network, name } = program.task;
  const verdict: CheckVerdict = {
    ...(network === null ? { network, model: name } : { network }),
    file,
    export: description.kind === "adapter" ? null : (options.exportName ?? "backward"),
    verdict: kind,
    method: decision?.method ?? "numeric",
    points: points.length,
    draws: decision?.draws ?? 0,
    regions: [
      ...(decision?.regions ?? []),
      ...describePieces(program, layers, points),
      ...kinks.filter(({ isUsual }) => isUsual).map(({ message }) => message),
    ],
    convention: numeric.reply.convention,
    layout: numeric.reply.layout,
    tensors: kind === "equal" ? numeric.singleTensors : numeric.tensors,
    cause: decision?.cause ?? null,
    notes: notesOf(numeric, network, isDistribution, decision, kind),
    warnings: [...kinks.filter(({ isUsual }) => !isUsual).map(({ message }) => message), ...batches],
    problem: kind === "undecided" ? (decision?.problem ?? null) : null,
    forward,
  };
  return { verdict, manner: numeric.reply.manner };
}

/** Where nothing tells how the code lays out its numbers, it is right if it is so in one of the ways. */
async function inFittingManner(
  session: Session,
  program: Program,
  points: readonly BatchPoint[],
): Promise<NumericStage | CheckProblem> {
  const first = await compareNumerically(session, program, points);
  if ("code" in first) return first;
  const isEqual = ({ singleTensors }: NumericStage): boolean => singleTensors.every(({ equal }) => equal);
  for (const manner of isEqual(first) ? [] : first.reply.otherManners) {
    const other = await compareNumerically(session, program, points, manner);
    if (!("code" in other) && isEqual(other)) return other;
  }
  return first;
}

function combine(numeric: NumericStage, isEqual: boolean, decision: Decision | null): VerdictKind {
  if (decision?.verdict === "equal") return "equal";
  if (!isEqual || !numeric.isRepeatable || !numeric.followsRate) return "different";
  return decision?.verdict ?? "equal";
}

function refusePenaltyOfSum({ reduction }: Description, { task: { network } }: Program): void {
  if (reduction === "sum" && Object.keys(network?.penalties ?? {}).length > 0)
    throw problem(
      "reduction-penalty",
      "the sum of the losses of a batch would hold its penalty once for each sample",
      'use the mean of the losses, reduction: "mean"',
    );
}

/** Does code that takes batches go wrong with one sample more? Where it does not run then, it is made for the number given. */
async function atOtherBatch(
  session: Session,
  program: Program,
  isDistribution: boolean,
  { reply }: NumericStage,
): Promise<readonly string[]> {
  const { batch } = session.description;
  if (batch === null) return [];
  const more = await compareNumerically(session, program, drawPoints(program, batch + 1, isDistribution), reply.manner);
  if ("code" in more || (more.isRepeatable && more.singleTensors.every(({ equal }) => equal))) return [];
  return [`with ${batch + 1} samples in a batch it differs: unless their number is written into the code, it is wrong`];
}

async function kinksAt(
  session: Session,
  program: Program,
  layers: readonly PiecewiseLayer[],
  { plan, reply }: NumericStage,
) {
  const [first] = plan.calls;
  const probes = first === undefined ? [] : kinkProbes(program, layers, first.point);
  if (first === undefined || probes.length === 0) return [];
  const answer = await session.run({
    sizes: program.task.network?.sizes ?? null,
    layout: program.layout,
    inputs: program.inputs,
    calls: probes.map(({ point }, i) => ({ point, instance: i, rate: first.rate })),
    manner: reply.manner,
  });
  // At a kink the code may do what it likes: it may even have no value there.
  if (answer.kind === "problem")
    return [{ isUsual: false, message: `at a kink of an activation the code fails: ${answer.message}` }];
  return probes.map((probe, i) => judgeKink(probe, Array.from(answer.results[i]?.gradient.values ?? [])));
}

function notesOf(
  { unrepeatable, followsRate, isScaleFree, scale, tensors }: NumericStage,
  network: Network | null,
  isDistribution: boolean,
  decision: Decision | null,
  verdict: VerdictKind,
): string[] {
  const isUnexplained = verdict === "different" && decision?.cause == null;
  const notes: readonly (string | null)[] = [
    unrepeatable,
    followsRate
      ? null
      : "the step is not proportional to its learning rate: it reads weights that it has updated, or does more with the rate than multiply the gradient by it",
    isScaleFree
      ? `its rate is not known: the step is as large as ${Number(scale.toPrecision(6))} times the derived gradient, so that a constant factor cannot be told from the rate; give the adapter its learningRate to check the factor as well`
      : null,
    isDistribution ? "targets were drawn that sum to 1, as the outputs do" : null,
    ...(decision?.notes ?? []),
    isUnexplained ? shortConstants(tensors) : null,
    decision?.problem == null || verdict !== "different"
      ? null
      : `why it differs cannot be told: ${decision.problem.message}`,
    ...(network === null ? [] : blindSpots(network)),
  ];
  return notes.filter((note) => note !== null);
}

/** Differences that are small everywhere have another cause than those of a mistake. */
function shortConstants(tensors: readonly TensorVerdict[]): string | null {
  const wrong = tensors.filter(({ equal }) => !equal);
  const deviation = Math.max(
    ...wrong.map(({ worst: { expected, found } }) => Math.abs(found - expected) / Math.abs(expected)),
  );
  if (wrong.length === 0 || !(deviation < 1e-4)) return null;
  return `all that differs does so by less than ${deviation.toPrecision(1)} of its value: a constant of the code may have too few digits, or a small number is added somewhere`;
}
