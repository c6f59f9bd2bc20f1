export class ReluRegressor {
  private w1: number[][];
  private b1: number[];
  private w2: number[][];
  private b2: number[];

  constructor(inputs: number, hidden: number, outputs: number) {
    const he = (rows: number, cols: number): number[][] =>
      Array.from({ length: rows }, () => Array.from({ length: cols }, () => Math.random() * Math.sqrt(2 / cols)));
    this.w1 = he(hidden, inputs);
    this.b1 = new Array<number>(hidden).fill(0.1);
    this.w2 = he(outputs, hidden);
    this.b2 = new Array<number>(outputs).fill(0);
  }

  get weights() {
    return { w1: this.w1, b1: this.b1, w2: this.w2, b2: this.b2 };
  }

  set weights({ w1, b1, w2, b2 }: { w1: number[][]; b1: number[]; w2: number[][]; b2: number[] }) {
    this.w1 = w1;
    this.b1 = b1;
    this.w2 = w2;
    this.b2 = b2;
  }

  private hidden(x: number[]): number[] {
    return this.w1.map((row, j) => {
      const z = row.reduce((s, w, i) => s + w * x[i]!, this.b1[j]!);
      return z > 0 ? z : 0;
    });
  }

  predict(x: number[], h = this.hidden(x)): number[] {
    return this.w2.map((row, k) => row.reduce((s, w, j) => s + w * h[j]!, this.b2[k]!));
  }

  train(x: number[], y: number[], rate: number): void {
    const h = this.hidden(x);
    const errors = this.predict(x, h).map((o, k) => o - y[k]!);
    // back through the weights as they still are
    const back = h.map((v, j) => (v > 0 ? errors.reduce((s, e, k) => s + e * this.w2[k]![j]!, 0) : 0));
    errors.forEach((e, k) => {
      h.forEach((v, j) => (this.w2[k]![j]! -= rate * e * v));
      this.b2[k]! -= rate * e;
    });
    back.forEach((e, j) => {
      x.forEach((v, i) => (this.w1[j]![i]! -= rate * e * v));
      this.b1[j]! -= rate * e;
    });
  }
}
