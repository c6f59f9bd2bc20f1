// Logistic regression with several outputs: one layer of weights, nothing hidden.
export function gradient(W2, b2, x, y) {
  const p = W2.map((row, j) => {
    let z = b2[j];
    for (let i = 0; i < row.length; i++) z += row[i] * x[i];
    // never overflows
    return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
  });
  const db2 = p.map((v, j) => v - y[j]);
  return { dW2: db2.map((d) => x.map((v) => d * v)), db2 };
}
