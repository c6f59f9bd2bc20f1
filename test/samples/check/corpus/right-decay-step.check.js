import { defineCheck } from "deltarule/check";
import { Trainer } from "./right-decay-step.js";

export default defineCheck({
  network: "3-4-2",
  loss: "half-squared",
  l2: 0.2,
  create: ({ sizes }) => new Trainer(...sizes),
  setParameters: (net, { W2, b2, W3, b3 }) =>
    Object.assign(net, { hidden: W2, hiddenBias: b2, output: W3, outputBias: b3 }),
  parameters: ({ hidden, hiddenBias, output, outputBias }) => ({
    W2: hidden,
    b2: hiddenBias,
    W3: output,
    b3: outputBias,
  }),
  forward: (net, x) => net.predict(x)[1],
  learningRate: 0.05,
  step: (net, x, y) => net.learn(x, y),
});
