const dot = (a, b) => a.reduce((s, v, i) => s + v * b[i], 0);
const transpose = (m) => m[0].map((_, i) => m.map((row) => row[i]));
const outer = (a, b) => a.map((v) => b.map((w) => v * w));

const tanh = (v) => v.map(Math.tanh);
const tanhPrime = (a) => a.map((v) => 1 - v * v);

export const backward = ({ W2, b2, W3, b3 }, x, y) => {
  const hidden = tanh(W2.map((row, j) => dot(row, x) + b2[j]));
  const output = tanh(W3.map((row, j) => dot(row, hidden) + b3[j]));

  const outputError = output.map((o, k) => (o - y[k]) / output.length);
  const outputDelta = tanhPrime(output).map((slope, k) => slope * outputError[k]);

  const hiddenError = transpose(W3).map((column) => dot(column, outputError));
  const hiddenDelta = tanhPrime(hidden).map((slope, j) => slope * hiddenError[j]);

  return { W2: outer(hiddenDelta, x), b2: hiddenDelta, W3: outer(outputDelta, hidden), b3: outputDelta };
};
