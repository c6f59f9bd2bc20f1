export class Perceptron {
  w1: number[][];
  b1: number[];
  w2: number[][];
  b2: number[];
  gradients = { w1: [] as number[][], b1: [] as number[], w2: [] as number[][], b2: [] as number[] };

  constructor(nIn: number, nHidden: number, nOut: number) {
    const init = (rows: number, cols: number) =>
      Array.from({ length: rows }, () => Array.from({ length: cols }, () => Math.random() - 0.5));
    this.w1 = init(nHidden, nIn);
    this.b1 = new Array<number>(nHidden).fill(0);
    this.w2 = init(nOut, nHidden);
    this.b2 = new Array<number>(nOut).fill(0);
  }

  private static layer(w: number[][], b: number[], x: number[]): number[] {
    return w.map((row, j) => {
      let z = b[j]!;
      row.forEach((v, i) => (z += v * x[i]!));
      return 1 / (1 + Math.exp(-z));
    });
  }

  predict(x: number[]): { hidden: number[]; output: number[] } {
    const hidden = Perceptron.layer(this.w1, this.b1, x);
    return { hidden, output: Perceptron.layer(this.w2, this.b2, hidden) };
  }

  /** E = 1/2 Σ (o - t)² */
  error(x: number[], t: number[]): number {
    const { output } = this.predict(x);
    return output.reduce((e, o, k) => e + 0.5 * (o - t[k]!) ** 2, 0);
  }

  backprop(x: number[], t: number[]): void {
    const { hidden, output } = this.predict(x);
    // the square brings down a 2
    const delta2 = output.map((o, k) => 2 * (o - t[k]!) * o * (1 - o));
    const delta1 = hidden.map((h, j) => {
      let back = 0;
      for (let k = 0; k < delta2.length; k++) back += delta2[k]! * this.w2[k]![j]!;
      return back * h * (1 - h);
    });
    this.gradients = {
      w1: delta1.map((d) => x.map((v) => d * v)),
      b1: delta1,
      w2: delta2.map((d) => hidden.map((v) => d * v)),
      b2: delta2,
    };
  }
}
