type Net = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };

function sigmoid(t: number): number {
  return 1 / (1 + Math.exp(-t));
}

export function backward(net: Net, x: number[], y: number[]): Net {
  const hidden: number[] = [];
  for (const [j, row] of net.W2.entries()) {
    let net_j = net.b2[j]!;
    for (const [i, w] of row.entries()) net_j += w * x[i]!;
    hidden[j] = sigmoid(net_j);
  }
  const out: number[] = [];
  for (const [k, row] of net.W3.entries()) {
    let net_k = net.b3[k]!;
    for (const [j, w] of row.entries()) net_k += w * hidden[j]!;
    out[k] = sigmoid(net_k);
  }

  const outDelta: number[] = [];
  for (const [k, o] of out.entries()) outDelta[k] = (o - y[k]!) * o * (1 - o);
  const hidDelta: number[] = [];
  for (const [j, h] of hidden.entries()) {
    let error = 0;
    for (const d of outDelta) error += d;
    hidDelta[j] = error * h * (1 - h);
  }
  return {
    W2: hidDelta.map((d) => x.map((v) => d * v)),
    b2: hidDelta,
    W3: outDelta.map((d) => hidden.map((v) => d * v)),
    b3: outDelta,
  };
}
