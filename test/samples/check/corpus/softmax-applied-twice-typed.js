const D = 3;
const H = 4;
const C = 5;

/** Gradient of -sum y log p for a D-H-C classifier; everything flat. */
export function backward(theta, x, y, out) {
  const W1 = theta.subarray(0, D * H);
  const b1 = theta.subarray(D * H, D * H + H);
  const W2 = theta.subarray(D * H + H, D * H + H + H * C);
  const b2 = theta.subarray(D * H + H + H * C);

  const h = new Float64Array(H);
  for (let j = 0; j < H; j++) {
    let z = b1[j];
    for (let i = 0; i < D; i++) z += W1[j * D + i] * x[i];
    h[j] = 1 / (1 + Math.exp(-z));
  }
  const logits = new Float64Array(C);
  for (let c = 0; c < C; c++) {
    logits[c] = b2[c];
    for (let j = 0; j < H; j++) logits[c] += W2[c * H + j] * h[j];
  }
  const top = Math.max(...logits);
  const p = logits.map((z) => Math.exp(z - top));
  const total = p.reduce((a, b) => a + b);
  for (let c = 0; c < C; c++) p[c] /= total;

  // error of the output, then back through the softmax
  const error = p.map((v, c) => v - y[c]);
  const delta = new Float64Array(C);
  for (let c = 0; c < C; c++) {
    for (let e = 0; e < C; e++) {
      delta[c] += error[e] * p[e] * ((c === e ? 1 : 0) - p[c]);
    }
  }

  let at = 0;
  const dh = new Float64Array(H);
  for (let j = 0; j < H; j++) {
    for (let c = 0; c < C; c++) dh[j] += delta[c] * W2[c * H + j];
    dh[j] *= h[j] * (1 - h[j]);
  }
  for (let j = 0; j < H; j++) for (let i = 0; i < D; i++) out[at++] = dh[j] * x[i];
  for (let j = 0; j < H; j++) out[at++] = dh[j];
  for (let c = 0; c < C; c++) for (let j = 0; j < H; j++) out[at++] = delta[c] * h[j];
  for (let c = 0; c < C; c++) out[at++] = delta[c];

  let loss = 0;
  for (let c = 0; c < C; c++) loss -= y[c] * Math.log(p[c]);
  return loss;
}
