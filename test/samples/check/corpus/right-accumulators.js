// Gradients pile up in fields until zeroGrad, as in the big frameworks.
export class Linear {
  constructor(inputs, outputs) {
    this.weight = Array.from({ length: outputs }, () => Array.from({ length: inputs }, () => Math.random() - 0.5));
    this.bias = new Array(outputs).fill(0);
    this.zeroGrad();
  }

  zeroGrad() {
    this.weightGrad = this.weight.map((row) => row.map(() => 0));
    this.biasGrad = this.bias.map(() => 0);
  }

  forward(x) {
    this.x = x;
    return this.weight.map((row, j) => row.reduce((s, w, i) => s + w * x[i], this.bias[j]));
  }

  backward(grad) {
    const down = this.x.map(() => 0);
    grad.forEach((g, j) => {
      this.biasGrad[j] += g;
      this.x.forEach((v, i) => {
        this.weightGrad[j][i] += g * v;
        down[i] += g * this.weight[j][i];
      });
    });
    return down;
  }
}

export class Net {
  constructor(sizes) {
    this.layers = sizes.slice(1).map((n, l) => new Linear(sizes[l], n));
  }

  forward(x) {
    this.activations = [];
    for (const layer of this.layers) {
      x = layer.forward(x).map((z) => 1 / (1 + Math.exp(-z)));
      this.activations.push(x);
    }
    return x;
  }

  backward(grad) {
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const a = this.activations[l];
      grad = this.layers[l].backward(grad.map((g, j) => g * a[j] * (1 - a[j])));
    }
  }
}

/** Mean over the batch of 1/k Σ (a − y)². */
export function computeGradients(net, xs, ys) {
  net.layers.forEach((layer) => layer.zeroGrad());
  xs.forEach((x, s) => {
    const a = net.forward(x);
    net.backward(a.map((v, k) => (2 * (v - ys[s][k])) / (a.length * xs.length)));
  });
}
