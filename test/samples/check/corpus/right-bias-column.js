// The bias is one more input that is always 1.
export class BiasColumnNet {
  constructor(nIn, nHidden, nOut) {
    const random = (rows, cols) => Array.from({ length: rows }, () => Array.from({ length: cols }, Math.random));
    this.W1 = random(nHidden, nIn + 1);
    this.W2 = random(nOut, nHidden + 1);
  }

  forward(x) {
    const layer = (W, v) => W.map((row) => Math.tanh(row.reduce((s, w, i) => s + w * v[i], 0)));
    this.in = [...x, 1];
    this.hid = [...layer(this.W1, this.in), 1];
    this.out = layer(this.W2, this.hid);
    return this.out;
  }

  grad(x, y) {
    this.forward(x);
    const d2 = this.out.map((o, k) => (o - y[k]) * (1 - o * o));
    const d1 = this.W1.map((_, j) => {
      const h = this.hid[j];
      return (1 - h * h) * d2.reduce((s, d, k) => s + d * this.W2[k][j], 0);
    });
    return { g1: d1.map((d) => this.in.map((v) => d * v)), g2: d2.map((d) => this.hid.map((v) => d * v)) };
  }
}
