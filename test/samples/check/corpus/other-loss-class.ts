/** Predicts independent probabilities; trained on their log-likelihood. */
export class TagPredictor {
  readonly hidden: { weights: number[]; bias: number }[] = [];
  readonly tags: { weights: number[]; bias: number }[] = [];

  private fire(units: TagPredictor["hidden"], input: number[]): number[] {
    return units.map(({ weights, bias }) => {
      const z = weights.reduce((sum, w, i) => sum + w * input[i]!, bias);
      return 1 / (1 + Math.exp(-z));
    });
  }

  predict(x: number[]): number[] {
    return this.fire(this.tags, this.fire(this.hidden, x));
  }

  loss(x: number[], y: number[]): number {
    return this.predict(x).reduce((sum, p, k) => sum - y[k]! * Math.log(p) - (1 - y[k]!) * Math.log(1 - p), 0);
  }

  gradients(x: number[], y: number[]) {
    const h = this.fire(this.hidden, x);
    const p = this.fire(this.tags, h);
    const tagDelta = p.map((v, k) => v - y[k]!);
    const hiddenDelta = h.map(
      (v, j) => v * (1 - v) * tagDelta.reduce((sum, d, k) => sum + d * this.tags[k]!.weights[j]!, 0),
    );
    return {
      hidden: hiddenDelta.map((d) => ({ weights: x.map((v) => d * v), bias: d })),
      tags: tagDelta.map((d) => ({ weights: h.map((v) => d * v), bias: d })),
    };
  }
}
