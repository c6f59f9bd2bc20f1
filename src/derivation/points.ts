import {
  errorPairs,
  hasOneActivation,
  networkModel,
  opaqueActivation,
  targetVariable,
  variableKey,
  type ScalarFunction,
} from "../equations/index.ts";
import {
  drawPoints,
  forward,
  leaning,
  randomPoint,
  type Point,
  type Points,
  type Random,
  type Residues,
} from "../exact/index.ts";
import type { Network } from "../network/index.ts";

/** How steps are checked: on this many points, drawn from this seed. */
export const stepDraws = 3;
export const stepSeed = 20160;

/** Which layer l stands for in a statement about a generic layer. */
export interface GenericLayer {
  readonly condition: "output" | "hidden" | "any";
  /** The activation of layer l where it is one of the whole layer. */
  readonly activation: string | null;
}

/** Where steps are checked: points with opaque activations, and points with those of the network. */
export interface StepPoints {
  readonly opaque: Points;
  /** Others in every attempt. */
  readonly known: (attempt: number) => Points;
}

/**
 * Random networks for statements about a generic layer: 4 or 5 layers of 2–5 neurons with the loss of `network`.
 * The statements do not depend on the depth. Activations are opaque but for those of a whole layer that the
 * statement is about, and for `functions`. Each is drawn once.
 */
export function stepPoints(
  network: Network,
  functions: readonly ScalarFunction[],
): (layer: GenericLayer) => StepPoints {
  const drawn = new Map<string, Points>();
  const draw = (layer: GenericLayer, known: readonly ScalarFunction[], attempt: number): Points => {
    const key = `${layer.condition} ${layer.activation} ${known.length} ${attempt}`;
    const points =
      drawn.get(key) ??
      drawPoints(stepDraws, stepSeed + attempt, (random, nth) =>
        randomNetworkPoint(network, layer, random, known, nth, leaning(attempt + nth)),
      );
    drawn.set(key, points);
    return points;
  };
  return (layer) => ({ opaque: draw(layer, [], 0), known: (attempt) => draw(layer, functions, attempt) });
}

function randomNetworkPoint(
  network: Network,
  { condition, activation }: GenericLayer,
  random: Random,
  functions: readonly ScalarFunction[],
  nth: number,
  eighths: number,
): Point {
  const depth = random.whole(4, 5);
  const sizes = Array.from({ length: depth }, () => random.whole(2, 5));
  // Where l may be the last layer, it is so in the first draw.
  const l = condition === "any" && nth === 0 ? depth : random.whole(2, depth - 1);
  const own = condition === "output" ? depth : l;
  const activations = sizes.slice(1).map((_, i) => {
    if (i + 2 === own && activation !== null) return activation;
    return hasOneActivation(network) ? opaqueActivation : `${opaqueActivation}${i}`;
  });
  const model = networkModel({ ...network, sizes, activations });
  return randomPoint(model, { l, L: depth }, random, errorPairs(depth), functions, eighths);
}

/** The same points with targets that add up to one, as probabilities do. */
export function withProbabilities({ seed, drawn }: Points): Points {
  return { seed, drawn: drawn.map(normalised) };
}

function normalised({ valuation, same }: Point): Point {
  const { arithmetic, model, values } = valuation;
  const tensors = new Map(
    model.tensors.map(({ variable }) => {
      const key = variableKey(variable);
      const entries = values.get(key) ?? [];
      return [key, key === variableKey(targetVariable) ? addingUpToOne(entries) : entries] as const;
    }),
  );
  function addingUpToOne(entries: readonly Residues[]): readonly Residues[] {
    const one = arithmetic.constant({ numerator: 1n, denominator: 1n });
    const others = entries.slice(0, -1);
    return [...others, others.reduce(arithmetic.subtract, one)];
  }
  return { valuation: { ...valuation, values: forward(valuation, tensors) }, same };
}
