// neataptic 1.4.7.
import neataptic from "neataptic";
import { defineCheck } from "deltarule/check";

const sizes = [4, 5, 3];
/** Nodes lie layer after layer. */
const layer = (net, number) => {
  const start = sizes.slice(0, number - 1).reduce((sum, size) => sum + size, 0);
  return net.nodes.slice(start, start + sizes[number - 1]);
};
const into = (node, from) => from.map((source) => node.connections.in.find((connection) => connection.from === source));

export default defineCheck({
  network: sizes.join("-"),
  loss: "half-squared",
  create: () => new neataptic.architect.Perceptron(...sizes),
  setParameters: (net, parameters) => {
    for (const number of [2, 3])
      layer(net, number).forEach((node, j) => {
        node.bias = parameters[`b${number}`][j];
        into(node, layer(net, number - 1)).forEach((c, k) => (c.weight = parameters[`W${number}`][j][k]));
      });
  },
  parameters: (net) =>
    Object.fromEntries(
      [2, 3].flatMap((number) => [
        [
          `W${number}`,
          layer(net, number).map((node) => into(node, layer(net, number - 1)).map(({ weight }) => weight)),
        ],
        [`b${number}`, layer(net, number).map(({ bias }) => bias)],
      ]),
    ),
  forward: (net, x) => net.activate(x, true),
  step: (net, x, y, rate) => {
    net.activate(x, true);
    net.propagate(rate, 0, true, y);
  },
});
