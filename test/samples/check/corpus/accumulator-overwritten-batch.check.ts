import { defineCheck } from "deltarule/check";
import { BatchTrainer } from "./accumulator-overwritten-batch.ts";

export default defineCheck({
  network: "2-4-3",
  loss: "half-squared",
  batch: 3,
  create: () => new BatchTrainer(),
  setParameters: (net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) =>
    void Object.assign(net, { W1: p.W2, b1: p.b2, W2: p.W3, b2: p.b3 }),
  parameters: ({ W1, b1, W2, b2 }) => ({ W2: W1, b2: b1, W3: W2, b3: b2 }),
  step: (net, xs: number[][], ys: number[][], rate) => net.trainBatch(xs, ys, rate),
});
