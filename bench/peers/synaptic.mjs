import synaptic from "synaptic";
import { each, followed, gather } from "./theta.mjs";

// Small, since deltas of hidden layers are taken from weights that are already updated.
const rate = 1e-6;

export function prepare({ mode, sizes, layers, theta, x, y }) {
  const net = new synaptic.Architect.Perceptron(...sizes);
  const neurons = [net.layers.input, ...net.layers.hidden, net.layers.output].map(({ list }) => list);
  const incoming = neurons.slice(1).map((layer, l) =>
    layer.map((neuron) => {
      const connections = Object.values(neuron.connections.inputs);
      return neurons[l].map((from) => connections.find((connection) => connection.from === from));
    }),
  );
  each(layers, theta, (l, j, k, value) => {
    if (k === null) neurons[l + 1][j].bias = value;
    else incoming[l][j][k].weight = value;
  });
  const [input, target] = [[...x], [...y]];
  if (mode === "forward") {
    const run = net.standalone();
    let output = [];
    return { step: () => (output = run(input)), found: () => output };
  }
  return {
    step: () => {
      net.activate(input);
      net.propagate(rate, target);
    },
    found: () => {
      net.restore();
      const weights = gather(layers, (l, j, k) => (k === null ? neurons[l + 1][j].bias : incoming[l][j][k].weight));
      return followed(theta, weights, rate);
    },
  };
}
