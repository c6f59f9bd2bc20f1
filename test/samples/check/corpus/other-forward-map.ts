// A regressor: the outputs are linear, so that they may leave the unit interval.
type P = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };

const lin = (W: number[][], b: number[], x: number[]): number[] =>
  W.map((row, j) => row.map((w, i) => w * x[i]!).reduce((p, q) => p + q, b[j]!));
const sig = (z: number): number => 1 / (1 + Math.exp(-z));

export const backward = ({ W2, b2, W3, b3 }: P, x: number[], y: number[]): P => {
  const h = lin(W2, b2, x).map(sig);
  const out = lin(W3, b3, h);
  const d3 = out.map((o, k) => (o - y[k]!) / y.length);
  const d2 = h.map((a, j) => a * (1 - a) * d3.map((d, k) => d * W3[k]![j]!).reduce((p, q) => p + q));
  return {
    W2: d2.map((d) => x.map((v) => d * v)),
    b2: d2,
    W3: d3.map((d) => h.map((v) => d * v)),
    b3: d3,
  };
};
