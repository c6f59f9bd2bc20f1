class Layer {
  weights: number[][] = [];
  biases: number[] = [];
  outputs: number[] = [];
  deltas: number[];

  constructor(size: number) {
    this.deltas = new Array<number>(size).fill(0);
  }

  forward(inputs: number[]): number[] {
    this.outputs = this.weights.map(
      (row, j) => 1 / (1 + Math.exp(-row.reduce((sum, w, i) => sum + w * inputs[i]!, this.biases[j]!))),
    );
    return this.outputs;
  }
}

export class Network {
  readonly layers: Layer[];

  constructor(sizes: readonly number[]) {
    this.layers = sizes.slice(1).map((size) => new Layer(size));
  }

  forward(x: number[]): number[] {
    return this.layers.reduce((values, layer) => layer.forward(values), x);
  }

  /** Leaves the gradient of the biases in each layer's deltas, and returns that of the weights. */
  backward(x: number[], y: number[]): number[][][] {
    this.forward(x);
    this.layers.forEach((layer, l) => {
      const next = this.layers[l + 1];
      layer.deltas = layer.outputs.map((a, j) => {
        const error = next ? next.deltas.reduce((s, d, k) => s + d * next.weights[k]![j]!, 0) : a - y[j]!;
        return error * a * (1 - a);
      });
    });
    return this.layers.map((layer, l) => {
      const inputs = l === 0 ? x : this.layers[l - 1]!.outputs;
      return layer.deltas.map((d) => inputs.map((v) => d * v));
    });
  }
}
