import { defineCheck } from "deltarule/check";
import { createLearner } from "./learning-rate-closure.ts";

export default defineCheck({
  network: "2-5-3",
  activation: "tanh,identity",
  loss: "mean-squared",
  create: () => createLearner([], [], [], []),
  setParameters: ({ net }, { W2, b2, W3, b3 }: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) =>
    void Object.assign(net, { W1: W2, b1: b2, W2: W3, b2: b3 }),
  parameters: ({ net: { W1, b1, W2, b2 } }) => ({ W2: W1, b2: b1, W3: W2, b3: b2 }),
  forward: ({ predict }, x: number[]) => predict(x),
  step: ({ learn }, x: number[], y: number[], rate) => learn(x, y, rate),
});
