export function newNet(ni, nh, no) {
  const net = { wi: [], bi: [], wo: [], bo: [] };
  for (let j = 0; j < nh; j++) {
    net.wi.push(Array.from({ length: ni }, () => Math.random() - 0.5));
    net.bi.push(0);
  }
  for (let k = 0; k < no; k++) {
    net.wo.push(Array.from({ length: nh }, () => Math.random() - 0.5));
    net.bo.push(0);
  }
  return net;
}

export function backPropagate(net, inputs, targets, N) {
  const { wi, bi, wo, bo } = net;
  const ah = [];
  for (let j = 0; j < wi.length; j++) {
    let sum = bi[j];
    for (let i = 0; i < inputs.length; i++) sum += inputs[i] * wi[j][i];
    ah[j] = 1 / (1 + Math.exp(-sum));
  }
  const ao = [];
  for (let k = 0; k < wo.length; k++) {
    let sum = bo[k];
    for (let j = 0; j < ah.length; j++) sum += ah[j] * wo[k][j];
    ao[k] = 1 / (1 + Math.exp(-sum));
  }

  // deltas, scaled by the learning rate
  const outputDeltas = [];
  for (let k = 0; k < ao.length; k++) outputDeltas[k] = N * (ao[k] - targets[k]);
  const hiddenDeltas = [];
  for (let j = 0; j < ah.length; j++) {
    let error = 0;
    for (let k = 0; k < ao.length; k++) error += outputDeltas[k] * wo[k][j];
    hiddenDeltas[j] = error * ah[j] * (1 - ah[j]);
  }

  for (let k = 0; k < ao.length; k++) {
    for (let j = 0; j < ah.length; j++) wo[k][j] -= N * outputDeltas[k] * ah[j];
    bo[k] -= N * outputDeltas[k];
  }
  for (let j = 0; j < ah.length; j++) {
    for (let i = 0; i < inputs.length; i++) wi[j][i] -= N * hiddenDeltas[j] * inputs[i];
    bi[j] -= N * hiddenDeltas[j];
  }
}
