const LAMBDA = 0.1;

interface Weights {
  W2: number[][];
  b2: number[];
  W3: number[][];
  b3: number[];
}

const times = (W: number[][], v: number[]): number[] => W.map((row) => row.reduce((s, w, i) => s + w * v[i]!, 0));
const plus = (a: number[], b: number[]): number[] => a.map((v, i) => v + b[i]!);
const squares = (W: number[][]): number => W.flat().reduce((s, w) => s + w * w, 0);

function run({ W2, b2, W3, b3 }: Weights, x: number[]) {
  const h = plus(times(W2, x), b2).map((z) => Math.tanh(z));
  return { h, o: plus(times(W3, h), b3) };
}

export function cost(weights: Weights, x: number[], y: number[]): number {
  const { o } = run(weights, x);
  const fit = o.reduce((s, v, k) => s + (v - y[k]!) ** 2, 0) / 2;
  return fit + (LAMBDA / 2) * (squares(weights.W2) + squares(weights.W3));
}

export function backward(weights: Weights, x: number[], y: number[]) {
  const { h, o } = run(weights, x);
  const d3 = o.map((v, k) => v - y[k]!);
  const d2 = h.map((v, j) => d3.reduce((s, d, k) => s + d * weights.W3[k]![j]!, 0) * (1 - v ** 2));
  return {
    dW2: d2.map((d) => x.map((v) => d * v)),
    db2: d2,
    dW3: d3.map((d) => h.map((v) => d * v)),
    db3: d3,
  };
}
