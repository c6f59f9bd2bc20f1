import { defaultDevice, grad, init, jit, nn, numpy as np } from "@jax-js/jax";

export async function prepare({ sizes, layers, theta, x, y }) {
  await init("wasm");
  defaultDevice("wasm");
  const array = (values, ...shape) => np.array(Float32Array.from(values)).reshape(shape);
  const weights = layers.map((place) =>
    array(theta.subarray(place.weights, place.biases), place.outputs, place.inputs),
  );
  const biases = layers.map((place) =>
    array(theta.subarray(place.biases, place.biases + place.outputs), place.outputs),
  );
  const [input, target] = [array(x, sizes[0]), array(y, sizes.at(-1))];
  const forward = (parameters, from) =>
    parameters.W.reduce((a, W, l) => nn.sigmoid(np.matmul(W, a).add(parameters.b[l])), from);
  const loss = (parameters, from, to) =>
    np
      .square(forward(parameters, from).sub(to))
      .sum()
      .mul(1 / (2 * sizes.at(-1)));
  // A call takes what it is given; `ref` keeps it for the next.
  const parameters = () => ({ W: weights.map((W) => W.ref), b: biases.map((b) => b.ref) });
  const gradient = jit(grad(loss));
  let found = [];
  return {
    step: () => {
      const { W, b } = gradient(parameters(), input.ref, target.ref);
      found = W.map((dW, l) => [dW.dataSync(), b[l].dataSync()]);
    },
    found: () => found.flat().flatMap((values) => [...values]),
  };
}
