import { defineCheck } from "deltarule/check";
import { UnitNetwork } from "./bias-from-pre-activation-class.ts";

type Parameters = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };

export default defineCheck({
  network: "2-4-3",
  loss: "half-squared",
  create: () => new UnitNetwork(4, 3),
  setParameters({ hidden, outputs }, { W2, b2, W3, b3 }: Parameters) {
    hidden.forEach((unit, j) => Object.assign(unit, { weights: W2[j], bias: b2[j] }));
    outputs.forEach((unit, k) => Object.assign(unit, { weights: W3[k], bias: b3[k] }));
  },
  parameters: ({ hidden, outputs }) => ({
    W2: hidden.map((unit) => unit.weights),
    b2: hidden.map((unit) => unit.bias),
    W3: outputs.map((unit) => unit.weights),
    b3: outputs.map((unit) => unit.bias),
  }),
  forward: (net, x: number[]) => net.run(x),
  step: (net, x: number[], y: number[], rate) => net.teach(x, y, rate),
});
