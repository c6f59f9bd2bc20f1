// A network of any depth; layers[l] maps activations[l] to activations[l + 1].
export class FeedForward {
  constructor(...sizes) {
    this.layers = sizes.slice(1).map((n, l) => ({
      W: Array.from({ length: n }, () => Array.from({ length: sizes[l] }, () => Math.random() - 0.5)),
      b: new Array(n).fill(0),
    }));
  }

  run(x) {
    const activations = [x];
    for (const { W, b } of this.layers) {
      const a = activations.at(-1);
      activations.push(W.map((row, j) => 1 / (1 + Math.exp(-row.reduce((z, w, i) => z + w * a[i], b[j])))));
    }
    return activations;
  }

  gradients(x, y) {
    const activations = this.run(x);
    const out = activations.at(-1);
    const result = [];
    let delta = out.map((a, k) => (a - y[k]) * a * (1 - a));
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { W } = this.layers[l];
      const a = activations[l + 1];
      result[l] = { dW: W.map((row, j) => row.map((_, i) => delta[j] * a[i])), db: delta };
      if (l === 0) break;
      const previous = activations[l];
      delta = previous.map((v, i) => v * (1 - v) * delta.reduce((sum, d, j) => sum + d * W[j][i], 0));
    }
    return result;
  }
}
