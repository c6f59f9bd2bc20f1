// Backpropagation for one hidden layer, the way the article derives it.
function sigmoid(z) {
  return 1 / (1 + Math.exp(-z));
}

export function backward({ W2, b2, W3, b3 }, x, y) {
  const a2 = [];
  const a3 = [];
  for (let j = 0; j < W2.length; j++) {
    let z = b2[j];
    for (let k = 0; k < x.length; k++) z += W2[j][k] * x[k];
    a2[j] = sigmoid(z);
  }
  for (let j = 0; j < W3.length; j++) {
    let z = b3[j];
    for (let k = 0; k < a2.length; k++) z += W3[j][k] * a2[k];
    a3[j] = sigmoid(z);
  }

  const db3 = [];
  for (let j = 0; j < a3.length; j++) {
    db3[j] = ((a3[j] - y[j]) / a3.length) * a3[j] * (1 - a3[j]);
  }
  const db2 = [];
  for (let k = 0; k < a2.length; k++) {
    let sum = 0;
    for (let j = 0; j < a3.length; j++) sum += W3[j][k] * db3[j];
    db2[k] = sum * a2[k] * (1 - a2[k]);
  }
  const dW3 = [];
  for (let j = 0; j < a3.length; j++) {
    dW3[j] = [];
    for (let k = 0; k < a2.length; k++) dW3[j][k] = db3[j] * a2[k];
  }
  const dW2 = [];
  for (let j = 0; j < a2.length; j++) {
    dW2[j] = [];
    for (let k = 0; k < x.length; k++) dW2[j][k] = db2[j] * x[k];
  }
  return { dW2, db2, dW3, db3 };
}
