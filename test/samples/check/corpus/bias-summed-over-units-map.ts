type Layer = { weights: number[][]; biases: number[] };

const sum = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0);
const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

const activate = ({ weights, biases }: Layer, input: number[]): number[] =>
  weights.map((row, j) => logistic(sum(row.map((w, i) => w * input[i]!)) + biases[j]!));

export function backward(
  { W2, b2, W3, b3 }: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] },
  x: number[],
  y: number[],
) {
  const hidden = activate({ weights: W2, biases: b2 }, x);
  const output = activate({ weights: W3, biases: b3 }, hidden);

  const delta3 = output.map((o, k) => (o - y[k]!) * o * (1 - o));
  const delta2 = hidden.map((h, j) => h * (1 - h) * sum(delta3.map((d, k) => d * W3[k]![j]!)));

  const biasStep = (delta: number[]): number[] => delta.map(() => sum(delta));
  return {
    dW2: delta2.map((d) => x.map((v) => d * v)),
    db2: biasStep(delta2),
    dW3: delta3.map((d) => hidden.map((v) => d * v)),
    db3: biasStep(delta3),
  };
}
