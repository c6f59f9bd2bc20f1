import convnetjs from "convnetjs";
import { each, gather } from "./theta.mjs";

export function prepare({ mode, sizes, layers, theta, x, y }) {
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: sizes[0] },
    ...sizes.slice(1).map((size) => ({ type: "fc", num_neurons: size, activation: "sigmoid" })),
  ]);
  const dense = net.layers.filter(({ layer_type: type }) => type === "fc");
  // Asked for by its name, it would bring a linear layer along.
  net.layers.push(new convnetjs.RegressionLayer({ in_sx: 1, in_sy: 1, in_depth: sizes.at(-1) }));
  each(layers, theta, (l, j, k, value) => {
    if (k === null) dense[l].biases.w[j] = value;
    else dense[l].filters[j].w[k] = value;
  });
  const volume = new convnetjs.Vol(1, 1, sizes[0], 0);
  volume.w = Float64Array.from(x);
  const target = [...y];
  let output = [];
  if (mode === "forward") return { step: () => (output = net.forward(volume).w), found: () => output };
  const clear = () => {
    for (const { filters, biases } of dense) {
      for (const filter of filters) filter.dw.fill(0);
      biases.dw.fill(0);
    }
  };
  // Gradients are added to what is there: cleared before each step, so that they can be read after it.
  return {
    step: () => {
      clear();
      net.forward(volume, true);
      return net.backward(target);
    },
    found: () => gather(layers, (l, j, k) => (k === null ? dense[l].biases.dw[j] : dense[l].filters[j].dw[k])),
  };
}
