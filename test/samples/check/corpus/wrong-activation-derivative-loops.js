// one hidden layer, tanh; output layer sigmoid; mean squared error with the usual 1/2
function forward(params, x) {
  const { W2, b2, W3, b3 } = params;
  const hidden = [];
  for (let j = 0; j < b2.length; j++) {
    let z = b2[j];
    for (let i = 0; i < x.length; i++) z += W2[j][i] * x[i];
    hidden.push(Math.tanh(z));
  }
  const output = [];
  for (let k = 0; k < b3.length; k++) {
    let z = b3[k];
    for (let j = 0; j < hidden.length; j++) z += W3[k][j] * hidden[j];
    output.push(1 / (1 + Math.exp(-z)));
  }
  return { hidden, output };
}

const derivative = (a) => a * (1 - a);

export function gradient(params, x, y) {
  const { hidden, output } = forward(params, x);
  const n = output.length;
  const dW3 = [];
  const db3 = [];
  const back = new Array(hidden.length).fill(0);
  for (let k = 0; k < n; k++) {
    const d = ((output[k] - y[k]) / n) * derivative(output[k]);
    db3[k] = d;
    dW3[k] = [];
    for (let j = 0; j < hidden.length; j++) {
      dW3[k][j] = d * hidden[j];
      back[j] += d * params.W3[k][j];
    }
  }
  const dW2 = [];
  const db2 = [];
  for (let j = 0; j < hidden.length; j++) {
    const d = back[j] * derivative(hidden[j]);
    db2[j] = d;
    dW2[j] = [];
    for (let i = 0; i < x.length; i++) dW2[j][i] = d * x[i];
  }
  return { dW2, db2, dW3, db3 };
}
