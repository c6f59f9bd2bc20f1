import { defineCheck } from "deltarule/check";
import { Sequential } from "./softmax-applied-twice-class.ts";

export default defineCheck({
  network: "2-4-3",
  activation: "tanh,softmax",
  loss: "cross-entropy",
  create: () => new Sequential(),
  setParameters({ hidden, output }, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    Object.assign(hidden, { weight: p.W2, bias: p.b2 });
    Object.assign(output, { weight: p.W3, bias: p.b3 });
  },
  forward: (net, x: number[]) => net.forward(x),
  objective: (net, x: number[], y: number[]) => net.criterion.forward(net.forward(x), y),
  gradients(net, x: number[], y: number[]) {
    net.backward(x, y);
    const { hidden, output } = net;
    return { W2: hidden.weightGrad, b2: hidden.biasGrad, W3: output.weightGrad, b3: output.biasGrad };
  },
});
