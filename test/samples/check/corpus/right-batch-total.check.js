import { defineCheck } from "deltarule/check";
import { totalGradient } from "./right-batch-total.js";

export default defineCheck({
  network: "2-4-3",
  activation: "elu,identity",
  loss: "half-squared",
  batch: 3,
  reduction: "sum",
  create: () => ({}),
  setParameters: (net, { W2, b2, W3, b3 }) => Object.assign(net, { V: W2, c: b2, U: W3, d: b3 }),
  gradients(net, xs, ys) {
    const { V, c, U, d } = totalGradient(
      net,
      xs.map((x, s) => [x, ys[s]]),
    );
    return { W2: V, b2: c, W3: U, b3: d };
  },
});
