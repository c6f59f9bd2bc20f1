import { defineCheck } from "deltarule/check";
import { NeuronNet } from "./accumulator-not-cleared-class.ts";

export default defineCheck({
  network: "2-4-3",
  create: ({ sizes }) => new NeuronNet(sizes),
  setParameters: (net, p: Record<string, number[][] & number[]>) =>
    net.layers.forEach((layer, l) =>
      layer.forEach((neuron, j) => {
        neuron.weights = p[`W${l + 2}`]![j]!;
        neuron.bias = (p[`b${l + 2}`] as number[])[j]!;
      }),
    ),
  forward: (net, x: number[]) => net.activate(x),
  gradients(net, x: number[], y: number[]) {
    net.backpropagate(x, y);
    return Object.fromEntries(
      net.layers.flatMap((layer, l): [string, unknown][] => [
        [`W${l + 2}`, layer.map((neuron) => neuron.weightGradients)],
        [`b${l + 2}`, layer.map((neuron) => neuron.biasGradient)],
      ]),
    );
  },
});
