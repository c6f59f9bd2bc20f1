import { defineCheck } from "deltarule/check";
import { computeGradients, Net } from "./right-accumulators.js";

export default defineCheck({
  network: "2-5-4-3",
  loss: "mean-squared",
  batch: 2,
  create: ({ sizes }) => new Net(sizes),
  setParameters: (net, parameters) =>
    net.layers.forEach((layer, l) => {
      layer.weight = parameters[`W${l + 2}`];
      layer.bias = parameters[`b${l + 2}`];
    }),
  forward: (net, xs) => xs.map((x) => net.forward(x)),
  gradients(net, xs, ys) {
    computeGradients(net, xs, ys);
    return Object.fromEntries(
      net.layers.flatMap((layer, l) => [
        [`W${l + 2}`, layer.weightGrad],
        [`b${l + 2}`, layer.biasGrad],
      ]),
    );
  },
});
