type Vec = number[];
type Mat = number[][];

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const sigmoidPrime = (z: number): number => sigmoid(z) * (1 - sigmoid(z));

const mulAdd = (W: Mat, v: Vec, b: Vec): Vec => W.map((row, j) => row.reduce((s, w, k) => s + w * v[k]!, b[j]!));

export function backprop(params: { W2: Mat; b2: Vec; W3: Mat; b3: Vec }, x: Vec, y: Vec) {
  const hidden = mulAdd(params.W2, x, params.b2).map(sigmoid);
  const output = mulAdd(params.W3, hidden, params.b3).map(sigmoid);

  const deltaOutput = output.map((o, k) => ((o - y[k]!) / y.length) * sigmoidPrime(o));
  const deltaHidden = hidden.map(
    (h, j) => deltaOutput.reduce((s, d, k) => s + d * params.W3[k]![j]!, 0) * sigmoidPrime(h),
  );

  return {
    W2: deltaHidden.map((d) => x.map((v) => d * v)),
    b2: deltaHidden,
    W3: deltaOutput.map((d) => hidden.map((v) => d * v)),
    b3: deltaOutput,
  };
}
