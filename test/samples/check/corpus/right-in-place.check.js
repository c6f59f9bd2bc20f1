import { defineCheck } from "deltarule/check";
import { createNet, run, step } from "./right-in-place.js";

export default defineCheck({
  network: "3-4-2",
  activation: "leaky-relu,sigmoid",
  loss: "binary-cross-entropy",
  create: ({ sizes }) => createNet(...sizes),
  parameters: ({ w1, b1, w2, b2 }) => ({ W2: w1, b2: b1, W3: w2, b3: b2 }),
  forward: run,
  step,
});
