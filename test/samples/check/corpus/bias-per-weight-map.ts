type Weights = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };

export function gradient({ W2, b2, W3, b3 }: Weights, x: number[], y: number[]): Weights {
  const grad: Weights = {
    W2: W2.map((row) => row.map(() => 0)),
    b2: b2.map(() => 0),
    W3: W3.map((row) => row.map(() => 0)),
    b3: b3.map(() => 0),
  };
  const hidden = W2.map((row, j) => Math.tanh(row.reduce((z, w, i) => z + w * x[i]!, b2[j]!)));
  const scores = W3.map((row, k) => Math.exp(row.reduce((z, w, j) => z + w * hidden[j]!, b3[k]!)));
  const norm = scores.reduce((a, b) => a + b);

  const hiddenError = hidden.map(() => 0);
  W3.forEach((row, k) => {
    const delta = scores[k]! / norm - y[k]!;
    row.forEach((w, j) => {
      grad.W3[k]![j] = delta * hidden[j]!;
      grad.b3[k]! += delta;
      hiddenError[j]! += delta * w;
    });
  });
  W2.forEach((row, j) => {
    const delta = hiddenError[j]! * (1 - hidden[j]! ** 2);
    row.forEach((_, i) => {
      grad.W2[j]![i] = delta * x[i]!;
      grad.b2[j]! += delta;
    });
  });
  return grad;
}
