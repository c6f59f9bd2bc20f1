// CommonJS, flat typed arrays returned by name.
const sigmoid = (z) => Math.exp(z) / (1 + Math.exp(z));

exports.gradient = function gradient({ W2, b2, W3, b3 }, x, y) {
  const [n, h, k] = [x.length, b2.length, b3.length];
  const a2 = new Float64Array(h);
  const a3 = new Float64Array(k);
  for (let j = 0; j < h; j++) {
    let z = b2[j];
    for (let i = n - 1; i >= 0; i--) z += W2[j * n + i] * x[i];
    a2[j] = sigmoid(z);
  }
  const out = {
    W2: new Float64Array(h * n),
    b2: new Float64Array(h),
    W3: new Float64Array(k * h),
    b3: new Float64Array(k),
  };
  const back = new Float64Array(h);
  for (let p = 0; p < k; p++) {
    let z = b3[p];
    for (let j = 0; j < h; j++) z += W3[p * h + j] * a2[j];
    a3[p] = sigmoid(z);
    const d = ((a3[p] - y[p]) * a3[p] * (1 - a3[p])) / k;
    out.b3[p] = d;
    for (let j = 0; j < h; j++) {
      out.W3[p * h + j] = d * a2[j];
      back[j] += d * W3[p * h + j];
    }
  }
  for (let j = 0; j < h; j++) {
    const d = back[j] * a2[j] * (1 - a2[j]);
    out.b2[j] = d;
    for (let i = 0; i < n; i++) out.W2[j * n + i] = d * x[i];
  }
  return out;
};
