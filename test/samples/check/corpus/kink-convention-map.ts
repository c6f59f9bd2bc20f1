type Params = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };

const relu = (z: number): number => Math.max(0, z);
const reluGrad = (z: number): number => (z >= 0 ? 1 : 0);

export function backward({ W2, b2, W3, b3 }: Params, x: number[], y: number[]) {
  const z2 = W2.map((row, j) => row.reduce((s, w, i) => s + w * x[i]!, b2[j]!));
  const a2 = z2.map(relu);
  const out = W3.map((row, k) => row.reduce((s, w, j) => s + w * a2[j]!, b3[k]!));
  const d3 = out.map((o, k) => (o - y[k]!) / y.length);
  const d2 = z2.map((z, j) => reluGrad(z) * d3.reduce((s, d, k) => s + d * W3[k]![j]!, 0));
  return {
    dW2: d2.map((d) => x.map((v) => d * v)),
    db2: d2,
    dW3: d3.map((d) => a2.map((v) => d * v)),
    db3: d3,
  };
}
