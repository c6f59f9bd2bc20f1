// A deep network, flat: for each layer its weights row by row, then its biases.
const sizes = [2, 5, 4, 3] as const;

const starts = sizes.slice(1).map((_, l) => {
  let at = 0;
  for (let m = 0; m < l; m++) at += sizes[m + 1]! * (sizes[m]! + 1);
  return at;
});

export function backward(theta: Float64Array, x: Float64Array, y: Float64Array, gradient: Float64Array): number {
  const activations: Float64Array[] = [x];
  for (let l = 0; l < starts.length; l++) {
    const [n, m] = [sizes[l]!, sizes[l + 1]!];
    const W = theta.subarray(starts[l], starts[l]! + m * n);
    const b = theta.subarray(starts[l]! + m * n, starts[l]! + m * n + m);
    const a = new Float64Array(m);
    for (let j = 0; j < m; j++) {
      let z = b[j]!;
      for (let i = 0; i < n; i++) z += W[j * n + i]! * activations[l]![i]!;
      a[j] = Math.tanh(z);
    }
    activations.push(a);
  }

  const output = activations.at(-1)!;
  let loss = 0;
  let upstream = new Float64Array(output.length);
  for (let k = 0; k < output.length; k++) {
    const e = output[k]! - y[k]!;
    loss += (e * e) / (2 * output.length);
    upstream[k] = e / output.length;
  }
  for (let l = starts.length - 1; l >= 0; l--) {
    const [n, m] = [sizes[l]!, sizes[l + 1]!];
    const down = new Float64Array(n);
    for (let j = 0; j < m; j++) {
      const a = activations[l + 1]![j]!;
      const delta = upstream[j]! * (1 - a * a);
      gradient[starts[l]! + m * n + j] = delta;
      for (let i = 0; i < n; i++) {
        gradient[starts[l]! + j * n + i] = delta * activations[l]![i]!;
        down[i]! += delta * theta[starts[l]! + j * n + i]!;
      }
    }
    upstream = down;
  }
  return loss;
}
