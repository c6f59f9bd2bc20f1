import { defineCheck } from "deltarule/check";
import { Net } from "./sign-in-place.js";

export default defineCheck({
  network: "2-4-3",
  activation: "tanh,identity",
  loss: "half-squared",
  create: ({ sizes }) => new Net(...sizes),
  parameters: ({ V, a, W, b }) => ({ W2: V, b2: a, W3: W, b3: b }),
  forward: (net, x) => net.output(x),
  step: (net, x, y, eta) => net.train(x, y, eta),
});
