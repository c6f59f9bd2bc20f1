import { defineCheck } from "deltarule/check";
import { network } from "./right-closure.ts";

type Parameters = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };

const units = (W: number[][], b: number[]) => W.map((w, j) => ({ w, b: b[j]! }));

export default defineCheck({
  network: "2-4-3",
  activation: "tanh,identity",
  create: ({ sizes }) => network(sizes[0]!, sizes[1]!, sizes[2]!),
  setParameters: (net, { W2, b2, W3, b3 }: Parameters) => net.write({ hidden: units(W2, b2), output: units(W3, b3) }),
  parameters(net) {
    const { hidden, output } = net.read();
    return {
      W2: hidden.map(({ w }) => w),
      b2: hidden.map(({ b }) => b),
      W3: output.map(({ w }) => w),
      b3: output.map(({ b }) => b),
    };
  },
  forward: (net, x: number[]) => net.predict(x),
  step: (net, x: number[], y: number[], rate) => net.learn(x, y, rate),
});
