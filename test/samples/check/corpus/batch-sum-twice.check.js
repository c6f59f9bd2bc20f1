import { defineCheck } from "deltarule/check";
import { batchGradients } from "./batch-sum-twice.js";

export default defineCheck({
  network: "2-4-3",
  activation: "tanh,sigmoid",
  loss: "mean-squared",
  batch: 3,
  create: () => ({}),
  setParameters: (net, { W2, b2, W3, b3 }) => Object.assign(net, { W1: W2, b1: b2, W2: W3, b2: b3 }),
  gradients(net, xs, ys) {
    const { dW1, db1, dW2, db2 } = batchGradients(net, xs, ys);
    return { W2: dW1, b2: db1, W3: dW2, b3: db2 };
  },
});
