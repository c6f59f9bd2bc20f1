import { defineCheck } from "deltarule/check";
import { BiasColumnNet } from "./right-bias-column.js";

const weights = (m) => m.map((row) => row.slice(0, -1));
const biases = (m) => m.map((row) => row.at(-1));
const join = (W, b) => W.map((row, j) => [...row, b[j]]);

export default defineCheck({
  network: "3-2-4",
  activation: "tanh",
  loss: "half-squared",
  create: ({ sizes }) => new BiasColumnNet(...sizes),
  setParameters(net, { W2, b2, W3, b3 }) {
    net.W1 = join(W2, b2);
    net.W2 = join(W3, b3);
  },
  forward: (net, x) => net.forward(x),
  gradients(net, x, y) {
    const { g1, g2 } = net.grad(x, y);
    return { W2: weights(g1), b2: biases(g1), W3: weights(g2), b3: biases(g2) };
  },
});
