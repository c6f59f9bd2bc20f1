/** weights[i][j] leads from input i to unit j, as in x·W. */
export class RowsIn {
  readonly w1: number[][];
  readonly b1: number[];
  readonly w2: number[][];
  readonly b2: number[];

  constructor(n: number, h: number, k: number) {
    const fill = (rows: number, cols: number): number[][] =>
      Array.from({ length: rows }, () => Array.from({ length: cols }, () => Math.random() - 0.5));
    this.w1 = fill(n, h);
    this.b1 = new Array<number>(h).fill(0);
    this.w2 = fill(h, k);
    this.b2 = new Array<number>(k).fill(0);
  }

  private static apply(v: number[], w: number[][], b: number[]): number[] {
    return b.map((bias, j) => {
      const z = v.reduce((s, value, i) => s + value * w[i]![j]!, bias);
      return 1 / (1 + Math.exp(-z));
    });
  }

  forward(x: number[]): [number[], number[]] {
    const h = RowsIn.apply(x, this.w1, this.b1);
    return [h, RowsIn.apply(h, this.w2, this.b2)];
  }

  backward(x: number[], y: number[]) {
    const [h, o] = this.forward(x);
    const d2 = o.map((a, k) => ((2 * (a - y[k]!)) / y.length) * a * (1 - a));
    const d1 = h.map((a, j) => a * (1 - a) * d2.reduce((s, d, k) => s + d * this.w2[j]![k]!, 0));
    return {
      w1: x.map((v) => d1.map((d) => v * d)),
      b1: d1,
      w2: h.map((v) => d2.map((d) => v * d)),
      b2: d2,
    };
  }
}
