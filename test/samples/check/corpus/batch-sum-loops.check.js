import { defineCheck } from "deltarule/check";
import { fullBatchGradient } from "./batch-sum-loops.js";

export default defineCheck({
  network: "3-4-2",
  activation: "tanh,identity",
  loss: "half-squared",
  batch: 5,
  reduction: "mean",
  create: () => ({}),
  setParameters: (net, { W2, b2, W3, b3 }) => Object.assign(net, { w: W2, b: b2, v: W3, c: b3 }),
  gradients(net, xs, ys) {
    const { gw, gb, gv, gc } = fullBatchGradient(net, xs, ys);
    return { W2: gw, b2: gb, W3: gv, b3: gc };
  },
});
