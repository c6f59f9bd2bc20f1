const IN = 4;
const HID = 2;
const OUT = 3;

// Returns the mean of the squared errors.
export function backward(theta, x, y, gradient) {
  const h = new Float64Array(HID);
  const bh = IN * HID;
  const wo = bh + HID;
  const bo = wo + OUT * HID;
  for (let j = 0; j < HID; j++) {
    let z = theta[bh + j];
    for (let i = 0; i < IN; i++) z += theta[j * IN + i] * x[i];
    h[j] = Math.tanh(z);
  }
  let loss = 0;
  const back = new Float64Array(HID);
  for (let k = 0; k < OUT; k++) {
    let o = theta[bo + k];
    for (let j = 0; j < HID; j++) o += theta[wo + k * HID + j] * h[j];
    loss += (o - y[k]) ** 2 / OUT;
    const d = (2 * (o - y[k])) / OUT;
    gradient[bo + k] = d;
    for (let j = 0; j < HID; j++) {
      gradient[wo + k * HID + j] = d * h[j];
      back[j] += d * theta[wo + k * HID + j];
    }
  }
  for (let j = 0; j < HID; j++) {
    const d = back[j] * (1 - h[j] * h[j]);
    gradient[bh + j] = d;
    for (let i = 0; i < IN; i++) gradient[j * IN + i] = d * x[i];
  }
  return loss;
}
