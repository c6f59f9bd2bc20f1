// theta = [W1 (5 x 3), b1 (5), W2 (4 x 5), b2 (4)]
const IN = 3;
const HID = 5;
const OUT = 4;
const B1 = HID * IN;
const W2 = B1 + HID;
const B2 = W2 + OUT * HID;

export function backward(theta, x, target, grad) {
  const h = new Float64Array(HID);
  const p = new Float64Array(OUT);

  for (let j = 0; j < HID; j++) {
    let s = theta[B1 + j];
    for (let i = 0; i < IN; i++) s += theta[j * IN + i] * x[i];
    h[j] = Math.tanh(s);
  }
  let total = 0;
  for (let k = 0; k < OUT; k++) {
    let s = theta[B2 + k];
    for (let j = 0; j < HID; j++) s += theta[W2 + k * HID + j] * h[j];
    p[k] = Math.exp(s);
    total += p[k];
  }
  let loss = 0;
  for (let k = 0; k < OUT; k++) {
    p[k] /= total;
    loss -= target[k] * Math.log(p[k]);
  }

  const dh = new Float64Array(HID);
  for (let k = 0; k < OUT; k++) {
    const dp = -target[k] / p[k];
    const dz = dp * p[k] * (1 - p[k]);
    grad[B2 + k] = dz;
    for (let j = 0; j < HID; j++) {
      grad[W2 + k * HID + j] = dz * h[j];
      dh[j] += dz * theta[W2 + k * HID + j];
    }
  }
  for (let j = 0; j < HID; j++) {
    const dz = dh[j] * (1 - h[j] * h[j]);
    grad[B1 + j] = dz;
    for (let i = 0; i < IN; i++) grad[j * IN + i] = dz * x[i];
  }
  return loss;
}
