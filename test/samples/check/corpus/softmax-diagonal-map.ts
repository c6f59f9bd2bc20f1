interface Params {
  W2: number[][];
  b2: number[];
  W3: number[][];
  b3: number[];
}

const sum = (v: number[]): number => v.reduce((a, b) => a + b, 0);
const affine = (W: number[][], x: number[], b: number[]): number[] =>
  W.map((row, j) => sum(row.map((w, i) => w * x[i]!)) + b[j]!);

const sigmoid = (v: number[]): number[] => v.map((z) => 1 / (1 + Math.exp(-z)));
const softmax = (v: number[]): number[] => {
  const top = Math.max(...v);
  const exps = v.map((z) => Math.exp(z - top));
  const total = sum(exps);
  return exps.map((e) => e / total);
};
// works for both, as the derivative of softmax is p(1 - p)
const activationDerivative = (a: number[]): number[] => a.map((v) => v * (1 - v));

export function backward({ W2, b2, W3, b3 }: Params, x: number[], y: number[]) {
  const h = sigmoid(affine(W2, x, b2));
  const p = softmax(affine(W3, h, b3));

  const slope3 = activationDerivative(p);
  const delta3 = p.map((v, k) => (v - y[k]!) * slope3[k]!);
  const slope2 = activationDerivative(h);
  const delta2 = h.map((_, j) => sum(delta3.map((d, k) => d * W3[k]![j]!)) * slope2[j]!);

  const outer = (d: number[], a: number[]): number[][] => d.map((dj) => a.map((ai) => dj * ai));
  return { dW2: outer(delta2, x), db2: delta2, dW3: outer(delta3, h), db3: delta3 };
}
