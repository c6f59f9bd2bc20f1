// Softmax classifier with one hidden layer. All parameters are in one array, gradients too.
const nIn = 4;
const nHidden = 3;
const nClass = 5;

const offset = { w1: 0, b1: nHidden * nIn, w2: nHidden * nIn + nHidden, b2: nHidden * (nIn + 1 + nClass) };

export function backward(params: Float64Array, x: Float64Array, label: Float64Array, grads: Float64Array): number {
  const act = new Float64Array(nHidden);
  for (let j = 0; j < nHidden; j++) {
    let z = params[offset.b1 + j]!;
    for (let i = 0; i < nIn; i++) z += params[offset.w1 + j * nIn + i]! * x[i]!;
    act[j] = 1 / (1 + Math.exp(-z));
  }
  const logits = new Float64Array(nClass);
  for (let c = 0; c < nClass; c++) {
    logits[c] = params[offset.b2 + c]!;
    for (let j = 0; j < nHidden; j++) logits[c]! += params[offset.w2 + c * nHidden + j]! * act[j]!;
  }
  const max = Math.max(...logits);
  const exps = logits.map((z) => Math.exp(z - max));
  const norm = exps.reduce((a, b) => a + b, 0);
  const probs = exps.map((e) => e / norm);

  const dLogits = new Float64Array(nClass);
  for (let c = 0; c < nClass; c++) {
    dLogits[c] = (probs[c]! - label[c]!) / nClass;
  }

  const dAct = new Float64Array(nHidden);
  for (let c = 0; c < nClass; c++) {
    grads[offset.b2 + c] = dLogits[c]!;
    for (let j = 0; j < nHidden; j++) {
      grads[offset.w2 + c * nHidden + j] = dLogits[c]! * act[j]!;
      dAct[j]! += params[offset.w2 + c * nHidden + j]! * dLogits[c]!;
    }
  }
  for (let j = 0; j < nHidden; j++) {
    const dz = dAct[j]! * act[j]! * (1 - act[j]!);
    grads[offset.b1 + j] = dz;
    for (let i = 0; i < nIn; i++) grads[offset.w1 + j * nIn + i] = dz * x[i]!;
  }
  return -label.reduce((sum, t, c) => sum + t * Math.log(probs[c]!), 0);
}
