type Parameters = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export function backward({ W2, b2, W3, b3 }: Parameters, x: number[], y: number[]) {
  const a2 = W2.map((row, j) => sigmoid(row.reduce((sum, w, k) => sum + w * x[k]!, b2[j]!)));
  const a3 = W3.map((row, j) => sigmoid(row.reduce((sum, w, k) => sum + w * a2[k]!, b3[j]!)));
  const error = a3.map((a, j) => a - y[j]!);
  const dW3 = error.map((e, j) => a2.map((a) => e * a3[j]! * (1 - a3[j]!) * a));
  const db3 = error.map((e, j) => e * a3[j]! * (1 - a3[j]!));

  const d2: number[] = [];
  for (let j = 0; j < a2.length; j++) {
    let back = 0;
    for (let k = 0; k < error.length; k++) back += W3[k]![j]! * error[k]!;
    d2[j] = back * a2[j]! * (1 - a2[j]!);
  }
  return { dW2: d2.map((d) => x.map((v) => d * v)), db2: d2, dW3, db3 };
}
