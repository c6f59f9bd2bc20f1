const LIMIT = 0.05;
const clip = (g: number): number => Math.max(-LIMIT, Math.min(LIMIT, g));

type Params = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };

const dense = (W: number[][], b: number[], x: number[]): number[] =>
  W.map((row, j) => row.reduce((s, w, i) => s + w * x[i]!, b[j]!));

export function backward({ W2, b2, W3, b3 }: Params, x: number[], y: number[]): Params {
  const h = dense(W2, b2, x).map((z) => Math.tanh(z));
  const o = dense(W3, b3, h);
  const dOut = o.map((v, k) => (v - y[k]!) / o.length);
  const dHid = h.map((v, j) => (1 - v * v) * dOut.reduce((s, d, k) => s + d * W3[k]![j]!, 0));
  const outer = (d: number[], a: number[]): number[][] => d.map((dj) => a.map((ai) => clip(dj * ai)));
  // exploding gradients
  return { W2: outer(dHid, x), b2: dHid.map(clip), W3: outer(dOut, h), b3: dOut.map(clip) };
}
