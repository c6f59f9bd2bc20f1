// Full-batch gradient of a tanh network with linear outputs.
export function fullBatchGradient(model, X, Y) {
  const { w, b, v, c } = model;
  const H = b.length;
  const K = c.length;
  const N = X[0].length;
  const gw = b.map(() => new Array(N).fill(0));
  const gb = new Array(H).fill(0);
  const gv = c.map(() => new Array(H).fill(0));
  const gc = new Array(K).fill(0);

  for (let s = 0; s < X.length; s++) {
    const h = [];
    for (let j = 0; j < H; j++) {
      let z = b[j];
      for (let i = 0; i < N; i++) z += w[j][i] * X[s][i];
      h[j] = Math.tanh(z);
    }
    const err = [];
    for (let k = 0; k < K; k++) {
      let z = c[k];
      for (let j = 0; j < H; j++) z += v[k][j] * h[j];
      err[k] = z - Y[s][k];
      gc[k] += err[k];
      for (let j = 0; j < H; j++) gv[k][j] += err[k] * h[j];
    }
    for (let j = 0; j < H; j++) {
      let d = 0;
      for (let k = 0; k < K; k++) d += err[k] * v[k][j];
      d *= 1 - h[j] * h[j];
      gb[j] += d;
      for (let i = 0; i < N; i++) gw[j][i] += d * X[s][i];
    }
  }
  return { gw, gb, gv, gc };
}
