// Mean gradients over a mini-batch, into accumulators that the caller owns.
export function accumulate(net, samples, acc) {
  const scale = 1 / samples.length;
  for (const row of [...acc.hidden, ...acc.output]) row.fill(0);

  for (const { input, target } of samples) {
    const hidden = net.hidden.map((w, j) => Math.tanh(w.reduce((s, v, i) => s + v * input[i], net.hiddenBias[j])));
    const output = net.output.map((w, k) => Math.tanh(w.reduce((s, v, j) => s + v * hidden[j], net.outputBias[k])));

    const outputDelta = [];
    for (let k = 0; k < output.length; k++) {
      const error = (2 * (output[k] - target[k])) / output.length;
      outputDelta[k] = scale * error * (1 - output[k] * output[k]);
      for (let j = 0; j < hidden.length; j++) acc.output[k][j] += outputDelta[k] * hidden[j];
      acc.outputBias[k] = outputDelta[k];
    }
    for (let j = 0; j < hidden.length; j++) {
      let sum = 0;
      for (let k = 0; k < output.length; k++) sum += outputDelta[k] * net.output[k][j];
      const hiddenDelta = sum * (1 - hidden[j] * hidden[j]);
      for (let i = 0; i < input.length; i++) acc.hidden[j][i] += hiddenDelta * input[i];
      acc.hiddenBias[j] = hiddenDelta;
    }
  }
}
