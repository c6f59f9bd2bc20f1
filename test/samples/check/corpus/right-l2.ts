type Vec = readonly number[];
type Mat = readonly Vec[];
interface Params {
  readonly W2: Mat;
  readonly b2: Vec;
  readonly W3: Mat;
  readonly b3: Vec;
}

const λ = 0.1;
const σ = (z: number): number => 1 / (1 + Math.exp(-z));
const dot = (a: Vec, b: Vec): number => a.reduce((s, v, i) => s + v * b[i]!, 0);

/** Weight decay on the weights, none on the biases. */
export function backward({ W2, b2, W3, b3 }: Params, x: Vec, y: Vec) {
  const a2 = W2.map((w, j) => σ(dot(w, x) + b2[j]!));
  const a3 = W3.map((w, k) => σ(dot(w, a2) + b3[k]!));
  const δ3 = a3.map((a, k) => ((a - y[k]!) / y.length) * a * (1 - a));
  const δ2 = a2.map((a, j) => W3.reduce((s, w, k) => s + w[j]! * δ3[k]!, 0) * a * (1 - a));
  const weights = (W: Mat, δ: Vec, a: Vec): number[][] => W.map((w, j) => w.map((v, i) => δ[j]! * a[i]! + λ * v));
  return { dW2: weights(W2, δ2, x), db2: δ2, dW3: weights(W3, δ3, a2), db3: δ3 };
}
