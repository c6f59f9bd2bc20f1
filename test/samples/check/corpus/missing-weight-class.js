class Neuron {
  constructor(inputs) {
    this.weights = Array.from({ length: inputs }, () => Math.random() - 0.5);
    this.bias = Math.random() - 0.5;
  }

  activate(values) {
    this.inputs = values;
    const z = this.weights.reduce((s, w, i) => s + w * values[i], this.bias);
    this.output = Math.tanh(z);
    return this.output;
  }

  update(rate) {
    this.weights = this.weights.map((w, i) => w - rate * this.gradient * this.inputs[i]);
    this.bias -= rate * this.gradient;
  }
}

export class Perceptron {
  constructor(nIn, nHidden, nOut) {
    this.hidden = Array.from({ length: nHidden }, () => new Neuron(nIn));
    this.output = Array.from({ length: nOut }, () => new Neuron(nHidden));
  }

  activate(x) {
    const h = this.hidden.map((n) => n.activate(x));
    return this.output.map((n) => n.activate(h));
  }

  propagate(target, rate) {
    this.output.forEach((n, k) => {
      n.gradient = ((2 * (n.output - target[k])) / target.length) * (1 - n.output ** 2);
    });
    const responsibility = this.output.reduce((s, n) => s + n.gradient, 0);
    this.hidden.forEach((n) => {
      n.gradient = responsibility * (1 - n.output ** 2);
    });
    [...this.hidden, ...this.output].forEach((n) => n.update(rate));
  }
}
