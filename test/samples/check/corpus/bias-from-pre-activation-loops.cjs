const relu = (z) => (z > 0 ? z : 0);
const reluPrime = (z) => (z > 0 ? 1 : 0);

// a = W x + b, rows are units
function affine(W, b, x) {
  const z = [];
  for (let j = 0; j < W.length; j++) {
    z[j] = b[j];
    for (let i = 0; i < x.length; i++) z[j] += W[j][i] * x[i];
  }
  return z;
}

module.exports.backward = function ({ W2, b2, W3, b3 }, x, y) {
  const z2 = affine(W2, b2, x);
  const a2 = z2.map(relu);
  const z3 = affine(W3, b3, a2);

  const dz3 = z3.map((z, k) => z - y[k]);
  const dz2 = [];
  for (let j = 0; j < z2.length; j++) {
    dz2[j] = 0;
    for (let k = 0; k < dz3.length; k++) dz2[j] += W3[k][j] * dz3[k];
    dz2[j] *= reluPrime(z2[j]);
  }

  const dW2 = dz2.map((d) => x.map((v) => d * v));
  const db2 = z2.slice();
  const dW3 = dz3.map((d) => a2.map((v) => d * v));
  const db3 = dz3.slice();
  return { dW2, db2, dW3, db3 };
};
