export class Net {
  constructor(nIn, nHidden, nOut) {
    this.V = Array.from({ length: nHidden }, () => Array.from({ length: nIn }, () => Math.random() - 0.5));
    this.a = new Array(nHidden).fill(0);
    this.W = Array.from({ length: nOut }, () => Array.from({ length: nHidden }, () => Math.random() - 0.5));
    this.b = new Array(nOut).fill(0);
  }

  hiddenValues(x) {
    return this.V.map((row, j) => Math.tanh(row.reduce((s, v, i) => s + v * x[i], this.a[j])));
  }

  output(x) {
    const h = this.hiddenValues(x);
    return this.W.map((row, k) => row.reduce((s, w, j) => s + w * h[j], this.b[k]));
  }

  train(x, y, eta) {
    const h = this.hiddenValues(x);
    const e = this.output(x).map((o, k) => o - y[k]);
    const eh = h.map((v, j) => e.reduce((s, ek, k) => s + ek * this.W[k][j], 0) * (1 - v * v));
    for (let k = 0; k < e.length; k++) {
      for (let j = 0; j < h.length; j++) this.W[k][j] -= eta * e[k] * h[j];
      this.b[k] += eta * e[k];
    }
    for (let j = 0; j < h.length; j++) {
      for (let i = 0; i < x.length; i++) this.V[j][i] -= eta * eh[j] * x[i];
      this.a[j] += eta * eh[j];
    }
  }
}
