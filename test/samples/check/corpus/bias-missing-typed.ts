// θ of a 3-5-4 network: weights and biases of the hidden layer, then of the output layer.
const [nx, nh, ny] = [3, 5, 4] as const;
const hiddenBias = nh * nx;
const outputWeights = hiddenBias + nh;
const outputBias = outputWeights + ny * nh;

const σ = (z: number): number => 1 / (1 + Math.exp(-z));

export function backward(θ: Float64Array, x: Float64Array, y: Float64Array, grad: Float64Array): void {
  grad.fill(0);
  const a = new Float64Array(nh);
  for (let j = 0; j < nh; j++) {
    let z = θ[hiddenBias + j]!;
    for (let i = 0; i < nx; i++) z += θ[j * nx + i]! * x[i]!;
    a[j] = σ(z);
  }
  const back = new Float64Array(nh);
  for (let k = 0; k < ny; k++) {
    let z = θ[outputBias + k]!;
    for (let j = 0; j < nh; j++) z += θ[outputWeights + k * nh + j]! * a[j]!;
    const δ = σ(z) - y[k]!;
    grad[outputBias + k] = δ;
    for (let j = 0; j < nh; j++) {
      grad[outputWeights + k * nh + j] = δ * a[j]!;
      back[j]! += δ * θ[outputWeights + k * nh + j]!;
    }
  }
  for (let j = 0; j < nh; j++) {
    const δ = back[j]! * a[j]! * (1 - a[j]!);
    for (let i = 0; i < nx; i++) grad[j * nx + i] = δ * x[i]!;
  }
}
