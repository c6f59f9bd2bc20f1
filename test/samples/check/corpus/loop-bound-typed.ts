// 2-3-4, tanh and softmax with cross-entropy
const n = 2;
const m = 3;
const c = 4;

export function backward(theta: Float64Array, x: Float64Array, y: Float64Array, gradient: Float64Array): number {
  const hidden = new Float64Array(m);
  const probability = new Float64Array(c);
  const offsetB = m * n;
  const offsetV = offsetB + m;
  const offsetC = offsetV + c * m;
  for (let j = 0; j < m; j++) {
    let z = theta[offsetB + j]!;
    for (let i = 0; i < n; i++) z += theta[n * j + i]! * x[i]!;
    hidden[j] = Math.tanh(z);
  }
  let total = 0;
  for (let k = 0; k < c; k++) {
    let z = theta[offsetC + k]!;
    for (let j = 0; j < m; j++) z += theta[offsetV + m * k + j]! * hidden[j]!;
    total += probability[k] = Math.exp(z);
  }

  let loss = 0;
  for (let k = 0; k < c; k++) {
    probability[k]! /= total;
    loss -= y[k]! * Math.log(probability[k]!);
    const d = probability[k]! - y[k]!;
    gradient[offsetC + k] = d;
    for (let j = 0; j < m; j++) gradient[offsetV + m * k + j] = d * hidden[j]!;
  }
  for (let j = 0; j < m; j++) {
    let back = 0;
    for (let k = 1; k < c; k++) back += gradient[offsetC + k]! * theta[offsetV + m * k + j]!;
    const d = back * (1 - hidden[j]! * hidden[j]!);
    gradient[offsetB + j] = d;
    for (let i = 0; i < n; i++) gradient[n * j + i] = d * x[i]!;
  }
  return loss;
}
