import { activations, losses } from "../equations/index.ts";
import type { Network } from "../network/index.ts";
import { networkTask } from "../program/index.ts";
import type { DiagnosisContext } from "./diagnose.ts";
import type { Facts } from "./mutation.ts";
import { activationPart, derivedParts, lossPart, type Parts, type Shape } from "./parts.ts";
import { withoutTerm } from "./rows-activation.ts";
import type { Trial, TrialCall } from "./trial.ts";
import { Signed, World } from "./world.ts";

/** What the code computes in place of the network claimed, where named activations say it. */
export interface IdentifiedForward {
  readonly network: Network;
  /** Are the biases left out of the forward pass? */
  readonly lacksBiases: boolean;
}

const tolerance = 1e-7;

/** What the code's own losses say before its gradient is looked at. */
export function factsOf(right: Signed, world: World<number>, { isStep }: DiagnosisContext): Facts {
  const { calls } = world.trial;
  const isGiven = calls.every(({ loss }) => loss !== null);
  return {
    loss: !isGiven ? "unknown" : givesLosses(right, world) ? "claimed" : "other",
    hasRate: isStep && calls.every(({ rate }) => rate !== null),
    isStep,
  };
}

/** The forward pass that gives the outputs of the trial, with named activations, or null where none does. */
export function identifyForward(network: Network, trial: Trial<number>): IdentifiedForward | null {
  if (trial.calls.length === 0 || trial.calls.some(({ output }) => output === null)) return null;
  const shape = shapeOf(network, trial, "mean");
  const parts = derivedParts(shape);
  const world = new World(trial, networkTask(network));
  for (const lacksBiases of [false, true]) {
    for (const own of likelyNetworks(network)) {
      const changed = withForward({ ...shape, network: own }, parts, lacksBiases);
      if (givesOutputs(new Signed(changed), world)) return { network: own, lacksBiases };
    }
  }
  return null;
}

/** The named loss that gives the losses of the trial, or null where none does. */
export function identifyLoss(network: Network, trial: Trial<number>, { reduction }: DiagnosisContext): string | null {
  if (trial.calls.length === 0 || trial.calls.some(({ loss }) => loss === null)) return null;
  const shape = shapeOf(network, trial, reduction);
  const parts = derivedParts(shape);
  const world = new World(trial, networkTask(network));
  const found = [network.loss, ...Object.keys(losses)].find((name) =>
    givesLosses(new Signed(new Map(parts).set("C", lossPart(shape, name))), world),
  );
  return found ?? null;
}

const shapeOf = (network: Network, { calls }: Trial<number>, reduction: Shape["reduction"]): Shape => ({
  network,
  samples: (calls[0] as TrialCall<number>).samples.length,
  reduction,
});

/** The network itself, then one with another activation in the hidden layers, in the last, and in both. */
function likelyNetworks(network: Network): readonly Network[] {
  const names = Object.keys(activations).filter((name) => name !== "swish");
  const own = network.activations.slice(0, -1);
  const last = network.activations.at(-1) as string;
  const hidden = [own, ...(own.length === 0 ? [] : names.map((name) => own.map(() => name)))];
  const pairs = hidden.flatMap((before) => [last, ...names].map((after) => [...before, after]));
  const changes = (list: readonly string[]): number => list.filter((name, i) => name !== network.activations[i]).length;
  return pairs.sort((a, b) => changes(a) - changes(b)).map((list) => ({ ...network, activations: list }));
}

function withForward(shape: Shape, parts: Parts, lacksBiases: boolean): Parts {
  const changed = new Map(parts);
  shape.network.activations.forEach((text, i) => {
    const part = activationPart(shape, text, i + 2);
    changed.set(part.key, part);
  });
  if (!lacksBiases) return changed;
  for (const [key, part] of changed) {
    const value = key.startsWith("z") ? withoutTerm(part.value, `b${key.slice(1)}`) : part.value;
    if (value !== null) changed.set(key, { ...part, value });
  }
  return changed;
}

/** Are the outputs that the code gave those of the network? */
function givesOutputs(own: Signed, world: World<number>): boolean {
  const key = lastKey(own);
  return world.trial.calls.every(({ output, samples }, call) =>
    samples.every((_, n) => {
      const values = world.entries(own, key, call, n);
      return values.every((value, j) => isClose(value, (output as readonly number[])[n * values.length + j] ?? NaN));
    }),
  );
}

const givesLosses = (own: Signed, world: World<number>): boolean =>
  world.trial.calls.every(({ loss }, call) => isClose(world.entries(own, "J", call, 0)[0] ?? NaN, loss as number));

const lastKey = ({ parts }: Signed): string =>
  `a${Math.max(...[...parts.keys()].map((key) => Number(/^a(\d+)$/.exec(key)?.[1] ?? 0)))}`;

const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a));
