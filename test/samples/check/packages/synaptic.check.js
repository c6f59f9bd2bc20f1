// synaptic 1.1.4, without the code that it generates at run time.
import { Architect } from "synaptic";
import { defineCheck } from "deltarule/check";

const layersOf = (net) => [...net.layers.hidden, net.layers.output];
/** Connections into a neuron, in the order of the neurons they come from. */
const incoming = (neuron, from) =>
  from.list.map(({ ID }) => Object.values(neuron.connections.inputs).find((connection) => connection.from.ID === ID));
const eachLayer = (net, visit) =>
  layersOf(net).forEach((layer, i) => visit(layer, i === 0 ? net.layers.input : layersOf(net)[i - 1], i + 2));

export default defineCheck({
  network: "4-5-3",
  loss: "half-squared",
  create: () => {
    const net = new Architect.Perceptron(4, 5, 3);
    net.setOptimize(false);
    return net;
  },
  setParameters: (net, parameters) =>
    eachLayer(net, (layer, from, number) =>
      layer.list.forEach((neuron, j) => {
        neuron.bias = parameters[`b${number}`][j];
        incoming(neuron, from).forEach((connection, k) => (connection.weight = parameters[`W${number}`][j][k]));
      }),
    ),
  parameters: (net) => {
    const found = {};
    eachLayer(net, (layer, from, number) => {
      found[`W${number}`] = layer.list.map((neuron) => incoming(neuron, from).map(({ weight }) => weight));
      found[`b${number}`] = layer.list.map(({ bias }) => bias);
    });
    return found;
  },
  forward: (net, x) => net.activate(x),
  step: (net, x, y, rate) => {
    net.activate(x);
    net.propagate(rate, y);
  },
});
