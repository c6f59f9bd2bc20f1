const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const dSigmoid = (s) => s * (1 - s);

export class NN {
  constructor(i, h, o) {
    const m = (r, c) => [...Array(r)].map(() => [...Array(c)].map(() => Math.random() * 2 - 1));
    this.ih = m(h, i);
    this.ho = m(o, h);
    this.bh = m(1, h)[0];
    this.bo = m(1, o)[0];
    this.lr = 0.5;
  }

  predict(input) {
    this.h = this.ih.map((ws, j) => sigmoid(ws.reduce((t, w, i) => t + w * input[i], this.bh[j])));
    this.o = this.ho.map((ws, k) => sigmoid(ws.reduce((t, w, j) => t + w * this.h[j], this.bo[k])));
    return this.o;
  }

  train(input, target) {
    this.predict(input);
    const oErr = target.map((t, k) => t - this.o[k]);
    const oGrad = oErr.map((e) => e * dSigmoid(e));
    const hErr = this.h.map((_, j) => this.ho.reduce((sum, ws, k) => sum + ws[j] * oGrad[k], 0));
    const hGrad = hErr.map((e, j) => e * dSigmoid(this.h[j]));
    this.ho = this.ho.map((ws, k) => ws.map((w, j) => w + this.lr * oGrad[k] * this.h[j]));
    this.ih = this.ih.map((ws, j) => ws.map((w, i) => w + this.lr * hGrad[j] * input[i]));
    this.bo = this.bo.map((b, k) => b + this.lr * oGrad[k]);
    this.bh = this.bh.map((b, j) => b + this.lr * hGrad[j]);
  }
}
