import { defineCheck } from "deltarule/check";
import { FeedForward } from "./activation-of-wrong-layer-layers.js";

export default defineCheck({
  network: "2-3-4",
  loss: "half-squared",
  create: () => new FeedForward(2, 3, 4),
  setParameters: (net, parameters) =>
    net.layers.forEach((layer, l) => Object.assign(layer, { W: parameters[`W${l + 2}`], b: parameters[`b${l + 2}`] })),
  forward: (net, x) => net.run(x).at(-1),
  gradients(net, x, y) {
    const [{ dW: dW2, db: db2 }, { dW: dW3, db: db3 }] = net.gradients(x, y);
    return { dW2, db2, dW3, db3 };
  },
});
