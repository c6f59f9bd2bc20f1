const MAX_NORM = 0.25;

export function makeGradient(sizes) {
  const [n, h, k] = sizes;
  return function gradient(theta, x, y, grad) {
    const W1 = theta.subarray(0, h * n);
    const b1 = theta.subarray(h * n, h * (n + 1));
    const W2 = theta.subarray(h * (n + 1), h * (n + 1) + k * h);
    const b2 = theta.subarray(h * (n + 1) + k * h);
    const a1 = b1.map((b, j) => {
      for (let i = 0; i < n; i++) b += W1[j * n + i] * x[i];
      return 1 / (1 + Math.exp(-b));
    });
    const a2 = b2.map((b, p) => {
      for (let j = 0; j < h; j++) b += W2[p * h + j] * a1[j];
      return 1 / (1 + Math.exp(-b));
    });
    const d2 = a2.map((a, p) => a - y[p]);
    const d1 = a1.map((a, j) => {
      let s = 0;
      for (let p = 0; p < k; p++) s += d2[p] * W2[p * h + j];
      return s * a * (1 - a);
    });
    let at = 0;
    for (const d of d1) for (const v of x) grad[at++] = d * v;
    for (const d of d1) grad[at++] = d;
    for (const d of d2) for (const v of a1) grad[at++] = d * v;
    for (const d of d2) grad[at++] = d;

    // gradient clipping by norm
    let norm = 0;
    for (const g of grad) norm += g * g;
    norm = Math.sqrt(norm);
    if (norm > MAX_NORM) for (let t = 0; t < grad.length; t++) grad[t] *= MAX_NORM / norm;
  };
}

export const backward = makeGradient([3, 4, 2]);
