type Vector = number[];

class Layer {
  weights: Vector[];
  biases: Vector;
  input: Vector = [];
  output: Vector = [];
  private readonly linear: boolean;

  constructor(inputs: number, outputs: number, linear: boolean) {
    this.weights = Array.from({ length: outputs }, () =>
      Array.from({ length: inputs }, () => (Math.random() - 0.5) / Math.sqrt(inputs)),
    );
    this.biases = new Array<number>(outputs).fill(0);
    this.linear = linear;
  }

  forward(input: Vector): Vector {
    this.input = input;
    this.output = this.weights.map((row, j) => {
      const z = row.reduce((sum, w, i) => sum + w * input[i]!, this.biases[j]!);
      return this.linear ? z : Math.tanh(z);
    });
    return this.output;
  }

  /** Takes dJ/d(output), learns, and returns dJ/d(input). */
  backward(gradOutput: Vector, rate: number): Vector {
    const delta = gradOutput.map((g, j) => (this.linear ? g : g * (1 - this.output[j]! ** 2)));
    delta.forEach((d, j) => {
      const row = this.weights[j]!;
      this.input.forEach((v, i) => {
        row[i]! -= rate * d * v;
      });
      this.biases[j]! -= rate * d;
    });
    return this.input.map((_, i) => delta.reduce((sum, d, j) => sum + d * this.weights[j]![i]!, 0));
  }
}

export class DeepNet {
  readonly layers: Layer[];

  constructor(sizes: readonly number[]) {
    this.layers = sizes.slice(1).map((size, l) => new Layer(sizes[l]!, size, l === sizes.length - 2));
  }

  forward(x: Vector): Vector {
    return this.layers.reduce((values, layer) => layer.forward(values), x);
  }

  fit(x: Vector, y: Vector, rate: number): void {
    const output = this.forward(x);
    let grad = output.map((a, k) => (a - y[k]!) / output.length);
    for (const layer of [...this.layers].reverse()) grad = layer.backward(grad, rate);
  }
}
