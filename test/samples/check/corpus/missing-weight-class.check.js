import { defineCheck } from "deltarule/check";
import { Perceptron } from "./missing-weight-class.js";

export default defineCheck({
  network: "4-2-3",
  activation: "tanh",
  loss: "mean-squared",
  create: ({ sizes }) => new Perceptron(...sizes),
  setParameters({ hidden, output }, { W2, b2, W3, b3 }) {
    hidden.forEach((n, j) => Object.assign(n, { weights: W2[j], bias: b2[j] }));
    output.forEach((n, k) => Object.assign(n, { weights: W3[k], bias: b3[k] }));
  },
  parameters: ({ hidden, output }) => ({
    W2: hidden.map((n) => n.weights),
    b2: hidden.map((n) => n.bias),
    W3: output.map((n) => n.weights),
    b3: output.map((n) => n.bias),
  }),
  forward: (net, x) => net.activate(x),
  step(net, x, y, rate) {
    net.activate(x);
    net.propagate(y, rate);
  },
});
