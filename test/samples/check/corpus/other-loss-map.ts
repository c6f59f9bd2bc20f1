// E = 1/2 sum (o - t)^2
type Mat = number[][];

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const feed = (W: Mat, b: number[], a: number[]): number[] =>
  W.map((row, j) => sigmoid(row.reduce((z, w, i) => z + w * a[i]!, b[j]!)));

export function backward(
  { W2, b2, W3, b3 }: { W2: Mat; b2: number[]; W3: Mat; b3: number[] },
  x: number[],
  t: number[],
) {
  const h = feed(W2, b2, x);
  const o = feed(W3, b3, h);
  const d3 = o.map((v, k) => (v - t[k]!) * v * (1 - v));
  const d2 = h.map((v, j) => v * (1 - v) * d3.reduce((s, d, k) => s + d * W3[k]![j]!, 0));
  const outer = (d: number[], a: number[]): Mat => d.map((p) => a.map((q) => p * q));
  return { dW2: outer(d2, x), db2: d2, dW3: outer(d3, h), db3: d3 };
}
