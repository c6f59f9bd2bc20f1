type Row = number[];

const softplus = (z: number): number => Math.log(1 + Math.exp(z));
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Softplus units and a linear output under the article's loss. */
export function gradients(W2: Row[], b2: Row, W3: Row[], b3: Row, x: Row, y: Row) {
  const z2 = W2.map((w, j) => w.reduce((s, v, i) => s + v * x[i]!, b2[j]!));
  const a2 = z2.map(softplus);
  const d3 = W3.map((w, k) => (w.reduce((s, v, j) => s + v * a2[j]!, b3[k]!) - y[k]!) / b3.length);
  const d2 = z2.map((z, j) => sigmoid(z) * d3.reduce((s, d, k) => s + d * W3[k]![j]!, 0));
  return {
    dW2: d2.map((d) => x.map((v) => d * v)),
    db2: d2,
    dW3: d3.map((d) => a2.map((v) => d * v)),
    db3: d3,
  };
}
