// theta: hidden weights (5 x 2), hidden biases, output weights (3 x 5), output biases
const [NI, NH, NO] = [2, 5, 3];
const HB = NH * NI;
const OW = HB + NH;
const OB = OW + NO * NH;

export function backward(theta, x, y, gradient) {
  const h = [];
  const o = [];
  for (let j = 0; j < NH; j++) {
    let z = theta[HB + j];
    for (let i = 0; i < NI; i++) z += theta[j * NI + i] * x[i];
    h[j] = Math.tanh(z);
  }
  for (let k = 0; k < NO; k++) {
    let z = theta[OB + k];
    for (let j = 0; j < NH; j++) z += theta[OW + k * NH + j] * h[j];
    o[k] = z;
  }
  const d = o.map((v, k) => v - y[k]);
  for (let k = 0; k < NO; k++) {
    gradient[OB + k] = d[k];
    for (let j = 0; j < NH; j++) gradient[OW + k * NH + j] = d[k] * h[j];
  }
  for (let j = 0; j < NH; j++) {
    let e = 0;
    for (let k = 0; k < NO; k++) e += theta[OW + j * NO + k] * d[k];
    e *= 1 - h[j] * h[j];
    gradient[HB + j] = e;
    for (let i = 0; i < NI; i++) gradient[j * NI + i] = e * x[i];
  }
}
