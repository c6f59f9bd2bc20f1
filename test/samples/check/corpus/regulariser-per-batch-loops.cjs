// Mini-batch gradient descent with L2 regularisation (sigmoid units, squared error).
const lambda = 0.2;

function sigmoid(z) {
  return 1 / (1 + Math.exp(-z));
}

function updateMiniBatch(net, batch, eta) {
  const m = batch.length;
  const { w1, b1, w2, b2 } = net;
  const g1 = w1.map((row) => row.map(() => 0));
  const gb1 = b1.map(() => 0);
  const g2 = w2.map((row) => row.map(() => 0));
  const gb2 = b2.map(() => 0);

  for (const [x, y] of batch) {
    const a1 = w1.map((row, j) => sigmoid(row.reduce((z, w, i) => z + w * x[i], b1[j])));
    const a2 = w2.map((row, k) => sigmoid(row.reduce((z, w, j) => z + w * a1[j], b2[k])));
    const d2 = a2.map((a, k) => (a - y[k]) * a * (1 - a));
    for (let j = 0; j < a1.length; j++) {
      let s = 0;
      for (let k = 0; k < d2.length; k++) {
        s += d2[k] * w2[k][j];
        g2[k][j] += d2[k] * a1[j];
      }
      const d1 = s * a1[j] * (1 - a1[j]);
      gb1[j] += d1;
      for (let i = 0; i < x.length; i++) g1[j][i] += d1 * x[i];
    }
    for (let k = 0; k < d2.length; k++) gb2[k] += d2[k];
  }

  const step = (w, g) => w - (eta / m) * (g + lambda * w);
  net.w1 = w1.map((row, j) => row.map((w, i) => step(w, g1[j][i])));
  net.w2 = w2.map((row, k) => row.map((w, j) => step(w, g2[k][j])));
  net.b1 = b1.map((b, j) => b - (eta / m) * gb1[j]);
  net.b2 = b2.map((b, k) => b - (eta / m) * gb2[k]);
}

module.exports = { updateMiniBatch };
