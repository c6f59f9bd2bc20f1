const σ = (z) => 1 / (1 + Math.exp(-z));
const dot = (a, b) => a.reduce((s, v, i) => s + v * b[i], 0);
const column = (m, j) => m.map((row) => row[j]);

// W2, b2, W3, b3 one after another, then the sample
export function backprop(W2, b2, W3, b3, x, y) {
  const a2 = W2.map((w, j) => σ(dot(w, x) + b2[j]));
  const a3 = W3.map((w, k) => σ(dot(w, a2) + b3[k]));
  const δ3 = a3.map((a, k) => ((a - y[k]) * a * (1 - a)) / y.length);
  const δ2 = a2.map((_, j) => dot(δ3, column(W3, j)));
  return {
    dW2: δ2.map((d) => x.map((v) => v * d)),
    db2: δ2,
    dW3: δ3.map((d) => a2.map((v) => v * d)),
    db3: δ3,
  };
}
