import { each, followed, gather } from "./theta.mjs";

const rate = 0.3;

/** Both versions of brain.js, which differ in what they are imported from. */
export function prepareBrain(NeuralNetwork, { mode, sizes, layers, theta, x, y }) {
  const net = new NeuralNetwork({
    inputSize: sizes[0],
    hiddenLayers: sizes.slice(1, -1),
    outputSize: sizes.at(-1),
    activation: "sigmoid",
  });
  net.sizes = [...sizes];
  net.initialize();
  net.trainOpts.learningRate = rate;
  each(layers, theta, (l, j, k, value) => {
    if (k === null) net.biases[l + 1][j] = value;
    else net.weights[l + 1][j][k] = value;
  });
  const weights = () => gather(layers, (l, j, k) => (k === null ? net.biases[l + 1][j] : net.weights[l + 1][j][k]));
  const before = weights();
  if (mode === "forward") {
    const run = net.toFunction();
    const input = [...x];
    let output = [];
    return { step: () => (output = run(input)), found: () => Object.values(output) };
  }
  const pattern = { input: Float32Array.from(x), output: Float32Array.from(y) };
  return { step: () => net.trainPattern(pattern), found: () => followed(before, weights(), rate) };
}
