/** Weights live in the closure; what comes out is a function that learns and one that predicts. */
export function network(nIn: number, nHid: number, nOut: number) {
  let hidden = Array.from({ length: nHid }, () => ({ w: Array.from({ length: nIn }, Math.random), b: 0 }));
  let output = Array.from({ length: nOut }, () => ({ w: Array.from({ length: nHid }, Math.random), b: 0 }));
  type Units = typeof hidden;

  const sums = (units: Units, v: number[]): number[] =>
    units.map(({ w, b }) => w.reduce((s, q, i) => s + q * v[i]!, b));
  const step = (units: Units, deltas: number[], v: number[], rate: number): Units =>
    units.map(({ w, b }, j) => ({
      w: w.map((q, i) => q - rate * deltas[j]! * v[i]!),
      b: b - rate * deltas[j]!,
    }));

  return {
    predict: (x: number[]): number[] => sums(output, sums(hidden, x).map(Math.tanh)),
    learn(x: number[], y: number[], rate: number): void {
      const h = sums(hidden, x).map(Math.tanh);
      const d2 = sums(output, h).map((o, k) => (o - y[k]!) / nOut);
      const d1 = h.map((v, j) => (1 - v * v) * d2.reduce((s, d, k) => s + d * output[k]!.w[j]!, 0));
      output = step(output, d2, h, rate);
      hidden = step(hidden, d1, x, rate);
    },
    read: () => ({ hidden, output }),
    write(units: { hidden: Units; output: Units }): void {
      ({ hidden, output } = units);
    },
  };
}
