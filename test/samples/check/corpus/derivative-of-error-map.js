const sigmoid = (z) => 1 / (1 + Math.exp(-z));
// for values that have gone through sigmoid already
const sigmoidDerivative = (s) => s * (1 - s);

const dot = (u, v) => u.map((a, i) => a * v[i]).reduce((a, b) => a + b, 0);

export const backward = ({ W2, b2, W3, b3 }, x, y) => {
  const layer1 = W2.map((row, j) => sigmoid(dot(row, x) + b2[j]));
  const layer2 = W3.map((row, k) => sigmoid(dot(row, layer1) + b3[k]));

  const layer2Error = layer2.map((a, k) => a - y[k]);
  const layer2Delta = layer2Error.map((e) => e * sigmoidDerivative(e));

  const layer1Error = layer1.map((_, j) =>
    dot(
      layer2Delta,
      W3.map((row) => row[j]),
    ),
  );
  const layer1Delta = layer1Error.map((e, j) => e * sigmoidDerivative(layer1[j]));

  return {
    dW2: layer1Delta.map((d) => x.map((v) => d * v)),
    db2: layer1Delta,
    dW3: layer2Delta.map((d) => layer1.map((v) => d * v)),
    db3: layer2Delta,
  };
};
