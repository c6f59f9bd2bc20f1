import { defineCheck } from "deltarule/check";
import { NN } from "./derivative-of-error-class.js";

export default defineCheck({
  network: "2-4-3",
  loss: "half-squared",
  create: ({ sizes }) => new NN(...sizes),
  setParameters: (net, { W2, b2, W3, b3 }) => Object.assign(net, { ih: W2, bh: b2, ho: W3, bo: b3 }),
  parameters: ({ ih, bh, ho, bo }) => ({ W2: ih, b2: bh, W3: ho, b3: bo }),
  forward: (net, x) => net.predict(x),
  learningRate: 0.5,
  step: (net, x, y) => net.train(x, y),
});
