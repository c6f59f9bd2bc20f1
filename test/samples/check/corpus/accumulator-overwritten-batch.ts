const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export class BatchTrainer {
  W1: number[][] = [];
  b1: number[] = [];
  W2: number[][] = [];
  b2: number[] = [];

  trainBatch(inputs: number[][], targets: number[][], eta: number): void {
    let dW1: number[][] = [];
    let db1: number[] = [];
    let dW2: number[][] = [];
    let db2: number[] = [];
    for (const [s, x] of inputs.entries()) {
      const t = targets[s]!;
      const h = this.W1.map((row, j) => sigmoid(row.reduce((z, w, i) => z + w * x[i]!, this.b1[j]!)));
      const o = this.W2.map((row, k) => sigmoid(row.reduce((z, w, j) => z + w * h[j]!, this.b2[k]!)));
      const delta2 = o.map((v, k) => (v - t[k]!) * v * (1 - v));
      const delta1 = h.map((v, j) => v * (1 - v) * delta2.reduce((e, d, k) => e + d * this.W2[k]![j]!, 0));
      dW2 = delta2.map((d) => h.map((v) => d * v));
      db2 = delta2;
      dW1 = delta1.map((d) => x.map((v) => d * v));
      db1 = delta1;
    }
    const rate = eta / inputs.length;
    const descend = (p: number[], g: number[]): number[] => p.map((v, i) => v - rate * g[i]!);
    this.W1 = this.W1.map((row, j) => descend(row, dW1[j]!));
    this.b1 = descend(this.b1, db1);
    this.W2 = this.W2.map((row, k) => descend(row, dW2[k]!));
    this.b2 = descend(this.b2, db2);
  }
}
