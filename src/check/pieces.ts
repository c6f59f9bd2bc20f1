import { kinksOf, type Kink } from "../derivation/index.ts";
import { isLayerActivation, networkModel } from "../equations/index.ts";
import { derivativeForm, double, NearKink } from "../exact/index.ts";
import { toNumber, view, type Expr } from "../expression/index.ts";
import type { BatchPoint } from "../implementation/index.ts";
import type { Network } from "../network/index.ts";
import type { Program } from "../program/index.ts";
import { asItIs, boundedReference, givenAt, variablesAt } from "./reference.ts";

/** A layer whose activation is made of pieces, with the pre-activations at which they meet, in order. */
export interface PiecewiseLayer {
  readonly layer: number;
  readonly activation: string;
  readonly kinks: readonly Kink[];
  readonly bounds: readonly number[];
}

/** The layers of a network whose activations have kinks. */
export function piecewiseLayers(network: Network): readonly PiecewiseLayer[] {
  const { functions } = networkModel(network);
  return network.activations.flatMap((activation, i): PiecewiseLayer[] => {
    const layer = i + 2;
    if (isLayerActivation(network, layer)) return [];
    const definition = functions.find((f) => f.layer === layer) ?? functions.find((f) => f.layer === null);
    if (definition === undefined) return [];
    const kinks = kinksOf(definition, derivativeForm(definition), "activation");
    return kinks.length === 0 ? [] : [{ layer, activation, kinks, bounds: kinks.map(({ at }) => valueOf(at)) }];
  });
}

/** The number that a kink lies at. */
export function valueOf(expr: Expr): number {
  const v = view(expr);
  if (v.kind === "number") return toNumber(v.value);
  if (v.kind === "negate") return -valueOf(v.of);
  throw new Error("a kink lies at a number");
}

/** For each layer the numbers of its pieces in which some pre-activation lies at one of the points. */
function visited(
  program: Program,
  layers: readonly PiecewiseLayer[],
  points: readonly BatchPoint[],
): readonly ReadonlySet<number>[] {
  const found = layers.map(() => new Set<number>());
  for (const point of points)
    for (const values of variablesAt(program, givenAt(point, asItIs), double)) {
      layers.forEach(({ layer, bounds }, i) => {
        for (const z of values.get(`z${layer}`) ?? []) found[i]?.add(bounds.filter((bound) => z > bound).length);
      });
    }
  return found;
}

/** Further points, with a neuron in each piece that the points do not come to: its weights are 0, its bias is there. */
export function pointsInPieces(
  program: Program,
  layers: readonly PiecewiseLayer[],
  points: readonly BatchPoint[],
): readonly BatchPoint[] {
  const known = visited(program, layers, points);
  return layers.flatMap(({ layer, bounds }, i) =>
    Array.from({ length: bounds.length + 1 }, (_, piece) => piece)
      .filter((piece) => known[i]?.has(piece) === false)
      .flatMap((piece) => {
        const inside = points.map((point) => withBias(program, point, layer, middleOf(bounds, piece)));
        const regular = inside.find((point) => isRegular(program, point));
        return regular === undefined ? [] : [regular];
      }),
  );
}

/** Far enough from a kink for the rest of the network to bend as it does elsewhere. */
const beyond = 1.25;

function middleOf(bounds: readonly number[], piece: number): number {
  const [below, above] = [bounds[piece - 1], bounds[piece]];
  if (below === undefined) return (above as number) - beyond;
  return above === undefined ? below + beyond : (below + above) / 2;
}

/** The point with one neuron of a layer at a pre-activation. */
export function withBias(program: Program, { theta, samples }: BatchPoint, layer: number, bias: number): BatchPoint {
  const moved = theta.slice();
  for (const { name, offset, columns } of program.layout) {
    if (name === `W${layer}`) moved.fill(0, offset, offset + columns);
    if (name === `b${layer}`) moved[offset] = bias;
  }
  return { theta: moved, samples };
}

function isRegular(program: Program, point: BatchPoint): boolean {
  try {
    const { gradient, loss } = boundedReference(program, point, false);
    return [loss, ...gradient].every(({ value }) => Number.isFinite(value));
  } catch (error) {
    if (error instanceof NearKink) return false;
    throw error;
  }
}

/** Which pieces of the activations the points come to, a sentence for each layer. */
export function describePieces(
  program: Program,
  layers: readonly PiecewiseLayer[],
  points: readonly BatchPoint[],
): readonly string[] {
  const known = visited(program, layers, points);
  return layers.map(({ layer, activation, bounds }, i) => {
    const pieces = Array.from({ length: bounds.length + 1 }, (_, piece) => ({
      text: pieceText(bounds, piece),
      isVisited: known[i]?.has(piece) === true,
    }));
    const missed = pieces.filter(({ isVisited }) => !isVisited).map(({ text }) => text);
    const come = pieces.filter(({ isVisited }) => isVisited).map(({ text }) => text);
    const not = missed.length === 0 ? "" : `; not visited: ${missed.join(", ")}`;
    return `visited: the pieces of ${activation} in layer ${layer}: ${come.join(", ")}${not}`;
  });
}

function pieceText(bounds: readonly number[], piece: number): string {
  const [below, above] = [bounds[piece - 1], bounds[piece]].map((n) =>
    n === undefined ? null : String(Number(n.toPrecision(6))),
  );
  if (below == null) return `z < ${above}`;
  return above == null ? `z > ${below}` : `${below} < z < ${above}`;
}
