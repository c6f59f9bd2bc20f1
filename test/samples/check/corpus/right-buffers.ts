/** Four layers of weights, all buffers allocated once and handed out again with every call. */
const sizes = [3, 5, 4, 6, 2];

const make = (l: number, extra = 0): Float64Array => new Float64Array(sizes[l + 1]! * (extra || sizes[l]!));
const z = sizes.slice(1).map((n) => new Float64Array(n));
const a = sizes.map((n) => new Float64Array(n));
const delta = sizes.slice(1).map((n) => new Float64Array(n));
const dW = z.map((_, l) => make(l));
const db = z.map((_, l) => make(l, 1));

type Params = Record<string, Float64Array>;

export function backward(params: Params, x: Float64Array, y: Float64Array): Params {
  const last = z.length - 1;
  a[0]!.set(x);
  for (let l = 0; l <= last; l++) {
    const W = params[`W${l + 2}`]!;
    const n = sizes[l]!;
    for (let j = 0; j < sizes[l + 1]!; j++) {
      let s = params[`b${l + 2}`]![j]!;
      for (let i = 0; i < n; i++) s += W[j * n + i]! * a[l]![i]!;
      z[l]![j] = s;
      a[l + 1]![j] = l === last ? s : s > 0 ? s : 0;
    }
  }
  for (let l = last; l >= 0; l--) {
    const n = sizes[l]!;
    const m = sizes[l + 1]!;
    for (let j = 0; j < m; j++) {
      let g = 0;
      if (l === last) g = (a[l + 1]![j]! - y[j]!) / m;
      else if (z[l]![j]! > 0) {
        const W = params[`W${l + 3}`]!;
        for (let k = 0; k < sizes[l + 2]!; k++) g += delta[l + 1]![k]! * W[k * m + j]!;
      }
      delta[l]![j] = g;
      db[l]![j] = g;
      for (let i = 0; i < n; i++) dW[l]![j * n + i] = g * a[l]![i]!;
    }
  }
  return Object.fromEntries(z.flatMap((_, l) => [[`dW${l + 2}`, dW[l]!] as const, [`db${l + 2}`, db[l]!] as const]));
}
