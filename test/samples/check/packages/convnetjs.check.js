// convnetjs 0.3.0, as its Trainer uses it: gradients pile up in the layers and are set to zero after each update.
import convnetjs from "convnetjs";
import { defineCheck } from "deltarule/check";

const dense = (net) => net.layers.filter(({ layer_type }) => layer_type === "fc");
const volume = (x) => {
  const vol = new convnetjs.Vol(1, 1, x.length, 0);
  x.forEach((value, i) => (vol.w[i] = value));
  return vol;
};

export const regression = (activation) =>
  defineCheck({
    network: "4-5-3",
    activation: `${activation},identity`,
    loss: "half-squared",
    create: () => {
      const net = new convnetjs.Net();
      net.makeLayers([
        { type: "input", out_sx: 1, out_sy: 1, out_depth: 4 },
        { type: "fc", num_neurons: 5, activation },
        { type: "regression", num_neurons: 3 },
      ]);
      return net;
    },
    parameters: (net) => {
      const [hidden, output] = dense(net);
      return {
        W2: hidden.filters.map(({ w }) => w),
        b2: hidden.biases.w,
        W3: output.filters.map(({ w }) => w),
        b3: output.biases.w,
      };
    },
    forward: (net, x) => net.forward(volume(x)).w,
    gradients: (net, x, y) => {
      for (const { grads } of net.getParamsAndGrads()) for (let i = 0; i < grads.length; i++) grads[i] = 0;
      net.forward(volume(x));
      net.backward(y);
      const [hidden, output] = dense(net);
      return {
        W2: hidden.filters.map(({ dw }) => dw),
        b2: hidden.biases.dw,
        W3: output.filters.map(({ dw }) => dw),
        b3: output.biases.dw,
      };
    },
  });

export const tanh = regression("tanh");
export const relu = regression("relu");
export const sigmoid = regression("sigmoid");

/** With the loss as it reports it. */
export const reported = defineCheck({
  ...tanh,
  objective: (net, x, y) => {
    net.forward(volume(x));
    return net.backward(y);
  },
});
