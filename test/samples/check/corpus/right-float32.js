// Single precision throughout, as on the GPU.
const f = Math.fround;
const [N, H, K] = [3, 4, 2];

export function backward({ W2, b2, W3, b3 }, x, y) {
  const w1 = Float32Array.from(W2.flat());
  const w2 = Float32Array.from(W3.flat());
  const input = Float32Array.from(x);
  const hidden = Float32Array.from(b2);
  const output = Float32Array.from(b3);
  for (let j = 0; j < H; j++) {
    for (let i = 0; i < N; i++) hidden[j] += f(w1[j * N + i] * input[i]);
    hidden[j] = Math.tanh(hidden[j]);
  }
  const dOut = new Float32Array(K);
  const gw2 = new Float32Array(K * H);
  const dHid = new Float32Array(H);
  for (let k = 0; k < K; k++) {
    for (let j = 0; j < H; j++) output[k] += f(w2[k * H + j] * hidden[j]);
    dOut[k] = output[k] - f(y[k]);
    for (let j = 0; j < H; j++) {
      gw2[k * H + j] = f(dOut[k] * hidden[j]);
      dHid[j] += f(dOut[k] * w2[k * H + j]);
    }
  }
  const gw1 = new Float32Array(H * N);
  for (let j = 0; j < H; j++) {
    dHid[j] = f(dHid[j] * f(1 - f(hidden[j] * hidden[j])));
    for (let i = 0; i < N; i++) gw1[j * N + i] = f(dHid[j] * input[i]);
  }
  return { dW2: gw1, db2: dHid, dW3: gw2, db3: dOut };
}
