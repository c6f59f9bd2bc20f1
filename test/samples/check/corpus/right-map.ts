interface Params {
  W2: number[][];
  b2: number[];
  W3: number[][];
  b3: number[];
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
const affine = (W: number[][], x: number[], b: number[]): number[] => W.map((row, j) => dot(row, x) + b[j]!);
const outer = (a: number[], b: number[]): number[][] => a.map((v) => b.map((w) => v * w));
const column = (W: number[][], j: number): number[] => W.map((row) => row[j]!);

function softmax(z: number[]): number[] {
  const top = Math.max(...z);
  const exps = z.map((v) => Math.exp(v - top));
  const total = exps.reduce((a, b) => a + b);
  return exps.map((e) => e / total);
}

/** tanh, then softmax with cross-entropy; targets that sum to anything. */
export function backward({ W2, b2, W3, b3 }: Params, x: number[], y: number[]) {
  const h = affine(W2, x, b2).map(Math.tanh);
  const p = softmax(affine(W3, h, b3));
  const mass = y.reduce((a, b) => a + b);
  const d3 = p.map((v, k) => v * mass - y[k]!);
  const d2 = h.map((v, j) => dot(d3, column(W3, j)) * (1 - v * v));
  return { dW2: outer(d2, x), db2: d2, dW3: outer(d3, h), db3: d3 };
}
