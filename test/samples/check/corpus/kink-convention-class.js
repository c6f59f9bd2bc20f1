export class ReluClassifier {
  constructor(nIn, nHid, nOut) {
    const he = Math.sqrt(2 / nIn);
    this.w1 = Array.from({ length: nHid }, () => Array.from({ length: nIn }, () => (Math.random() - 0.5) * he));
    this.b1 = new Array(nHid).fill(0);
    this.w2 = Array.from({ length: nOut }, () => Array.from({ length: nHid }, () => Math.random() - 0.5));
    this.b2 = new Array(nOut).fill(0);
  }

  forward(x) {
    this.z = this.w1.map((row, j) => row.reduce((s, w, i) => s + w * x[i], this.b1[j]));
    this.h = this.z.map((z) => (z < 0 ? 0 : z));
    const scores = this.w2.map((row, k) => Math.exp(row.reduce((s, w, j) => s + w * this.h[j], this.b2[k])));
    const total = scores.reduce((a, b) => a + b);
    return scores.map((s) => s / total);
  }

  train(x, label, lr) {
    const p = this.forward(x);
    const dScores = p.map((v, k) => v - label[k]);
    const dHidden = this.z.map((z, j) => {
      if (z < 0) return 0;
      return dScores.reduce((s, d, k) => s + d * this.w2[k][j], 0);
    });
    dScores.forEach((d, k) => {
      this.h.forEach((h, j) => (this.w2[k][j] -= lr * d * h));
      this.b2[k] -= lr * d;
    });
    dHidden.forEach((d, j) => {
      x.forEach((v, i) => (this.w1[j][i] -= lr * d * v));
      this.b1[j] -= lr * d;
    });
  }
}
