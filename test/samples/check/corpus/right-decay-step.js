// Stochastic gradient descent with weight decay; rate and decay are the trainer's own business.
const RATE = 0.05;
const DECAY = 0.2;

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

export class Trainer {
  constructor(nIn, nHid, nOut) {
    const m = (r, c) => Array.from({ length: r }, () => Array.from({ length: c }, () => Math.random() - 0.5));
    Object.assign(this, {
      hidden: m(nHid, nIn),
      hiddenBias: m(1, nHid)[0],
      output: m(nOut, nHid),
      outputBias: m(1, nOut)[0],
    });
  }

  predict(x) {
    const h = this.hidden.map((row, j) => sigmoid(row.reduce((s, w, i) => s + w * x[i], this.hiddenBias[j])));
    return [h, this.output.map((row, k) => sigmoid(row.reduce((s, w, j) => s + w * h[j], this.outputBias[k])))];
  }

  learn(x, y) {
    const [h, o] = this.predict(x);
    const dOut = o.map((v, k) => (y[k] - v) * v * (1 - v));
    const dHid = h.map((v, j) => v * (1 - v) * dOut.reduce((s, d, k) => s + d * this.output[k][j], 0));
    const shrink = 1 - RATE * DECAY;
    this.output = this.output.map((row, k) => row.map((w, j) => w * shrink + RATE * dOut[k] * h[j]));
    this.hidden = this.hidden.map((row, j) => row.map((w, i) => w * shrink + RATE * dHid[j] * x[i]));
    this.outputBias = this.outputBias.map((b, k) => b + RATE * dOut[k]);
    this.hiddenBias = this.hiddenBias.map((b, j) => b + RATE * dHid[j]);
  }
}
