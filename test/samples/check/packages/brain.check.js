// brain.js 1.6.1: one training pattern, momentum switched off.
import brain from "brain.js";
import { defineCheck } from "deltarule/check";

export const network = (name, activation = name) =>
  defineCheck({
    network: "4-5-3",
    activation,
    loss: "half-squared",
    create: () => {
      const net = new brain.NeuralNetwork({ hiddenLayers: [5], activation: name });
      net.sizes = [4, 5, 3];
      net.initialize();
      net.trainOpts.momentum = 0;
      return net;
    },
    parameters: (net) => ({ W2: net.weights[1], b2: net.biases[1], W3: net.weights[2], b3: net.biases[2] }),
    forward: (net, x) => net.runInput(x),
    step: (net, x, y, rate) => {
      net.trainOpts.learningRate = rate;
      net.runInput(x);
      net.calculateDeltas(y);
      net.adjustWeights();
    },
  });

export const sigmoid = network("sigmoid");
export const tanh = network("tanh");
export const relu = network("relu");
export const leakyRelu = network("leaky-relu");
/** Against what its forward pass computes under that name. */
export const leakyReluAsComputed = network("leaky-relu", "z > 0 ? 0.01 * z : 0");
