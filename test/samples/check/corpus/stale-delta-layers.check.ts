import { defineCheck } from "deltarule/check";
import { Network } from "./stale-delta-layers.ts";

export default defineCheck({
  network: "2-4-3",
  loss: "half-squared",
  create: ({ sizes }) => new Network(sizes),
  setParameters: (net, p: Record<string, number[][] & number[]>) =>
    net.layers.forEach((layer, l) => Object.assign(layer, { weights: p[`W${l + 2}`], biases: p[`b${l + 2}`] })),
  forward: (net, x: number[]) => net.forward(x),
  gradients(net, x: number[], y: number[]) {
    const [W2, W3] = net.backward(x, y);
    return { W2, b2: net.layers[0]!.deltas, W3, b3: net.layers[1]!.deltas };
  },
});
