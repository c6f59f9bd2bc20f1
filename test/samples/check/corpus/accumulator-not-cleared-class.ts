interface Neuron {
  weights: number[];
  bias: number;
  weightGradients: number[];
  biasGradient: number;
  output: number;
  delta: number;
}

const newNeuron = (inputs: number): Neuron => ({
  weights: Array.from({ length: inputs }, () => Math.random() * 2 - 1),
  bias: 0,
  weightGradients: new Array<number>(inputs).fill(0),
  biasGradient: 0,
  output: 0,
  delta: 0,
});

export class NeuronNet {
  readonly layers: Neuron[][];

  constructor(sizes: readonly number[]) {
    this.layers = sizes.slice(1).map((size, l) => Array.from({ length: size }, () => newNeuron(sizes[l]!)));
  }

  activate(inputs: number[]): number[] {
    let values = inputs;
    for (const layer of this.layers) {
      for (const neuron of layer) {
        const net = neuron.weights.reduce((s, w, i) => s + w * values[i]!, neuron.bias);
        neuron.output = 1 / (1 + Math.exp(-net));
      }
      values = layer.map((neuron) => neuron.output);
    }
    return values;
  }

  backpropagate(inputs: number[], targets: number[]): void {
    this.activate(inputs);
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layers[l]!;
      const next = this.layers[l + 1];
      const previous = l === 0 ? inputs : this.layers[l - 1]!.map((neuron) => neuron.output);
      layer.forEach((neuron, j) => {
        const error =
          next === undefined
            ? (neuron.output - targets[j]!) / targets.length
            : next.reduce((s, other) => s + other.delta * other.weights[j]!, 0);
        neuron.delta = error * neuron.output * (1 - neuron.output);
        previous.forEach((value, i) => {
          neuron.weightGradients[i]! += neuron.delta * value;
        });
        neuron.biasGradient += neuron.delta;
      });
    }
  }
}
