// Mean gradients of the mean squared error over a batch of { input, output } pairs.
const tanh = Math.tanh;
const logistic = (z) => 1 / (1 + Math.exp(-z));

export class BatchNet {
  constructor(nIn, nHid, nOut) {
    this.hidden = Array.from({ length: nHid }, () => ({ w: Array.from({ length: nIn }, Math.random), b: 0 }));
    this.outputs = Array.from({ length: nOut }, () => ({ w: Array.from({ length: nHid }, Math.random), b: 0 }));
  }

  run(x) {
    const fire = (units, v, f) => units.map(({ w, b }) => f(w.reduce((z, wi, i) => z + wi * v[i], b)));
    const h = fire(this.hidden, x, tanh);
    return { h, o: fire(this.outputs, h, logistic) };
  }

  gradients(batch) {
    const zero = (units) => units.map(({ w }) => ({ w: w.map(() => 0), b: 0 }));
    const g = { hidden: zero(this.hidden), outputs: zero(this.outputs) };
    const add = (unit, delta, inputs) => {
      inputs.forEach((v, i) => (unit.w[i] += (delta * v) / batch.length));
      unit.b += delta / batch.length;
    };
    for (const { input, output } of batch) {
      const { h, o } = this.run(input);
      const error = o.map((v, k) => ((v - output[k]) / o.length) * v * (1 - v));
      error.forEach((e, k) => add(g.outputs[k], 2 * e, h));
      h.forEach((v, j) => {
        const back = error.reduce((sum, e, k) => sum + e * this.outputs[k].w[j], 0);
        add(g.hidden[j], back * (1 - v * v), input);
      });
    }
    return g;
  }
}
