// Hand-written in the style of a blog post: nested arrays, map and reduce.
type Parameters = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const dot = (a: number[], b: number[]): number => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);

export function backward({ W2, b2, W3, b3 }: Parameters, x: number[], y: number[]) {
  const a2 = W2.map((row, j) => sigmoid(dot(row, x) + (b2[j] as number)));
  const a3 = W3.map((row, j) => sigmoid(dot(row, a2) + (b3[j] as number)));
  const d3 = a3.map((a, j) => ((a - (y[j] as number)) / a3.length) * a * (1 - a));
  const d2 = a2.map((a, j) => d3.reduce((sum, d, k) => sum + d * (W3[k]?.[j] as number), 0) * a * (1 - a));
  return {
    dW2: d2.map((d) => x.map((v) => d * v)),
    db2: d2,
    dW3: d3.map((d) => a2.map((v) => d * v)),
    db3: d3,
  };
}

/** The output's σ′ is left out of what flows back. */
export function missingSlope({ W2, b2, W3, b3 }: Parameters, x: number[], y: number[]) {
  const right = backward({ W2, b2, W3, b3 }, x, y);
  const a2 = W2.map((row, j) => sigmoid(dot(row, x) + (b2[j] as number)));
  const a3 = W3.map((row, j) => sigmoid(dot(row, a2) + (b3[j] as number)));
  const error = a3.map((a, j) => (a - (y[j] as number)) / a3.length);
  const d2 = a2.map((a, j) => error.reduce((sum, d, k) => sum + d * (W3[k]?.[j] as number), 0) * a * (1 - a));
  return { ...right, dW2: d2.map((d) => x.map((v) => d * v)), db2: d2 };
}

/** For the loss Σ(a − y)², twice the number of outputs too large. */
export function otherFactor(parameters: Parameters, x: number[], y: number[]) {
  const { dW2, db2, dW3, db3 } = backward(parameters, x, y);
  const scale = 2 * y.length;
  const times = (list: number[]): number[] => list.map((v) => v * scale);
  return { dW2: dW2.map(times), db2: times(db2), dW3: dW3.map(times), db3: times(db3) };
}
