import { advising } from "./adapter-advice.ts";
import {
  isKept,
  parameterSlots,
  parametersOf,
  readingOf,
  refuseLost,
  setParameters,
  writeInPlace,
  type Adapted,
  type Adapter,
  type Frame,
} from "./parameters.ts";
import { areAlike, contents, given, sampleArguments, type Given, type Signature } from "./given.ts";
import type { Call } from "./messages.ts";
import { attempt, Misfit } from "./misfit.ts";
import { agrees, readLoss, readOutputs, refuseNonFinite, type Outcome } from "./outcome.ts";
import { doubles, plainScalars, type Scalar } from "./scalars.ts";
import { isSingle, layoutInWords, readSlots, type Arrangement, type Slot } from "./storage.ts";
import { arrangementsOf, slotsIn } from "./tensors.ts";

/** A new instance of the user's. Throws a Misfit where `create` throws. */
export async function createNet({ adapter }: Adapted, sizes: readonly number[] | null): Promise<unknown> {
  const net = await attempt("`create`", () => adapter.create({ sizes: [...(sizes ?? [])] }));
  if ((net ?? null) === null)
    throw new Misfit(
      "adapter-incomplete",
      "`create` returns nothing",
      "return the instance from it: create: () => new Network()",
    );
  return net;
}

/** How the parameters lie, and how they may lie as well for all that is known. */
export interface FoundArrangement {
  readonly arrangement: Arrangement | null;
  readonly others: readonly Arrangement[];
}

/**
 * How the parameters lie in what `parameters` gives, or null where the adapter has none: what the shapes leave open
 * is told by where `setParameters` puts them, or else by which layout gives the outputs that are expected.
 */
export async function findArrangement(
  adapted: Adapted,
  net: unknown,
  call: Call,
  frame: Omit<Frame, "scalars">,
): Promise<FoundArrangement> {
  const { adapter } = adapted;
  if (adapter.parameters === undefined) return { arrangement: null, others: [] };
  const own = { ...frame, scalars: plainScalars };
  const values = given(call, 0, plainScalars);
  if (adapter.setParameters !== undefined) await setParameters(adapted, net, values, own);
  const { signature } = frame;
  const root = await parametersOf(adapted, net, signature);
  const found = await advising("parameters", adapted, signature, () => {
    return Promise.resolve(arrangementsOf(root, readingOf(own)));
  });
  const [first] = found;
  if (first === undefined) throw new Misfit("wrong-shape", "`parameters` gives tensors of other shapes");
  if (adapter.setParameters !== undefined)
    return {
      arrangement:
        found.find((arrangement) => isKept(slotsIn(root, readingOf(own), arrangement), values, own)) ?? first,
      others: [],
    };
  if (adapter.forward === undefined && adapter.objective === undefined)
    return { arrangement: first, others: found.slice(1) };
  for (const arrangement of found) {
    await writeInPlace(adapted, net, values, arrangement, own);
    if (found.length > 1 && agrees(await observe(adapted, net, values, own), own.wanted, plainScalars) === true)
      return { arrangement, others: [] };
  }
  return { arrangement: first, others: [] };
}

/** An adapter with an instance. */
export interface Instance {
  readonly adapted: Adapted;
  readonly net: unknown;
}

/**
 * Calls the code once on an instance. Throws a Misfit where it cannot be used as the adapter says.
 *
 * @param observer another instance, for the forward pass and the loss: a gradient is to need no call before it
 */
export async function callAdapter(
  { adapted, net }: Instance,
  observer: Instance,
  arrangement: Arrangement | null,
  values: Given,
  frame: Frame,
): Promise<Outcome> {
  const { adapter } = adapted;
  await placeParameters(adapted, net, arrangement, values, frame);
  if (arrangement !== null) await refuseLost(adapted, net, arrangement, values, frame);
  if (adapter.forward !== undefined || adapter.objective !== undefined)
    await placeParameters(observer.adapted, observer.net, arrangement, values, frame);
  const seen = await observe(observer.adapted, observer.net, values, frame);
  const { signature } = frame;
  if (adapter.step !== undefined)
    return { ...(await stepOf(adapted, net, arrangement as Arrangement, values, frame)), ...seen };
  const gradient = await advising("gradients", adapted, signature, () =>
    gradientsOf(adapted, net, arrangement, values, frame),
  );
  return { gradient, roundoff: null, ...seen };
}

async function placeParameters(
  adapted: Adapted,
  net: unknown,
  arrangement: Arrangement | null,
  values: Given,
  frame: Frame,
): Promise<void> {
  if (adapted.adapter.setParameters !== undefined) await setParameters(adapted, net, values, frame);
  else await writeInPlace(adapted, net, values, arrangement as Arrangement, frame);
}

/** What the forward pass and the loss give; neither sees the arrays that the gradient is computed with. */
async function observe(
  adapted: Adapted,
  net: unknown,
  values: Given,
  { signature, wanted, scalars }: Frame,
): Promise<Pick<Outcome, "output" | "loss">> {
  const { adapter, isBatch } = adapted;
  const { inputs } = signature;
  let output: readonly Scalar[] | null = null;
  let loss: Scalar = null;
  if (adapter.forward !== undefined) {
    const own = inputs.map((input, i) => ({ input, i })).filter(({ input }) => input.role === "input");
    const args = sampleArguments(values, inputs, "nested", isBatch).filter((_, i) => own.some((o) => o.i === i));
    const returned = await advising("forward", adapted, signature, () =>
      unchanged("`forward`", args, () => adapter.forward?.(net, ...args)),
    );
    output = readOutputs(returned, wanted, scalars);
    if (output === null && wanted.length > 0)
      throw new Misfit(
        "wrong-shape",
        `\`forward\` gives nothing that holds ${wanted.samples > 1 ? `${wanted.samples} × ` : ""}${wanted.length} outputs`,
        "return the outputs from it as a list: forward: (net, x) => net.predict(x)",
      );
  }
  if (adapter.objective !== undefined) {
    const args = sampleArguments(values, inputs, "nested", isBatch);
    const returned = await advising("objective", adapted, signature, () =>
      unchanged("`objective`", args, () => adapter.objective?.(net, ...args)),
    );
    loss = readLoss(returned, scalars);
    if (loss === null)
      throw new Misfit("wrong-shape", "`objective` gives no number", "return the loss from it as a number");
  }
  return { output, loss };
}

async function unchanged(what: string, args: readonly unknown[], run: () => unknown): Promise<unknown> {
  const before = contents(args);
  const returned = await attempt(what, run);
  if (!areAlike(contents(args), before))
    throw new Misfit(
      "mutated-input",
      `${what} changes its input or target`,
      "work on copies: the caller's arrays must stay as they are",
    );
  return returned;
}

async function gradientsOf(
  { adapter, isBatch }: Adapted,
  net: unknown,
  arrangement: Arrangement | null,
  values: Given,
  { signature, scalars }: Frame,
): Promise<readonly Scalar[]> {
  const args = sampleArguments(values, signature.inputs, "nested", isBatch);
  const returned = await unchanged("`gradients`", args, () => adapter.gradients?.(net, ...args));
  const reading = { layout: signature.layout, scalars, isGradient: true, source: "`gradients` gives" };
  const gradient = readSlots(
    slotsIn(returned, reading, likeParameters(arrangementsOf(returned, reading), arrangement)),
  );
  refuseNonFinite(gradient, signature.layout, scalars, (entry, value) => `d${entry} is ${value}`);
  return gradient;
}

/** A gradient of the parameters' shape lies as they do. */
function likeParameters(found: readonly Arrangement[], parameters: Arrangement | null): Arrangement {
  const key = ({ kinds }: Arrangement): string => JSON.stringify(kinds);
  const alike = found.filter((own) => parameters !== null && key(own) === key(parameters));
  const chosen = alike.find(({ split }) => split === parameters?.split) ?? alike[0] ?? found[0];
  if (chosen === undefined) throw new Misfit("wrong-shape", "`gradients` gives tensors of other shapes");
  return chosen;
}

const epsilons = { single: 2 ** -24, double: 2 ** -53 } as const;

/** The gradient as the change of the weights by a step, to the rate; without a rate, the change itself. */
async function stepOf(
  adapted: Adapted,
  net: unknown,
  arrangement: Arrangement,
  values: Given,
  frame: Frame,
): Promise<Pick<Outcome, "gradient" | "roundoff">> {
  const { adapter, isBatch } = adapted;
  const { signature, scalars } = frame;
  const read = (): Promise<readonly Slot[]> => parameterSlots(adapted, net, arrangement, frame);
  const args = sampleArguments(values, signature.inputs, "nested", isBatch);
  const slots = await read();
  const before = readSlots(slots);
  await advising("step", adapted, signature, () =>
    unchanged("`step`", args, () => adapter.step?.(net, ...args, ...(takesRate(adapter) ? [values.rate] : []))),
  );
  const after = readSlots(await read());
  refuseNonFinite(
    after,
    signature.layout,
    scalars,
    (entry, value) => `after the step ${entry} is ${value}: is the learning rate defined?`,
  );
  const numbers = (list: readonly Scalar[]): number[] => list.map((entry) => scalars.valueOf(entry));
  const [old, fresh] = [numbers(before), numbers(after)];
  if (old.every((value, i) => value === fresh[i]))
    throw new Misfit(
      "no-gradient",
      "the step changes none of the parameters",
      "let `step` make a whole training step, and `parameters` give what that changes",
    );
  const rate = takesRate(adapter) ? values.rate : (adapter.learningRate ?? 1);
  const size = Math.abs(scalars.valueOf(rate));
  return {
    gradient: before.map((entry, i) => scalars.divide(scalars.subtract(entry, after[i]), rate)),
    roundoff: doubles(
      old.map((value, i) => {
        const epsilon = isSingle(slots[i] as Slot) ? epsilons.single : epsilons.double;
        return (epsilon * (Math.abs(value) + Math.abs(fresh[i] ?? 0))) / size;
      }),
    ),
  };
}

/** Does a step declare a rate after the instance, the input and the target? */
export const takesRate = ({ step }: Pick<Adapter, "step">): boolean => step !== undefined && declared(step) >= 4;

/** How many parameters a function has; its `length` ends at the first with a default. */
function declared(f: (...args: never[]) => unknown): number {
  const text = Function.prototype.toString.call(f);
  let depth = 0;
  let commas = 0;
  for (const c of text.slice(text.indexOf("("))) {
    if ("([{".includes(c)) depth++;
    if (")]}".includes(c)) depth--;
    if (c === "," && depth === 1) commas++;
    if (depth === 0) break;
  }
  return Math.max(f.length, commas + 1);
}

/** How the adapter is called, and what had to be found out for it. */
export const adapterInWords = (
  { adapter }: Adapted,
  arrangement: Arrangement | null,
  { inputs }: Signature,
): { readonly convention: string; readonly layout: readonly string[] } => {
  const args = ["net", ...inputs.map(({ name }) => name)];
  return {
    convention:
      adapter.step === undefined
        ? `gradients(${args.join(", ")})`
        : `step(${[...args, ...(takesRate(adapter) ? ["rate"] : [])].join(", ")})`,
    layout: arrangement === null ? [] : layoutInWords("stored", arrangement),
  };
};
