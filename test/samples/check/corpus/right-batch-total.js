// The loss of a batch is the total over its samples.
export function totalGradient(p, samples) {
  const g = {
    V: p.V.map((r) => r.map(() => 0)),
    c: p.c.map(() => 0),
    U: p.U.map((r) => r.map(() => 0)),
    d: p.d.map(() => 0),
  };
  for (const [x, y] of samples) {
    const z = p.V.map((row, j) => row.reduce((s, v, i) => s + v * x[i], p.c[j]));
    const h = z.map((v) => (v > 0 ? v : Math.exp(v) - 1));
    const o = p.U.map((row, k) => row.reduce((s, u, j) => s + u * h[j], p.d[k]));
    const e = o.map((v, k) => v - y[k]);
    for (let k = 0; k < e.length; k++) {
      g.d[k] += e[k];
      for (let j = 0; j < h.length; j++) g.U[k][j] += e[k] * h[j];
    }
    for (let j = 0; j < h.length; j++) {
      let t = 0;
      for (let k = 0; k < e.length; k++) t += e[k] * p.U[k][j];
      // elu: e^z for negative z, that is h + 1
      if (z[j] <= 0) t *= h[j] + 1;
      g.c[j] += t;
      for (let i = 0; i < x.length; i++) g.V[j][i] += t * x[i];
    }
  }
  return g;
}
