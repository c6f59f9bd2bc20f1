// Mini-batch gradient descent: mean gradient over the batch, then one step.
export class SoftmaxNet {
  constructor(nIn, nHid, nOut) {
    const m = (r, c) => Array.from({ length: r }, () => Array.from({ length: c }, () => Math.random() - 0.5));
    this.W1 = m(nHid, nIn);
    this.b1 = new Array(nHid).fill(0);
    this.W2 = m(nOut, nHid);
    this.b2 = new Array(nOut).fill(0);
  }

  forward(x) {
    const z1 = this.W1.map((row, j) => row.reduce((s, w, i) => s + w * x[i], this.b1[j]));
    const a1 = z1.map((z) => Math.max(0, z));
    const z2 = this.W2.map((row, k) => row.reduce((s, w, j) => s + w * a1[j], this.b2[k]));
    const max = z2.reduce((a, b) => (b > a ? b : a));
    const e = z2.map((z) => Math.exp(z - max));
    const sum = e.reduce((a, b) => a + b);
    return { z1, a1, p: e.map((v) => v / sum) };
  }

  trainBatch(xs, ys, rate) {
    const gW1 = this.W1.map((row) => row.map(() => 0));
    const gb1 = this.b1.map(() => 0);
    const gW2 = this.W2.map((row) => row.map(() => 0));
    const gb2 = this.b2.map(() => 0);
    xs.forEach((x, s) => {
      const { z1, a1, p } = this.forward(x);
      const total = ys[s].reduce((a, b) => a + b);
      const d2 = p.map((v, k) => v * total - ys[s][k]);
      d2.forEach((d, k) => {
        gb2[k] += d;
        a1.forEach((a, j) => (gW2[k][j] += d * a));
      });
      z1.forEach((z, j) => {
        if (z <= 0) return;
        const d = d2.reduce((sum, dk, k) => sum + dk * this.W2[k][j], 0);
        gb1[j] += d;
        x.forEach((v, i) => (gW1[j][i] += d * v));
      });
    });
    const eta = rate / xs.length;
    this.W1.forEach((row, j) => row.forEach((_, i) => (row[i] -= eta * gW1[j][i])));
    this.W2.forEach((row, k) => row.forEach((_, j) => (row[j] -= eta * gW2[k][j])));
    this.b1.forEach((_, j) => (this.b1[j] -= eta * gb1[j]));
    this.b2.forEach((_, k) => (this.b2[k] -= eta * gb2[k]));
  }
}
