import { defineCheck } from "deltarule/check";
import { createNetwork, predict, train } from "./updated-weights-loops.js";

export default defineCheck({
  network: "2-4-3",
  loss: "half-squared",
  create: ({ sizes: [inputs, hidden, outputs] }) => createNetwork(inputs, hidden, outputs),
  parameters: (net) => ({ W2: net.wh, b2: net.bh, W3: net.wo, b3: net.bo }),
  forward: (net, x) => predict(net, x).slice(),
  step: (net, x, y, rate) => train(net, x, y, rate),
});
