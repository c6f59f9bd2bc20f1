import { Matrix } from "./matrix.ts";

const softmaxColumns = (Z: Matrix): Matrix => {
  const E = Z.map(Math.exp);
  const totals = Array.from({ length: E.cols }, (_, s) =>
    E.transpose()
      .toRows()
      [s]!.reduce((a, b) => a + b, 0),
  );
  return E.map((e, _, s) => e / totals[s]!);
};

/** Digits classifier; the columns of X and Y are the samples. */
export class Classifier {
  W1: Matrix;
  b1: Matrix;
  W2: Matrix;
  b2: Matrix;

  constructor(inputs: number, hidden: number, classes: number) {
    this.W1 = Matrix.random(hidden, inputs).scale(Math.sqrt(2 / inputs));
    this.b1 = new Matrix(hidden, 1);
    this.W2 = Matrix.random(classes, hidden).scale(Math.sqrt(2 / hidden));
    this.b2 = new Matrix(classes, 1);
  }

  forward(X: Matrix): { Z1: Matrix; A1: Matrix; A2: Matrix } {
    const Z1 = this.W1.dot(X).addColumn(this.b1);
    const A1 = Z1.map((z) => Math.max(z, 0));
    return { Z1, A1, A2: softmaxColumns(this.W2.dot(A1).addColumn(this.b2)) };
  }

  step(X: Matrix, Y: Matrix, alpha: number): void {
    const { Z1, A1, A2 } = this.forward(X);
    const dZ2 = A2.sub(Y);
    const dW2 = dZ2.dot(A1.transpose());
    const db2 = dZ2.sumColumns();
    const dZ1 = this.W2.transpose()
      .dot(dZ2)
      .mul(Z1.map((z) => (z > 0 ? 1 : 0)));
    const dW1 = dZ1.dot(X.transpose());
    const db1 = dZ1.sumColumns();

    this.W1 = this.W1.sub(dW1.scale(alpha));
    this.b1 = this.b1.sub(db1.scale(alpha));
    this.W2 = this.W2.sub(dW2.scale(alpha));
    this.b2 = this.b2.sub(db2.scale(alpha));
  }
}
