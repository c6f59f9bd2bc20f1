import { defineCheck } from "deltarule/check";
import { TagPredictor } from "./other-loss-class.ts";

type Parameters = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };

export default defineCheck({
  network: "3-4-2",
  loss: "half-squared",
  create: () => new TagPredictor(),
  setParameters({ hidden, tags }, { W2, b2, W3, b3 }: Parameters) {
    hidden.splice(0, hidden.length, ...W2.map((weights, j) => ({ weights, bias: b2[j]! })));
    tags.splice(0, tags.length, ...W3.map((weights, k) => ({ weights, bias: b3[k]! })));
  },
  forward: (net, x: number[]) => net.predict(x),
  objective: (net, x: number[], y: number[]) => net.loss(x, y),
  gradients(net, x: number[], y: number[]) {
    const { hidden, tags } = net.gradients(x, y);
    return {
      W2: hidden.map((unit) => unit.weights),
      b2: hidden.map((unit) => unit.bias),
      W3: tags.map((unit) => unit.weights),
      b3: tags.map((unit) => unit.bias),
    };
  },
});
