import { NeuralNetwork, Tensor } from "toygrad";
import { each, gather } from "./theta.mjs";

export function prepare({ sizes, layers, theta, x, y }) {
  const net = new NeuralNetwork({
    layers: [
      { type: "input", sx: 1, sy: 1, sz: sizes[0] },
      ...sizes.slice(1).flatMap((size) => [{ type: "dense", filters: size }, { type: "sigmoid" }]),
      { type: "regression" },
    ],
  });
  const dense = net.layers.filter(({ options }) => options.type === "dense");
  each(layers, theta, (l, j, k, value) => {
    if (k === null) dense[l].biases.w[j] = value;
    else dense[l].filters[j].w[k] = value;
  });
  const tensor = new Tensor(1, 1, sizes[0], Float32Array.from(x));
  const target = Float32Array.from(y);
  const clear = () => {
    for (const { filters, biases } of dense) {
      for (const filter of filters) filter.dw.fill(0);
      biases.dw.fill(0);
    }
  };
  return {
    step: () => {
      clear();
      net.forward(tensor, true);
      return net.backward(target);
    },
    found: () => gather(layers, (l, j, k) => (k === null ? dense[l].biases.dw[j] : dense[l].filters[j].dw[k])),
  };
}
