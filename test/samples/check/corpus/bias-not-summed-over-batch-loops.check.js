import { defineCheck } from "deltarule/check";
import { accumulate } from "./bias-not-summed-over-batch-loops.js";

export default defineCheck({
  network: "4-2-3",
  activation: "tanh",
  loss: "mean-squared",
  batch: 2,
  create: () => ({}),
  setParameters: (net, { W2, b2, W3, b3 }) =>
    Object.assign(net, { hidden: W2, hiddenBias: b2, output: W3, outputBias: b3 }),
  gradients(net, xs, ys) {
    const zeros = (rows) => rows.map((row) => row.map(() => 0));
    const acc = { hidden: zeros(net.hidden), hiddenBias: [], output: zeros(net.output), outputBias: [] };
    accumulate(
      net,
      xs.map((input, s) => ({ input, target: ys[s] })),
      acc,
    );
    return { W2: acc.hidden, b2: acc.hiddenBias, W3: acc.output, b3: acc.outputBias };
  },
});
