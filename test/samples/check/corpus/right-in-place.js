// Typed arrays that never move; the step writes into them.
export function createNet(n, h, k) {
  const net = {
    sizes: [n, h, k],
    w1: new Float64Array(h * n),
    b1: new Float64Array(h),
    w2: new Float64Array(k * h),
    b2: new Float64Array(k),
    hidden: new Float64Array(h),
    out: new Float64Array(k),
    delta1: new Float64Array(h),
    delta2: new Float64Array(k),
  };
  for (const w of [net.w1, net.w2]) for (let i = 0; i < w.length; i++) w[i] = Math.random() - 0.5;
  return net;
}

export function run({ sizes: [n, h, k], w1, b1, w2, b2, hidden, out }, x) {
  for (let j = 0; j < h; j++) {
    let z = b1[j];
    for (let i = 0; i < n; i++) z += w1[j * n + i] * x[i];
    hidden[j] = z > 0 ? z : 0.01 * z;
  }
  for (let p = 0; p < k; p++) {
    let z = b2[p];
    for (let j = 0; j < h; j++) z += w2[p * h + j] * hidden[j];
    out[p] = 1 / (1 + Math.exp(-z));
  }
  return out;
}

export function step(net, x, y, rate) {
  const { w1, b1, w2, b2, hidden, out, delta1, delta2 } = net;
  const [n, h, k] = net.sizes;
  run(net, x);
  delta1.fill(0);
  for (let p = 0; p < k; p++) {
    delta2[p] = out[p] - y[p];
    for (let j = 0; j < h; j++) delta1[j] += delta2[p] * w2[p * h + j];
  }
  for (let j = 0; j < h; j++) if (hidden[j] <= 0) delta1[j] *= 0.01;
  for (let p = 0; p < k; p++) {
    for (let j = 0; j < h; j++) w2[p * h + j] -= rate * delta2[p] * hidden[j];
    b2[p] -= rate * delta2[p];
  }
  for (let j = 0; j < h; j++) {
    for (let i = 0; i < n; i++) w1[j * n + i] -= rate * delta1[j] * x[i];
    b1[j] -= rate * delta1[j];
  }
}
