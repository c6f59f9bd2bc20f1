import { defineCheck } from "deltarule/check";
import { Network } from "./cross-entropy-delta-class.js";

export default defineCheck({
  network: "3-2-4",
  activation: "tanh",
  create: ({ sizes }) => new Network(sizes),
  setParameters(net, parameters) {
    net.weights = net.weights.map((_, l) => parameters[`W${l + 2}`]);
    net.biases = net.biases.map((_, l) => parameters[`b${l + 2}`]);
  },
  forward: (net, x) => net.feedforward(x),
  objective: (net, x, y) => net.cost(x, y),
  gradients(net, x, y) {
    const { nablaW, nablaB } = net.backprop(x, y);
    return Object.fromEntries(
      nablaW.flatMap((w, l) => [
        [`W${l + 2}`, w],
        [`b${l + 2}`, nablaB[l]],
      ]),
    );
  },
});
