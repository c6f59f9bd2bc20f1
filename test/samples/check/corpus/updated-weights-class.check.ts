import { defineCheck } from "deltarule/check";
import { DeepNet } from "./updated-weights-class.ts";

export default defineCheck({
  network: "2-5-4-3",
  activation: "tanh,tanh,identity",
  create: ({ sizes }) => new DeepNet(sizes),
  setParameters: (net, p: Record<string, number[][] & number[]>) =>
    net.layers.forEach((layer, l) => {
      layer.weights = p[`W${l + 2}`]!;
      layer.biases = p[`b${l + 2}`]!;
    }),
  parameters: ({ layers }) =>
    Object.fromEntries(
      layers.flatMap(({ weights, biases }, l): [string, unknown][] => [
        [`W${l + 2}`, weights],
        [`b${l + 2}`, biases],
      ]),
    ),
  forward: (net, x: number[]) => net.forward(x),
  step: (net, x: number[], y: number[], rate) => net.fit(x, y, rate),
});
