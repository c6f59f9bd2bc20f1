import { defineCheck } from "deltarule/check";
import { Mlp } from "./bias-summed-over-units-in-place.js";

export default defineCheck({
  network: "3-2-4",
  activation: "tanh,softmax",
  loss: "cross-entropy",
  create: ({ sizes }) => new Mlp(...sizes),
  parameters: ({ w1, b1, w2, b2 }) => ({ W2: w1, b2: b1, W3: w2, b3: b2 }),
  forward: (net, x) => net.run(x),
  step: (net, x, y, rate) => net.learn(x, y, rate),
});
