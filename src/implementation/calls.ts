import { adapterInWords, callAdapter, createNet, findArrangement } from "./adapted.ts";
import { describe, type Description } from "./describe.ts";
import { findImplementation, type Exports } from "./exported.ts";
import { callFunction, findConvention, functionInWords, type Functions } from "./functions.ts";
import { given, type Given, type Signature } from "./given.ts";
import type { Call, Manner, Request, RunSuccess } from "./messages.ts";
import { asResult, type Outcome, type Wanted } from "./outcome.ts";
import type { Adapted, Frame } from "./parameters.ts";
import type { Scalars } from "./scalars.ts";

/** The user's code, loaded anew each time where that is affordable, so that an instance keeps nothing of another. */
export type Load = () => Promise<Exports>;

export type RunRequest = Omit<Extract<Request, { kind: "run" }>, "kind">;

/** What is known of the code before it is called. Throws a Misfit where there is none that can be called. */
export async function openCode(load: Load, exportName: string | null): Promise<Description> {
  return describe(findImplementation(await load(), exportName));
}

/** Makes all calls. How the code is called is found out before, with plain numbers and on an instance of its own. */
export async function makeCalls(
  load: Load,
  exportName: string | null,
  request: RunRequest,
  scalars: Scalars,
): Promise<RunSuccess> {
  const start = async (): Promise<Started> => {
    const found = findImplementation(await load(), exportName);
    return { found, net: found.kind === "adapter" ? await createNet(found, request.sizes) : null };
  };
  const { manner, found, others } = await mannerOf(start, request);
  const observer = isObserved(found) ? await start() : null;
  const instances = new Map<number, Started>();
  const outcomes: Outcome[] = [];
  for (const [i, call] of request.calls.entries()) {
    const started = instances.get(call.instance) ?? (await start());
    instances.set(call.instance, started);
    const frame = { signature: request, wanted: wantedOf(request, i), scalars };
    outcomes.push(await makeCall(started, observer ?? started, manner, given(call, i, scalars), i, frame));
  }
  return {
    kind: "success",
    ...inWords(found, manner, request),
    manner,
    otherManners: others,
    results: outcomes.map((outcome) => asResult(outcome, scalars)),
    recording: scalars.recording(),
    escape: scalars.escape(),
    callers: scalars.callers(),
  };
}

/** Has the code a forward pass or a loss of its own? They run on another instance: a gradient is to need no call before it. */
const isObserved = (found: Functions | Adapted): boolean =>
  found.kind === "function"
    ? found.forward !== null
    : found.adapter.forward !== undefined || found.adapter.objective !== undefined;

interface Started {
  readonly found: Functions | Adapted;
  readonly net: unknown;
}

async function mannerOf(
  start: () => Promise<Started>,
  request: RunRequest,
): Promise<{ readonly manner: Manner; readonly others: readonly Manner[]; readonly found: Functions | Adapted }> {
  const { found, net } = await start();
  if ((request.manner ?? null)?.kind === found.kind) return { manner: request.manner as Manner, others: [], found };
  const call = request.calls[0] as Call;
  const wanted = wantedOf(request, 0);
  if (found.kind === "function")
    return { manner: { kind: "function", ...(await findConvention(found, call, request, wanted)) }, others: [], found };
  const { arrangement, others } = await findArrangement(found, net, call, { signature: request, wanted });
  const asManner = (parameters: typeof arrangement): Manner => ({ kind: "adapter", parameters });
  return { manner: asManner(arrangement), others: others.map(asManner), found };
}

function makeCall(
  { found, net }: Started,
  observer: Started,
  manner: Manner,
  values: Given,
  index: number,
  { signature, wanted, scalars }: Frame,
): Promise<Outcome> {
  if (found.kind === "function" && observer.found.kind === "function" && manner.kind === "function") {
    const { forward } = observer.found;
    return callFunction({ ...found, forward }, manner, values, index, signature, wanted, scalars);
  }
  if (found.kind === "adapter" && observer.found.kind === "adapter" && manner.kind === "adapter") {
    const own = { adapted: found, net };
    const other = { adapted: observer.found, net: observer.net };
    return callAdapter(own, other, manner.parameters, values, { signature, wanted, scalars });
  }
  throw new Error("the code is not what it was before");
}

const inWords = (
  found: Functions | Adapted,
  manner: Manner,
  signature: Signature,
): Pick<RunSuccess, "convention" | "layout"> => {
  if (found.kind === "function" && manner.kind === "function") return functionInWords(found, manner, signature);
  if (found.kind === "adapter" && manner.kind === "adapter") return adapterInWords(found, manner.parameters, signature);
  throw new Error("the code is not what it was before");
};

/** Of how many outputs a network has, its target speaks where no outputs are expected. */
function wantedOf({ calls, inputs, expected }: RunRequest, index: number): Wanted {
  const samples = calls[index]?.point.samples.length ?? 1;
  const outputs = expected?.outputs?.[index] ?? null;
  const targets = inputs.filter(({ role }) => role === "target");
  const length = outputs === null ? (targets.length === 1 ? (targets[0]?.length ?? 0) : 0) : outputs.length / samples;
  return { samples, length, outputs, loss: expected?.losses?.[index] ?? null };
}
