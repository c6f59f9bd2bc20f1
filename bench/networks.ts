import { countParameters, parseNetwork } from "../src/network/index.ts";

/** A network that is timed: sigmoid activations, mean squared error. */
export interface BenchNetwork {
  /** Such as 2-3-1. */
  readonly name: string;
  /** Neurons of each layer, input first. */
  readonly sizes: readonly number[];
  readonly parameters: number;
}

/** From a handful of parameters to a hundred thousand, deep ones last. */
export const networks: readonly BenchNetwork[] = [
  "2-3-1",
  "4-8-3",
  "16-32-8",
  "64-64-10",
  "784-30-10",
  "784-128-10",
  "8-16-16-16-4",
  "32-64-64-64-10",
].map(benchNetwork);

/** What `--quick` times. */
export const quickNetworks: readonly string[] = ["2-3-1", "16-32-8", "784-30-10"];

/** @throws Problem where the name is not one of a network */
export function benchNetwork(name: string): BenchNetwork {
  const network = parseNetwork(name);
  return { name, sizes: network.sizes, parameters: countParameters(network) };
}

/** Where the weights and biases of one layer lie in θ. */
export interface LayerPlace {
  /** Neurons of the layer before. */
  readonly inputs: number;
  readonly outputs: number;
  /** Of W, outputs × inputs, row by row. */
  readonly weights: number;
  readonly biases: number;
}

/** θ is W2 row by row, b2, W3, b3, … */
export function layerPlaces(sizes: readonly number[]): readonly LayerPlace[] {
  let offset = 0;
  return sizes.slice(1).map((outputs, at) => {
    const inputs = sizes[at] as number;
    const place = { inputs, outputs, weights: offset, biases: offset + outputs * inputs };
    offset = place.biases + outputs;
    return place;
  });
}
