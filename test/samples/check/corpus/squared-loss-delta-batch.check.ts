import { defineCheck } from "deltarule/check";
import { gradients, lossOf, type Model } from "./squared-loss-delta-batch.ts";

export default defineCheck({
  network: "2-4-3",
  activation: "tanh,sigmoid",
  loss: "binary-cross-entropy",
  batch: 2,
  create: (): Model => ({ W1: [], b1: [], W2: [], b2: [] }),
  setParameters: (net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) =>
    void Object.assign(net, { W1: p.W2, b1: p.b2, W2: p.W3, b2: p.b3 }),
  objective: lossOf,
  gradients(net, xs: number[][], ys: number[][]) {
    const { W1, b1, W2, b2 } = gradients(net, xs, ys);
    return { W2: W1, b2: b1, W3: W2, b3: b2 };
  },
});
