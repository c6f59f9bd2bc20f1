// 3-4-2 (sigmoid, mse) with weight decay: J = 1/(2k) sum (a - y)^2 + decay/2 sum theta^2
const decay = 0.05;
const n = 3;
const h = 4;
const k = 2;

export function backward(theta, x, y, gradient) {
  let p = 0;
  const w2 = p;
  const b2 = (p += h * n);
  const w3 = (p += h);
  const b3 = (p += k * h);

  const a2 = [];
  for (let j = 0; j < h; j++) {
    let z = theta[b2 + j];
    for (let i = 0; i < n; i++) z += theta[w2 + j * n + i] * x[i];
    a2[j] = 1 / (1 + Math.exp(-z));
  }
  const a3 = [];
  for (let j = 0; j < k; j++) {
    let z = theta[b3 + j];
    for (let i = 0; i < h; i++) z += theta[w3 + j * h + i] * a2[i];
    a3[j] = 1 / (1 + Math.exp(-z));
  }

  gradient.fill(0);
  const e2 = new Array(h).fill(0);
  for (let j = 0; j < k; j++) {
    const d = ((a3[j] - y[j]) / k) * a3[j] * (1 - a3[j]);
    gradient[b3 + j] += d;
    for (let i = 0; i < h; i++) {
      gradient[w3 + j * h + i] += d * a2[i];
      e2[i] += d * theta[w3 + j * h + i];
    }
  }
  for (let j = 0; j < h; j++) {
    const d = e2[j] * a2[j] * (1 - a2[j]);
    gradient[b2 + j] += d;
    for (let i = 0; i < n; i++) gradient[w2 + j * n + i] += d * x[i];
  }
  for (let t = 0; t < theta.length; t++) gradient[t] += decay * theta[t];
}
