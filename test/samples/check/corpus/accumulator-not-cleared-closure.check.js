import { defineCheck } from "deltarule/check";
import { classifier } from "./accumulator-not-cleared-closure.js";

export default defineCheck({
  network: "3-2-4",
  activation: "tanh,softmax",
  loss: "cross-entropy",
  create: ({ sizes: [nIn, nHid, nOut] }) => classifier(nIn, nHid, nOut),
  setParameters: (net, { W2, b2, W3, b3 }) => net.load({ W1: W2, b1: b2, W2: W3, b2: b3 }),
  forward: (net, x) => net.predict(x),
  gradients(net, x, y) {
    const { gW1, gb1, gW2, gb2 } = net.grad(x, y);
    return { W2: gW1, b2: gb1, W3: gW2, b3: gb2 };
  },
});
