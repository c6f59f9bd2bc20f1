import { defineCheck } from "deltarule/check";
import { Brain } from "./bias-missing-class.js";

export default defineCheck({
  network: "2-4-3",
  activation: "tanh",
  create: ({ sizes }) => new Brain(...sizes),
  parameters: (brain) => ({
    W2: brain.hiddenWeights,
    b2: brain.hiddenBias,
    W3: brain.outputWeights,
    b3: brain.outputBias,
  }),
  forward: (brain, x) => brain.think(x),
  step: (brain, x, y, rate) => brain.learn(x, y, rate),
});
