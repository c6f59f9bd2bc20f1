import { defineCheck } from "deltarule/check";
import { updateMiniBatch } from "./regulariser-per-batch-loops.cjs";

export default defineCheck({
  network: "2-4-3",
  loss: "half-squared",
  l2: 0.2,
  batch: 4,
  create: () => ({}),
  setParameters: (net, { W2, b2, W3, b3 }) => Object.assign(net, { w1: W2, b1: b2, w2: W3, b2: b3 }),
  parameters: ({ w1, b1, w2, b2 }) => ({ W2: w1, b2: b1, W3: w2, b3: b2 }),
  step: (net, xs, ys, eta) =>
    updateMiniBatch(
      net,
      xs.map((x, s) => [x, ys[s]]),
      eta,
    ),
});
