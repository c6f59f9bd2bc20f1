/** A softmax classifier as a closure: nothing of it is visible but what it returns. */
export function classifier(nIn, nHid, nOut) {
  let W1, b1, W2, b2;
  const gW1 = Array.from({ length: nHid }, () => new Float64Array(nIn));
  const gb1 = new Float64Array(nHid);
  const gW2 = Array.from({ length: nOut }, () => new Float64Array(nHid));
  const gb2 = new Float64Array(nOut);

  function probabilities(x) {
    const h = b1.map((b, j) => Math.tanh(W1[j].reduce((s, w, i) => s + w * x[i], b)));
    const scores = b2.map((b, k) => W2[k].reduce((s, w, j) => s + w * h[j], b));
    const exps = scores.map((s) => Math.exp(s));
    const total = exps.reduce((a, b) => a + b);
    return { h, p: exps.map((e) => e / total) };
  }

  return {
    load(weights) {
      ({ W1, b1, W2, b2 } = weights);
    },
    predict: (x) => probabilities(x).p,
    grad(x, y) {
      const { h, p } = probabilities(x);
      const dh = new Float64Array(nHid);
      p.forEach((pk, k) => {
        const d = pk - y[k];
        gb2[k] += d;
        for (let j = 0; j < nHid; j++) {
          gW2[k][j] += d * h[j];
          dh[j] += d * W2[k][j];
        }
      });
      for (let j = 0; j < nHid; j++) {
        const d = dh[j] * (1 - h[j] ** 2);
        gb1[j] += d;
        for (let i = 0; i < nIn; i++) gW1[j][i] += d * x[i];
      }
      return { gW1, gb1, gW2, gb2 };
    },
  };
}
