import { layerPlaces } from "./networks.ts";

/** What an emitted module and the loops it is compared with have in common. */
export interface Gradients {
  readonly forward: (theta: Float64Array, x: Float64Array, output: Float64Array) => void;
  readonly backward: (theta: Float64Array, x: Float64Array, y: Float64Array, gradient: Float64Array) => number;
}

/** The same hand-written loops for any network: bounds and offsets are variables, scratch is made once. */
export function variableLoops(sizes: readonly number[]): Gradients {
  const places = layerPlaces(sizes);
  const a = sizes.map((size) => new Float64Array(size));
  const d = sizes.map((size) => new Float64Array(size));
  const top = places.length;

  function forward(theta: Float64Array, x: Float64Array, output: Float64Array): void {
    for (let l = 0; l < top; l++) {
      const { inputs, outputs, weights, biases } = places[l]!;
      const from = l === 0 ? x : a[l]!;
      const to = l === top - 1 ? output : a[l + 1]!;
      for (let j = 0; j < outputs; j++) {
        const row = weights + j * inputs;
        let z = theta[biases + j]!;
        for (let k = 0; k < inputs; k++) z += theta[row + k]! * from[k]!;
        to[j] = 1 / (1 + Math.exp(-z));
      }
    }
  }

  function backward(theta: Float64Array, x: Float64Array, y: Float64Array, gradient: Float64Array): number {
    const [output, k] = [a[top]!, sizes[top]!];
    forward(theta, x, output);
    let loss = 0;
    for (let j = 0; j < k; j++) {
      const e = output[j]! - y[j]!;
      loss += e * e;
      d[top]![j] = (e / k) * output[j]! * (1 - output[j]!);
    }
    for (let l = top - 1; l >= 0; l--) {
      const { inputs, outputs, weights, biases } = places[l]!;
      const [from, delta] = [l === 0 ? x : a[l]!, d[l + 1]!];
      for (let j = 0; j < outputs; j++) {
        const row = weights + j * inputs;
        for (let i = 0; i < inputs; i++) gradient[row + i] = delta[j]! * from[i]!;
        gradient[biases + j] = delta[j]!;
      }
      if (l === 0) break;
      const below = d[l]!;
      for (let i = 0; i < inputs; i++) {
        let s = 0;
        for (let j = 0; j < outputs; j++) s += theta[weights + j * inputs + i]! * delta[j]!;
        below[i] = s * from[i]! * (1 - from[i]!);
      }
    }
    return loss / (2 * k);
  }
  return { forward, backward };
}
