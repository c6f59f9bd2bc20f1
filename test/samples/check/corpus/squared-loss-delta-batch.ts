export interface Model {
  W1: number[][];
  b1: number[];
  W2: number[][];
  b2: number[];
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const layer = (W: number[][], b: number[], x: number[], f: (z: number) => number): number[] =>
  W.map((row, j) => f(row.reduce((z, w, i) => z + w * x[i]!, b[j]!)));

export function lossOf({ W1, b1, W2, b2 }: Model, X: number[][], Y: number[][]): number {
  const losses = X.map((x, s) => {
    const p = layer(W2, b2, layer(W1, b1, x, Math.tanh), sigmoid);
    return -p.reduce((sum, v, k) => sum + Y[s]![k]! * Math.log(v) + (1 - Y[s]![k]!) * Math.log(1 - v), 0);
  });
  return losses.reduce((a, b) => a + b) / X.length;
}

export function gradients({ W1, b1, W2, b2 }: Model, X: number[][], Y: number[][]): Model {
  const perSample = X.map((x, s) => {
    const h = layer(W1, b1, x, Math.tanh);
    const p = layer(W2, b2, h, sigmoid);
    const dOut = p.map((v, k) => (v - Y[s]![k]!) * v * (1 - v));
    const dHid = h.map((v, j) => dOut.reduce((sum, d, k) => sum + d * W2[k]![j]!, 0) * (1 - v * v));
    return { x, h, dOut, dHid };
  });
  const mean = (f: (sample: (typeof perSample)[number]) => number): number =>
    perSample.reduce((sum, sample) => sum + f(sample), 0) / X.length;
  return {
    W1: W1.map((row, j) => row.map((_, i) => mean(({ dHid, x }) => dHid[j]! * x[i]!))),
    b1: b1.map((_, j) => mean(({ dHid }) => dHid[j]!)),
    W2: W2.map((row, k) => row.map((_, j) => mean(({ dOut, h }) => dOut[k]! * h[j]!))),
    b2: b2.map((_, k) => mean(({ dOut }) => dOut[k]!)),
  };
}
