import { defineCheck } from "deltarule/check";
import { Perceptron } from "./constant-factor-class.ts";

export default defineCheck({
  network: "2-4-3",
  loss: "half-squared",
  create: () => new Perceptron(2, 4, 3),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    Object.assign(net, { w1: p.W2, b1: p.b2, w2: p.W3, b2: p.b3 });
  },
  forward: (net, x: number[]) => net.predict(x).output,
  objective: (net, x: number[], y: number[]) => net.error(x, y),
  gradients(net, x: number[], y: number[]) {
    net.backprop(x, y);
    const { w1, b1, w2, b2 } = net.gradients;
    return { W2: w1, b2: b1, W3: w2, b3: b2 };
  },
});
