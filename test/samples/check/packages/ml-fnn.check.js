// ml-fnn 5.0.0: a batch through its layers; what it subtracts for the class of a label is the target here.
import Network from "ml-fnn";
import { Matrix } from "ml-matrix";
import { defineCheck } from "deltarule/check";

export const batch = (activation, name) =>
  defineCheck({
    network: "4-5-3",
    activation: `${name},softmax`,
    loss: "cross-entropy",
    batch: 2,
    reduction: "sum",
    create: () => {
      const net = new Network({ hiddenLayers: [5] });
      net.activation = activation;
      net.buildNetwork(4, 3);
      return net;
    },
    parameters: ({ model: [hidden, output] }) => ({ W2: hidden.W, b2: hidden.b, W3: output.W, b3: output.b }),
    forward: (net, x) => net.propagate(new Matrix(x)).to2DArray(),
    gradients: (net, x, y) => {
      const features = new Matrix(x);
      const [hidden, output] = net.model;
      const error = net.propagate(features).sub(new Matrix(y));
      hidden.backpropagation(output.backpropagation(error, hidden.a), features);
      return { W2: hidden.dW, b2: hidden.db, W3: output.dW, b3: output.db };
    },
  });

export const tanh = batch("tanh", "tanh");
export const logistic = batch("logistic", "sigmoid");
export const sinusoid = batch("sinusoid", "sin");
export const relu = batch("relu", "relu");
