import { defineCheck } from "deltarule/check";
import { ReluClassifier } from "./kink-convention-class.js";

export default defineCheck({
  network: "3-5-4",
  activation: "relu,softmax",
  loss: "cross-entropy",
  create: ({ sizes }) => new ReluClassifier(...sizes),
  parameters: ({ w1, b1, w2, b2 }) => ({ W2: w1, b2: b1, W3: w2, b3: b2 }),
  forward: (net, x) => net.forward(x),
  step: (net, x, y, rate) => net.train(x, y, rate),
});
