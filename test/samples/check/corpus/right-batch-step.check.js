import { defineCheck } from "deltarule/check";
import { SoftmaxNet } from "./right-batch-step.js";

export default defineCheck({
  network: "4-5-3",
  activation: "relu,softmax",
  loss: "cross-entropy",
  batch: 3,
  create: ({ sizes }) => new SoftmaxNet(...sizes),
  parameters: ({ W1, b1, W2, b2 }) => ({ W2: W1, b2: b1, W3: W2, b3: b2 }),
  forward: (net, xs) => xs.map((x) => net.forward(x).p),
  step: (net, xs, ys, rate) => net.trainBatch(xs, ys, rate),
});
