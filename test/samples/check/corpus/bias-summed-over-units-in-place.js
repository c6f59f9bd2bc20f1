// XOR and friends: every layer keeps one Float64Array of weights (row by row) and one of biases.
export class Mlp {
  constructor(nin, nhid, nout) {
    Object.assign(this, { nin, nhid, nout });
    this.w1 = new Float64Array(nhid * nin).map(Math.random);
    this.b1 = new Float64Array(nhid);
    this.w2 = new Float64Array(nout * nhid).map(Math.random);
    this.b2 = new Float64Array(nout);
    this.h = new Float64Array(nhid);
    this.p = new Float64Array(nout);
  }

  run(x) {
    const { nin, nhid, nout, w1, b1, w2, b2, h, p } = this;
    for (let j = 0; j < nhid; j++) {
      h[j] = b1[j];
      for (let i = 0; i < nin; i++) h[j] += w1[j * nin + i] * x[i];
      h[j] = Math.tanh(h[j]);
    }
    let total = 0;
    for (let k = 0; k < nout; k++) {
      let z = b2[k];
      for (let j = 0; j < nhid; j++) z += w2[k * nhid + j] * h[j];
      p[k] = Math.exp(z);
      total += p[k];
    }
    for (let k = 0; k < nout; k++) p[k] /= total;
    return p;
  }

  learn(x, t, rate) {
    const { nin, nhid, nout, w1, b1, w2, b2, h } = this;
    const p = this.run(x);
    const dh = new Float64Array(nhid);
    for (let k = 0; k < nout; k++) {
      const d = p[k] - t[k];
      for (let j = 0; j < nhid; j++) {
        dh[j] += d * w2[k * nhid + j];
        w2[k * nhid + j] -= rate * d * h[j];
      }
      b2[k] -= rate * d;
    }
    let biasGradient = 0;
    for (let j = 0; j < nhid; j++) {
      const d = dh[j] * (1 - h[j] * h[j]);
      biasGradient += d;
      for (let i = 0; i < nin; i++) w1[j * nin + i] -= rate * d * x[i];
    }
    for (let j = 0; j < nhid; j++) b1[j] -= rate * biasGradient;
  }
}
