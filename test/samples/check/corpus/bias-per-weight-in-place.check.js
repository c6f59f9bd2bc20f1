import { defineCheck } from "deltarule/check";
import { forward, makeNet, teach } from "./bias-per-weight-in-place.js";

export default defineCheck({
  network: "2-4-3",
  loss: "half-squared",
  create: ({ sizes }) => makeNet(sizes),
  setParameters: (net, parameters) =>
    net.forEach((layer, l) =>
      layer.forEach((n, j) => {
        n.w = parameters[`W${l + 2}`][j];
        n.b = parameters[`b${l + 2}`][j];
      }),
    ),
  parameters: (net) =>
    Object.fromEntries(
      net.flatMap((layer, l) => [
        [`W${l + 2}`, layer.map((n) => n.w)],
        [`b${l + 2}`, layer.map((n) => n.b)],
      ]),
    ),
  forward,
  step: teach,
});
