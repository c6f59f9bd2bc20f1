import { advising } from "./adapter-advice.ts";
import { describeFailure } from "./failure.ts";
import { nest, type Given, type Signature } from "./given.ts";
import { attempt, Misfit } from "./misfit.ts";
import type { Wanted } from "./outcome.ts";
import type { Reading } from "./reading.ts";
import type { Scalars } from "./scalars.ts";
import { readSlots, writeSlots, type Arrangement, type Slot } from "./storage.ts";
import { slotsIn } from "./tensors.ts";

/** An adapter of the user's, of which `describe.ts` has seen that it is complete. */
export interface Adapted {
  readonly kind: "adapter";
  readonly adapter: Adapter;
  readonly isBatch: boolean;
}

type Method = (...args: unknown[]) => unknown;

/** Its functions, as code that knows nothing of the user's types calls them. */
export interface Adapter {
  readonly create: Method;
  readonly setParameters?: Method;
  readonly parameters?: Method;
  readonly gradients?: Method;
  readonly step?: Method;
  readonly forward?: Method;
  readonly objective?: Method;
  readonly learningRate?: number;
}

/** What a call is made with. */
export interface Frame {
  readonly signature: Signature;
  readonly wanted: Wanted;
  readonly scalars: Scalars;
}

export const readingOf = ({ signature, scalars }: Pick<Frame, "signature" | "scalars">): Reading => ({
  layout: signature.layout,
  scalars,
  isGradient: false,
  source: "`parameters` gives",
});

/** Asked for anew each time: code may put other arrays in the place of those that it had. */
export const parametersOf = (adapted: Adapted, net: unknown, signature: Signature): Promise<unknown> =>
  advising("parameters", adapted, signature, () => attempt("`parameters`", () => adapted.adapter.parameters?.(net)));

/** Where the numbers of θ are in them. */
export const parameterSlots = (
  adapted: Adapted,
  net: unknown,
  arrangement: Arrangement,
  frame: Frame,
): Promise<readonly Slot[]> =>
  advising("parameters", adapted, frame.signature, async () =>
    slotsIn(await parametersOf(adapted, net, frame.signature), readingOf(frame), arrangement),
  );

export async function setParameters(
  adapted: Adapted,
  net: unknown,
  { theta }: Given,
  { signature }: Frame,
): Promise<void> {
  const named = signature.layout.map(({ name, offset, rows, columns, sizes }) => [
    name,
    nest(theta.slice(offset, offset + rows * columns), sizes),
  ]);
  await advising("setParameters", adapted, signature, () =>
    attempt("`setParameters`", () => adapted.adapter.setParameters?.(net, Object.fromEntries(named))),
  );
}

export async function writeInPlace(
  adapted: Adapted,
  net: unknown,
  { theta }: Given,
  arrangement: Arrangement,
  frame: Frame,
): Promise<void> {
  const slots = await parameterSlots(adapted, net, arrangement, frame);
  try {
    writeSlots(slots, theta);
  } catch (error) {
    throw new Misfit(
      "parameters-not-kept",
      `writing into what \`parameters\` gives throws ${describeFailure(error)}`,
      setterAdvice,
    );
  }
}

const setterAdvice =
  "add setParameters: (net, { W2, b2 }) => { net.w1 = W2; net.b1 = b2; }, which takes W2[j][k] from neuron k to neuron j";

export async function refuseLost(
  adapted: Adapted,
  net: unknown,
  arrangement: Arrangement,
  values: Given,
  frame: Frame,
): Promise<void> {
  const slots = await parameterSlots(adapted, net, arrangement, frame);
  if (isKept(slots, values, frame)) return;
  const { layout } = frame.signature;
  const numbers = readSlots(slots);
  const lost = layout.find(({ offset, rows, columns }) => {
    const part = { ...values, theta: values.theta.slice(offset, offset + rows * columns) };
    return !isKept(slots.slice(offset, offset + rows * columns), part, frame);
  });
  const { name = "a tensor", offset = 0 } = lost ?? {};
  const isSet = adapted.adapter.setParameters !== undefined;
  const found = frame.scalars.isScalar(numbers[offset]) ? frame.scalars.valueOf(numbers[offset]) : "no number";
  throw new Misfit(
    "parameters-not-kept",
    isSet
      ? `after \`setParameters\`, \`parameters\` gives other numbers for ${name}: ${found} where ${frame.scalars.valueOf(values.theta[offset])} was set`
      : `what is written into ${name} of \`parameters\` does not stay: it gives a copy`,
    isSet ? "let both speak of the same arrays; W2[j][k] leads from neuron k to neuron j" : setterAdvice,
  );
}

export function isKept(slots: readonly Slot[], { theta }: Given, { scalars }: Frame): boolean {
  return readSlots(slots).every((entry, i) => {
    if (!scalars.isScalar(entry)) return false;
    const value = scalars.valueOf(theta[i]);
    // Single precision keeps seven digits.
    return Math.abs(scalars.valueOf(entry) - value) <= 1e-6 * Math.abs(value);
  });
}
