export class Network {
  constructor(sizes) {
    this.sizes = sizes;
    this.biases = sizes.slice(1).map((n) => Array.from({ length: n }, () => Math.random() - 0.5));
    this.weights = sizes
      .slice(1)
      .map((n, l) => Array.from({ length: n }, () => Array.from({ length: sizes[l] }, () => Math.random() - 0.5)));
  }

  feedforward(a) {
    for (let l = 0; l < this.weights.length; l++) {
      const previous = a;
      a = this.weights[l].map((row, j) => Math.tanh(row.reduce((z, w, k) => z + w * previous[k], this.biases[l][j])));
    }
    return a;
  }

  cost(x, y) {
    const a = this.feedforward(x);
    return a.reduce((c, v, j) => c + (v - y[j]) ** 2, 0) / (2 * a.length);
  }

  backprop(x, y) {
    const activations = [x];
    this.weights.forEach((w, l) => {
      const a = activations[l];
      activations.push(w.map((row, j) => Math.tanh(row.reduce((z, v, k) => z + v * a[k], this.biases[l][j]))));
    });

    const nablaB = [];
    const nablaW = [];
    const output = activations[activations.length - 1];
    let delta = output.map((a, j) => (a - y[j]) / output.length);
    for (let l = this.weights.length - 1; l >= 0; l--) {
      nablaB[l] = delta;
      nablaW[l] = delta.map((d) => activations[l].map((a) => d * a));
      if (l > 0) {
        const next = delta;
        delta = activations[l].map(
          (a, k) => this.weights[l].reduce((sum, row, j) => sum + row[k] * next[j], 0) * (1 - a * a),
        );
      }
    }
    return { nablaB, nablaW };
  }
}
