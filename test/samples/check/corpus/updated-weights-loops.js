// Online training of a 2-layer perceptron, one sample at a time.
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const rand = () => Math.random() - 0.5;

export function createNetwork(nIn, nHidden, nOut) {
  const weights = (rows, cols) => Array.from({ length: rows }, () => Array.from({ length: cols }, rand));
  return {
    wh: weights(nHidden, nIn),
    bh: Array.from({ length: nHidden }, rand),
    wo: weights(nOut, nHidden),
    bo: Array.from({ length: nOut }, rand),
    hidden: [],
    output: [],
  };
}

export function predict(net, input) {
  for (let j = 0; j < net.wh.length; j++) {
    let sum = net.bh[j];
    for (let i = 0; i < input.length; i++) sum += net.wh[j][i] * input[i];
    net.hidden[j] = sigmoid(sum);
  }
  for (let k = 0; k < net.wo.length; k++) {
    let sum = net.bo[k];
    for (let j = 0; j < net.hidden.length; j++) sum += net.wo[k][j] * net.hidden[j];
    net.output[k] = sigmoid(sum);
  }
  return net.output;
}

export function train(net, input, target, learningRate) {
  const output = predict(net, input);
  const hidden = net.hidden;

  // output layer
  const deltaOut = [];
  for (let k = 0; k < output.length; k++) {
    deltaOut[k] = (target[k] - output[k]) * output[k] * (1 - output[k]);
    for (let j = 0; j < hidden.length; j++) {
      net.wo[k][j] += learningRate * deltaOut[k] * hidden[j];
    }
    net.bo[k] += learningRate * deltaOut[k];
  }

  // hidden layer
  for (let j = 0; j < hidden.length; j++) {
    let error = 0;
    for (let k = 0; k < output.length; k++) {
      error += deltaOut[k] * net.wo[k][j];
    }
    const deltaHidden = error * hidden[j] * (1 - hidden[j]);
    for (let i = 0; i < input.length; i++) {
      net.wh[j][i] += learningRate * deltaHidden * input[i];
    }
    net.bh[j] += learningRate * deltaHidden;
  }
}
