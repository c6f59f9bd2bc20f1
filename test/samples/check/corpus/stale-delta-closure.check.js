import { defineCheck } from "deltarule/check";
import { trainer } from "./stale-delta-closure.js";

export default defineCheck({
  network: "3-2-4",
  activation: "tanh,softmax",
  loss: "cross-entropy",
  create: ({ sizes }) => trainer(...sizes),
  setParameters: ({ weights }, { W2, b2, W3, b3 }) => Object.assign(weights, { W1: W2, b1: b2, W2: W3, b2: b3 }),
  parameters: ({ weights: { W1, b1, W2, b2 } }) => ({ W2: W1, b2: b1, W3: W2, b3: b2 }),
  step: (net, x, y, rate) => net.step(x, y, rate),
});
