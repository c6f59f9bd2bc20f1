import { Matrix } from "./matrix.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Independent yes/no outputs under binary cross-entropy. */
export class TagNetwork {
  W1: Matrix;
  b1: Matrix;
  W2: Matrix;
  b2: Matrix;

  constructor(inputs: number, hidden: number, tags: number) {
    this.W1 = Matrix.random(hidden, inputs);
    this.b1 = Matrix.random(hidden, 1);
    this.W2 = Matrix.random(tags, hidden);
    this.b2 = Matrix.random(tags, 1);
  }

  forward(x: Matrix): [Matrix, Matrix] {
    const hidden = this.W1.dot(x).add(this.b1).map(sigmoid);
    return [hidden, this.W2.dot(hidden).add(this.b2).map(sigmoid)];
  }

  train(input: number[], tags: number[], rate: number): void {
    const x = Matrix.column(input);
    const [hidden, output] = this.forward(x);
    const delta2 = output.sub(Matrix.column(tags));
    const delta1 = this.W2.transpose()
      .dot(delta2)
      .mul(hidden.map((h) => h * (1 - h)));
    this.W2 = this.W2.sub(delta2.dot(hidden.transpose()).scale(rate));
    this.b2 = this.b2.sub(delta2.scale(rate));
    this.W1 = this.W1.sub(delta1.dot(x.transpose()).scale(rate));
    this.b1 = this.b1.sub(delta1.scale(rate));
  }
}
