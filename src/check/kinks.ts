import { derivativeForm, double } from "../exact/index.ts";
import { networkModel } from "../equations/index.ts";
import { print } from "../expression/index.ts";
import { kinksOf, type Kink } from "../derivation/index.ts";
import type { BatchPoint } from "../implementation/index.ts";
import { isLayerActivation } from "../equations/index.ts";
import type { Network } from "../network/index.ts";
import type { Program } from "../program/index.ts";
import { valueOf, withBias } from "./pieces.ts";
import { referenceAt } from "./reference.ts";

/** A point at which one pre-activation lies on a kink of its layer's activation. */
export interface KinkProbe {
  readonly layer: number;
  readonly kink: Kink;
  readonly point: BatchPoint;
  /** The gradient with the derivation's slope at the kink, and with the slopes on either side of it. */
  readonly gradients: Readonly<Record<"chosen" | "left" | "right", readonly number[]>>;
}

/** Probes for every layer whose activation has kinks: all weights of its first neuron are 0 and its bias is the kink. */
export function kinkProbes(program: Program, network: Network, from: BatchPoint): readonly KinkProbe[] {
  const { functions } = networkModel(network);
  return network.sizes.slice(1).flatMap((_, i): KinkProbe[] => {
    const layer = i + 2;
    if (isLayerActivation(network, layer)) return [];
    const definition = functions.find((f) => f.layer === layer) ?? functions.find((f) => f.layer === null);
    if (definition === undefined) return [];
    return kinksOf(definition, derivativeForm(definition), "activation")
      .filter(({ isExact }) => isExact)
      .map((kink) => probeAt(program, from, layer, kink));
  });
}

function probeAt(program: Program, from: BatchPoint, layer: number, kink: Kink): KinkProbe {
  const at = valueOf(kink.at);
  const point = withBias(program, from, layer, at);
  const gradientWith = (bias: number): readonly number[] => {
    const { theta, samples } = withBias(program, from, layer, bias);
    const given = { theta: Array.from(theta), samples: samples.map((sample) => sample.map((v) => Array.from(v))) };
    return referenceAt(program.plain ?? program, given, double).gradient;
  };
  // So little beside the kink that nothing but the slope differs.
  const beside = at === 0 ? 1e-300 : Math.abs(at) * 2 ** -50;
  return {
    layer,
    kink,
    point,
    gradients: { chosen: gradientWith(at), left: gradientWith(at - beside), right: gradientWith(at + beside) },
  };
}

/** What the checked code does at a kink, in words; as a warning where it is not what the derivation does. */
export function judgeKink(
  { layer, kink, gradients }: KinkProbe,
  found: readonly number[],
): { readonly isUsual: boolean; readonly message: string } {
  const at = `at the kink z = ${print(kink.at)} in layer ${layer}`;
  const fits = (expected: readonly number[]): boolean =>
    expected.every((value, i) => Math.abs(value - (found[i] as number)) <= 1e-5 * size(gradients));
  const usual = print(kink.chosen);
  if (fits(gradients.chosen)) return { isUsual: true, message: `${at} its slope is ${usual}, as in the derivation` };
  const middle = gradients.left.map((value, i) => (value + (gradients.right[i] as number)) / 2);
  const slope = fits(gradients.left)
    ? print(kink.left)
    : fits(gradients.right)
      ? print(kink.right)
      : fits(middle)
        ? "the mean of both sides"
        : "none of either side's";
  return {
    isUsual: false,
    message: `${at} the code takes the slope ${slope}, the derivation ${usual}; any value between the sides is a subgradient, so that this is a convention, not a mistake (kink-convention)`,
  };
}

/** The largest entry, against which differences are measured. */
const size = ({ left, right }: KinkProbe["gradients"]): number =>
  Math.max(...[...left, ...right].map(Math.abs), Number.MIN_VALUE);
