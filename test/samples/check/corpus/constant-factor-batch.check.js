import { defineCheck } from "deltarule/check";
import { BatchNet } from "./constant-factor-batch.js";

const units = (W, b) => W.map((w, j) => ({ w, b: b[j] }));

export default defineCheck({
  network: "2-4-3",
  activation: "tanh,sigmoid",
  loss: "mean-squared",
  batch: 3,
  create: ({ sizes }) => new BatchNet(...sizes),
  setParameters: (net, { W2, b2, W3, b3 }) => Object.assign(net, { hidden: units(W2, b2), outputs: units(W3, b3) }),
  forward: (net, xs) => xs.map((x) => net.run(x).o),
  gradients(net, xs, ys) {
    const { hidden, outputs } = net.gradients(xs.map((input, s) => ({ input, output: ys[s] })));
    return {
      W2: hidden.map(({ w }) => w),
      b2: hidden.map(({ b }) => b),
      W3: outputs.map(({ w }) => w),
      b3: outputs.map(({ b }) => b),
    };
  },
});
