import { defineCheck } from "deltarule/check";
import { ReluRegressor } from "./right-class.ts";

export default defineCheck({
  network: "2-5-3",
  activation: "relu,identity",
  loss: "half-squared",
  create: ({ sizes }) => new ReluRegressor(sizes[0]!, sizes[1]!, sizes[2]!),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    net.weights = { w1: p.W2, b1: p.b2, w2: p.W3, b2: p.b3 };
  },
  parameters: ({ weights: { w1, b1, w2, b2 } }) => ({ W2: w1, b2: b1, W3: w2, b3: b2 }),
  forward: (net, x: number[]) => net.predict(x),
  step: (net, x: number[], y: number[], rate) => net.train(x, y, rate),
});
