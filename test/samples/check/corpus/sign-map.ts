type V = number[];
type M = number[][];

const sigma = (v: V): V => v.map((z) => 1 / (1 + Math.exp(-z)));
const Wxb = (W: M, x: V, b: V): V => W.map((row, j) => row.reduce((s, w, k) => s + w * x[k]!, b[j]!));

/** Errors the way the textbook has them, target minus output. */
export function grads({ W2, b2, W3, b3 }: { W2: M; b2: V; W3: M; b3: V }, x: V, t: V) {
  const hidden = sigma(Wxb(W2, x, b2));
  const out = sigma(Wxb(W3, hidden, b3));
  const outDelta = out.map((o, k) => ((t[k]! - o) / t.length) * o * (1 - o));
  const hidDelta = hidden.map((h, j) => h * (1 - h) * outDelta.reduce((s, d, k) => s + d * W3[k]![j]!, 0));
  return {
    dW2: hidDelta.map((d) => x.map((v) => v * d)),
    db2: hidDelta,
    dW3: outDelta.map((d) => hidden.map((v) => v * d)),
    db3: outDelta,
  };
}
