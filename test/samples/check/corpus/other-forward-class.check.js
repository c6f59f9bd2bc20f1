import { defineCheck } from "deltarule/check";
import { Model } from "./other-forward-class.js";

export default defineCheck({
  network: "2-4-3",
  activation: "tanh",
  loss: "half-squared",
  create: ({ sizes: [inputs, hidden, outputs] }) => new Model({ inputs, hidden, outputs }),
  setParameters: (model, { W2, b2, W3, b3 }) =>
    Object.assign(model, { kernel1: W2, bias1: b2, kernel2: W3, bias2: b3 }),
  forward: (model, x) => model.predict(x),
  gradients(model, x, y) {
    const [W2, b2, W3, b3] = model.gradient(x, y);
    return { W2, b2, W3, b3 };
  },
});
