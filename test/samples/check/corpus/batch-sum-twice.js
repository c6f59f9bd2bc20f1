// Mini-batch gradients by loops: tanh, then sigmoid, mean squared error.
const zeros = (rows, cols) => Array.from({ length: rows }, () => new Array(cols).fill(0));

export function batchGradients(params, inputs, targets) {
  const { W1, b1, W2, b2 } = params;
  const m = inputs.length;
  const hidden = b1.length;
  const outputs = b2.length;
  const grads = {
    dW1: zeros(hidden, inputs[0].length),
    db1: new Array(hidden).fill(0),
    dW2: zeros(outputs, hidden),
    db2: new Array(outputs).fill(0),
  };

  for (let s = 0; s < m; s++) {
    const x = inputs[s];
    const a1 = [];
    for (let j = 0; j < hidden; j++) {
      let z = b1[j];
      for (let i = 0; i < x.length; i++) z += W1[j][i] * x[i];
      a1.push(Math.tanh(z));
    }
    const a2 = [];
    for (let k = 0; k < outputs; k++) {
      let z = b2[k];
      for (let j = 0; j < hidden; j++) z += W2[k][j] * a1[j];
      a2.push(1 / (1 + Math.exp(-z)));
    }

    const d2 = a2.map((a, k) => ((2 / outputs) * (a - targets[s][k]) * a * (1 - a)) / m);
    for (let k = 0; k < outputs; k++) {
      grads.db2[k] += d2[k];
      for (let j = 0; j < hidden; j++) grads.dW2[k][j] += d2[k] * a1[j];
    }
    for (let j = 0; j < hidden; j++) {
      let e = 0;
      for (let k = 0; k < outputs; k++) e += d2[k] * W2[k][j];
      const d1 = e * (1 - a1[j] * a1[j]);
      grads.db1[j] += d1;
      // average over the batch
      for (let i = 0; i < x.length; i++) grads.dW1[j][i] += (d1 * x[i]) / m;
    }
  }
  return grads;
}
