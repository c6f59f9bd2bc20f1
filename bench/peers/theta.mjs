// Adapters put a network's weights into a library and read its gradient back. An adapter exports
// prepare({ mode, sizes, layers, theta, x, y }), which returns what is timed, `step`, and `found`: the gradient in
// θ's layout, or the output, as the first step left it.

/** Calls `give` with every layer, neuron and input of θ, and with the value there; input null is the bias. */
export function each(layers, theta, give) {
  layers.forEach(({ inputs, outputs, weights, biases }, layer) => {
    for (let j = 0; j < outputs; j++) {
      for (let k = 0; k < inputs; k++) give(layer, j, k, theta[weights + inputs * j + k]);
      give(layer, j, null, theta[biases + j]);
    }
  });
}

/** An array in θ's layout of what `take` returns for every layer, neuron and input. */
export function gather(layers, take) {
  const { biases, outputs } = layers.at(-1);
  const result = new Float64Array(biases + outputs);
  layers.forEach((place, layer) => {
    for (let j = 0; j < place.outputs; j++) {
      for (let k = 0; k < place.inputs; k++) result[place.weights + place.inputs * j + k] = take(layer, j, k);
      result[place.biases + j] = take(layer, j, null);
    }
  });
  return result;
}

/** The gradient that a step against it, at a rate, must have followed. */
export const followed = (before, after, rate) => before.map((value, i) => (value - after[i]) / rate);
