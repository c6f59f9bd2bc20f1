export class MultilayerPerceptron {
  weights: [number[][], number[][]] = [[], []];
  thresholds: [number[], number[]] = [[], []];

  propagate(x: number[]): [number[], number[]] {
    const layer = (l: 0 | 1, input: number[]): number[] =>
      this.weights[l].map((row, j) =>
        Math.tanh(row.reduce((sum, w, i) => sum + w * input[i]!, this.thresholds[l][j]!)),
      );
    const hidden = layer(0, x);
    return [hidden, layer(1, hidden)];
  }

  descend(x: number[], y: number[], η: number): void {
    const [hidden, out] = this.propagate(x);
    const δ2 = out.map((o, k) => (o - y[k]!) * (1 - o * o));
    const δ1 = hidden.map((h, j) => (1 - h * h) * δ2.reduce((sum, d, k) => sum + d * this.weights[1][k]![j]!, 0));
    const updates = [
      [δ1, x],
      [δ2, hidden],
    ] as const;
    updates.forEach(([δ, input], l) => {
      δ.forEach((d, j) => {
        input.forEach((v, i) => {
          this.weights[l]![j]![i]! -= η * d * v;
        });
        this.thresholds[l]![j]! -= d;
      });
    });
  }
}
