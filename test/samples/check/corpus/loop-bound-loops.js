const sigmoid = (z) => 1 / (1 + Math.exp(-z));

export function backward(p, x, y) {
  const nHidden = p.b2.length;
  const nOut = p.b3.length;
  const h = [];
  const o = [];
  let i, j, k;
  for (j = 0; j < nHidden; j++) {
    h[j] = p.b2[j];
    for (i = 0; i < x.length; i++) h[j] += p.W2[j][i] * x[i];
    h[j] = sigmoid(h[j]);
  }
  for (k = 0; k < nOut; k++) {
    o[k] = p.b3[k];
    for (j = 0; j < nHidden; j++) o[k] += p.W3[k][j] * h[j];
    o[k] = sigmoid(o[k]);
  }

  const g = {
    dW2: p.W2.map((row) => row.map(() => 0)),
    db2: p.b2.map(() => 0),
    dW3: p.W3.map((row) => row.map(() => 0)),
    db3: p.b3.map(() => 0),
  };
  for (k = 0; k < nOut; k++) {
    g.db3[k] = ((o[k] - y[k]) / nOut) * o[k] * (1 - o[k]);
    for (j = 0; j < nHidden; j++) g.dW3[k][j] = g.db3[k] * h[j];
  }
  for (j = 0; j < nHidden; j++) {
    for (k = 0; k < nOut; k++) g.db2[j] += g.db3[k] * p.W3[k][j];
    g.db2[j] *= h[j] * (1 - h[j]);
    for (i = 0; i < x.length - 1; i++) g.dW2[j][i] = g.db2[j] * x[i];
  }
  return g;
}
