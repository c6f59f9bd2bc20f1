import { defineCheck } from "deltarule/check";
import { MultilayerPerceptron } from "./learning-rate-class.ts";

export default defineCheck({
  network: "2-4-3",
  activation: "tanh",
  loss: "half-squared",
  create: () => new MultilayerPerceptron(),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    net.weights = [p.W2, p.W3];
    net.thresholds = [p.b2, p.b3];
  },
  parameters: ({ weights, thresholds }) => ({
    W2: weights[0],
    b2: thresholds[0],
    W3: weights[1],
    b3: thresholds[1],
  }),
  forward: (net, x: number[]) => net.propagate(x)[1],
  step: (net, x: number[], y: number[], rate) => net.descend(x, y, rate),
});
