export class Brain {
  constructor(inputs, hidden, outputs) {
    const random = () => Math.random() * 2 - 1;
    this.hiddenWeights = Array.from({ length: hidden }, () => Array.from({ length: inputs }, random));
    this.hiddenBias = Array.from({ length: hidden }, random);
    this.outputWeights = Array.from({ length: outputs }, () => Array.from({ length: hidden }, random));
    this.outputBias = Array.from({ length: outputs }, random);
  }

  think(inputs) {
    const layer = (weights, bias, values) =>
      weights.map((row, j) => Math.tanh(bias[j] + row.reduce((sum, w, i) => sum + w * values[i], 0)));
    this.hidden = layer(this.hiddenWeights, this.hiddenBias, inputs);
    this.outputs = layer(this.outputWeights, this.outputBias, this.hidden);
    return this.outputs;
  }

  learn(inputs, expected, rate) {
    this.think(inputs);
    const errors = this.outputs.map((o, k) => ((expected[k] - o) / expected.length) * (1 - o * o));
    const hiddenErrors = this.hidden.map(
      (h, j) => errors.reduce((sum, e, k) => sum + e * this.outputWeights[k][j], 0) * (1 - h * h),
    );
    this.outputWeights.forEach((row, k) => row.forEach((_, j) => (row[j] += rate * errors[k] * this.hidden[j])));
    this.hiddenWeights.forEach((row, j) => row.forEach((_, i) => (row[i] += rate * hiddenErrors[j] * inputs[i])));
  }
}
