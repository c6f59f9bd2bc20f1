export class Model {
  constructor({ inputs, hidden, outputs }) {
    const uniform = () => (Math.random() - 0.5) / 2;
    this.kernel1 = Array.from({ length: hidden }, () => Array.from({ length: inputs }, uniform));
    this.bias1 = Array.from({ length: hidden }, uniform);
    this.kernel2 = Array.from({ length: outputs }, () => Array.from({ length: hidden }, uniform));
    this.bias2 = Array.from({ length: outputs }, uniform);
  }

  predict(x) {
    const h = this.kernel1.map((row, j) => Math.tanh(row.reduce((s, w, i) => s + w * x[i], this.bias1[j])));
    return this.kernel2.map((row, k) => Math.tanh(row.reduce((s, w, j) => s + w * h[j], this.bias2[k])));
  }

  /** Remembers what it needs on the way forward. */
  gradient(x, y) {
    const h = this.kernel1.map((row) => Math.tanh(row.reduce((s, w, i) => s + w * x[i], 0)));
    const o = this.kernel2.map((row, k) => Math.tanh(row.reduce((s, w, j) => s + w * h[j], this.bias2[k])));
    const d2 = o.map((a, k) => (a - y[k]) * (1 - a * a));
    const d1 = h.map((a, j) => d2.reduce((s, d, k) => s + d * this.kernel2[k][j], 0) * (1 - a * a));
    return [d1.map((d) => x.map((v) => d * v)), d1, d2.map((d) => h.map((v) => d * v)), d2];
  }
}
