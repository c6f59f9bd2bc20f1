const RATE = 0.3;

/** A network with one hidden layer of tanh units and linear outputs. */
export function createLearner(W1: number[][], b1: number[], W2: number[][], b2: number[]) {
  const net = { W1, b1, W2, b2 };
  const hiddenOf = (x: number[]): number[] =>
    net.W1.map((row, j) => Math.tanh(row.reduce((s, w, i) => s + w * x[i]!, net.b1[j]!)));
  const outputOf = (h: number[]): number[] =>
    net.W2.map((row, k) => row.reduce((s, w, j) => s + w * h[j]!, net.b2[k]!));

  function learn(x: number[], y: number[], rate = RATE): void {
    const h = hiddenOf(x);
    const dOut = outputOf(h).map((o, k) => (2 * (o - y[k]!)) / y.length);
    const dHid = h.map((v, j) => dOut.reduce((s, d, k) => s + d * net.W2[k]![j]!, 0) * (1 - v * v));
    net.W2 = net.W2.map((row, k) => row.map((w, j) => w - rate * dOut[k]! * h[j]!));
    net.b2 = net.b2.map((b, k) => b - rate * dOut[k]!);
    net.W1 = net.W1.map((row, j) => row.map((w, i) => w - RATE * dHid[j]! * x[i]!));
    net.b1 = net.b1.map((b, j) => b - RATE * dHid[j]!);
  }
  return { net, learn, predict: (x: number[]) => outputOf(hiddenOf(x)) };
}
