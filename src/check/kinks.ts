import type { Kink } from "../derivation/index.ts";
import { print } from "../expression/index.ts";
import type { BatchPoint } from "../implementation/index.ts";
import type { Program } from "../program/index.ts";
import { valueOf, withBias, type PiecewiseLayer } from "./pieces.ts";
import { doubleReference } from "./reference.ts";

/** A point at which one pre-activation lies on a kink of its layer's activation. */
export interface KinkProbe {
  readonly layer: number;
  readonly kink: Kink;
  readonly point: BatchPoint;
  /** The gradient with the derivation's slope at the kink, and with the slopes on either side of it. */
  readonly gradients: Readonly<Record<"chosen" | "left" | "right", readonly number[]>>;
}

/** Probes for every kink of the layers: all weights of the first neuron are 0 and its bias is the kink. */
export const kinkProbes = (
  program: Program,
  layers: readonly PiecewiseLayer[],
  from: BatchPoint,
): readonly KinkProbe[] =>
  layers.flatMap(({ layer, kinks }) =>
    kinks.filter(({ isExact }) => isExact).map((kink) => probeAt(program, from, layer, kink)),
  );

function probeAt(program: Program, from: BatchPoint, layer: number, kink: Kink): KinkProbe {
  const at = valueOf(kink.at);
  const point = withBias(program, from, layer, at);
  const gradientWith = (bias: number): readonly number[] =>
    doubleReference(program.plain ?? program, withBias(program, from, layer, bias), false).gradient;
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
