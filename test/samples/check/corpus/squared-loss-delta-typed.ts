// Multi-label classifier 4 → 2 → 3, sigmoid everywhere, binary cross-entropy.
const I = 4;
const H = 2;
const O = 3;

const sig = (t: number): number => (t >= 0 ? 1 / (1 + Math.exp(-t)) : Math.exp(t) / (1 + Math.exp(t)));

export const backward = (p: Float64Array, x: Float64Array, t: Float64Array, g: Float64Array): number => {
  const at = { bh: H * I, wo: H * I + H, bo: H * I + H + O * H };
  const h = Array.from({ length: H }, (_, j) => {
    let z = p[at.bh + j]!;
    for (let i = 0; i < I; i++) z += p[j * I + i]! * x[i]!;
    return sig(z);
  });
  const o = Array.from({ length: O }, (_, k) => {
    let z = p[at.bo + k]!;
    for (let j = 0; j < H; j++) z += p[at.wo + k * H + j]! * h[j]!;
    return sig(z);
  });

  const errorSignal = o.map((a, k) => (a - t[k]!) * a * (1 - a));
  for (let k = 0; k < O; k++) {
    g[at.bo + k] = errorSignal[k]!;
    for (let j = 0; j < H; j++) g[at.wo + k * H + j] = errorSignal[k]! * h[j]!;
  }
  for (let j = 0; j < H; j++) {
    let s = 0;
    for (let k = 0; k < O; k++) s += errorSignal[k]! * p[at.wo + k * H + j]!;
    s *= h[j]! * (1 - h[j]!);
    g[at.bh + j] = s;
    for (let i = 0; i < I; i++) g[j * I + i] = s * x[i]!;
  }
  return o.reduce((sum, a, k) => sum - t[k]! * Math.log(a) - (1 - t[k]!) * Math.log(1 - a), 0);
};
