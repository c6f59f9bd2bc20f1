import { defineCheck } from "deltarule/check";
import { Regressor } from "./wrong-activation-derivative-class.ts";

export default defineCheck({
  network: "2-5-4-3",
  activation: "leaky-relu,leaky-relu,identity",
  loss: "half-squared",
  create: () => new Regressor(),
  setParameters: (net, p: Record<string, number[][] & number[]>) =>
    net.layers.forEach((layer, l) => Object.assign(layer, { W: p[`W${l + 2}`], b: p[`b${l + 2}`] })),
  forward: (net, x: number[]) => net.predict(x),
  gradients(net, x: number[], y: number[]) {
    net.computeGradients(x, y);
    return Object.fromEntries(
      net.layers.flatMap(({ dW, db }, l): [string, unknown][] => [
        [`dW${l + 2}`, dW],
        [`db${l + 2}`, db],
      ]),
    );
  },
});
