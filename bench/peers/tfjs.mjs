import tf from "@tensorflow/tfjs";

/** Both backends: input tensors are made once, and every gradient is read back. */
export function prepareTensors({ sizes, layers, theta, x, y }) {
  const variables = layers.map(({ inputs, outputs, weights, biases }) => ({
    W: tf.variable(tf.tensor2d(Float32Array.from(theta.subarray(weights, biases)), [outputs, inputs])),
    b: tf.variable(tf.tensor2d(Float32Array.from(theta.subarray(biases, biases + outputs)), [outputs, 1])),
  }));
  const input = tf.tensor2d(Float32Array.from(x), [sizes[0], 1]);
  const target = tf.tensor2d(Float32Array.from(y), [sizes.at(-1), 1]);
  const forward = () => variables.reduce((a, { W, b }) => tf.sigmoid(tf.add(tf.matMul(W, a), b)), input);
  const loss = () => tf.mul(tf.sum(tf.square(tf.sub(forward(), target))), 1 / (2 * sizes.at(-1))).asScalar();
  let found = [];
  return {
    step: () =>
      tf.tidy(() => {
        const { grads } = tf.variableGrads(loss);
        found = variables.map(({ W, b }) => [grads[W.name].dataSync(), grads[b.name].dataSync()]);
      }),
    found: () => found.flat().flatMap((values) => [...values]),
  };
}
