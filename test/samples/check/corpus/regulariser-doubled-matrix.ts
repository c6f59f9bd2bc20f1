import { Matrix } from "./matrix.ts";

/** A regression network with ridge penalty, trained by plain gradient descent. */
export class RidgeNet {
  lambda: number;
  w1: Matrix;
  b1: Matrix;
  w2: Matrix;
  b2: Matrix;

  constructor(inputs: number, hidden: number, outputs: number, lambda: number) {
    this.lambda = lambda;
    this.w1 = Matrix.random(hidden, inputs);
    this.b1 = new Matrix(hidden, 1);
    this.w2 = Matrix.random(outputs, hidden);
    this.b2 = new Matrix(outputs, 1);
  }

  gradients(x: number[], y: number[]) {
    const input = Matrix.column(x);
    const a1 = this.w1.dot(input).add(this.b1).map(Math.tanh);
    const a2 = this.w2.dot(a1).add(this.b2);
    const d2 = a2.sub(Matrix.column(y)).scale(1 / a2.rows);
    const d1 = this.w2
      .transpose()
      .dot(d2)
      .mul(a1.map((v) => 1 - v * v));
    // the derivative of w² is 2w
    return {
      w1: d1.dot(input.transpose()).add(this.w1.scale(2 * this.lambda)),
      b1: d1,
      w2: d2.dot(a1.transpose()).add(this.w2.scale(2 * this.lambda)),
      b2: d2,
    };
  }
}
