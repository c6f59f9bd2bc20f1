const sizes = [2, 4, 3] as const;

const squash = (z: number): number => 1 / (1 + Math.exp(-z));

export function backward(theta: Float64Array, x: Float64Array, y: Float64Array, gradient: Float64Array): number {
  const [n, h, k] = sizes;
  const w1 = theta.subarray(0, h * n);
  const b1 = theta.subarray(h * n, h * n + h);
  const w2 = theta.subarray(h * n + h, h * n + h + k * h);
  const b2 = theta.subarray(h * n + h + k * h);
  const gw1 = gradient.subarray(0, h * n);
  const gb1 = gradient.subarray(h * n, h * n + h);
  const gw2 = gradient.subarray(h * n + h, h * n + h + k * h);
  const gb2 = gradient.subarray(h * n + h + k * h);

  const hidden = b1.map((b, j) => {
    let z = b;
    for (let i = 0; i < n; i++) z += w1[j * n + i]! * x[i]!;
    return squash(z);
  });
  const out = b2.map((b, p) => {
    let z = b;
    for (let j = 0; j < h; j++) z += w2[p * h + j]! * hidden[j]!;
    return squash(z);
  });

  let cost = 0;
  const back = new Float64Array(h);
  for (let p = 0; p < k; p++) {
    const diff = out[p]! - y[p]!;
    cost += diff * diff;
    const delta = diff; // for the sigmoid
    gb2[p] = delta;
    for (let j = 0; j < h; j++) {
      gw2[p * h + j] = delta * hidden[j]!;
      back[j]! += delta * w2[p * h + j]!;
    }
  }
  for (let j = 0; j < h; j++) {
    const delta = back[j]! * hidden[j]! * (1 - hidden[j]!);
    gb1[j] = delta;
    for (let i = 0; i < n; i++) gw1[j * n + i] = delta * x[i]!;
  }
  return cost / 2;
}
