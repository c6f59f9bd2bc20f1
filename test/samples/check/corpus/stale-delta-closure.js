// A trainer that reuses its buffers from sample to sample.
export const trainer = (nIn, nHid, nOut) => {
  const w = { W1: null, b1: null, W2: null, b2: null };
  const h = new Float64Array(nHid);
  const p = new Float64Array(nOut);
  const deltaOut = new Float64Array(nOut);
  const deltaHid = new Float64Array(nHid);

  const propagate = (x) => {
    for (let j = 0; j < nHid; j++) {
      let z = w.b1[j];
      for (let i = 0; i < nIn; i++) z += w.W1[j][i] * x[i];
      h[j] = Math.tanh(z);
    }
    let norm = 0;
    for (let k = 0; k < nOut; k++) {
      let z = w.b2[k];
      for (let j = 0; j < nHid; j++) z += w.W2[k][j] * h[j];
      norm += p[k] = Math.exp(z);
    }
    for (let k = 0; k < nOut; k++) p[k] /= norm;
  };

  const hiddenDeltas = () => {
    for (let j = 0; j < nHid; j++) {
      let back = 0;
      for (let k = 0; k < nOut; k++) back += w.W2[k][j] * deltaOut[k];
      deltaHid[j] = back * (1 - h[j] * h[j]);
    }
  };
  const outputDeltas = (y) => {
    for (let k = 0; k < nOut; k++) deltaOut[k] = p[k] - y[k];
  };

  return {
    weights: w,
    step(x, y, rate) {
      propagate(x);
      hiddenDeltas();
      outputDeltas(y);
      w.W2 = w.W2.map((row, k) => row.map((v, j) => v - rate * deltaOut[k] * h[j]));
      w.b2 = w.b2.map((v, k) => v - rate * deltaOut[k]);
      w.W1 = w.W1.map((row, j) => row.map((v, i) => v - rate * deltaHid[j] * x[i]));
      w.b1 = w.b1.map((v, j) => v - rate * deltaHid[j]);
    },
  };
};
