import { Matrix } from "./matrix.ts";

const softmaxRows = (Z: Matrix): Matrix =>
  Matrix.rows(
    Z.toRows().map((row) => {
      const top = Math.max(...row);
      const exps = row.map((z) => Math.exp(z - top));
      const total = exps.reduce((a, b) => a + b);
      return exps.map((e) => e / total);
    }),
  );

/** X·W as in Python: samples are rows, and W leads from row to column. */
export class RowClassifier {
  W1: Matrix;
  b1: Matrix;
  W2: Matrix;
  b2: Matrix;

  constructor(inputs: number, hidden: number, classes: number) {
    this.W1 = Matrix.random(inputs, hidden);
    this.b1 = new Matrix(1, hidden);
    this.W2 = Matrix.random(hidden, classes);
    this.b2 = new Matrix(1, classes);
  }

  private static affine(X: Matrix, W: Matrix, b: Matrix): Matrix {
    return X.dot(W).map((v, _, j) => v + b.data[j]!);
  }

  forward(X: Matrix): [Matrix, Matrix] {
    const H = RowClassifier.affine(X, this.W1, this.b1).map(Math.tanh);
    return [H, softmaxRows(RowClassifier.affine(H, this.W2, this.b2))];
  }

  fit(X: Matrix, Y: Matrix, rate: number): void {
    const [H, P] = this.forward(X);
    const dZ2 = P.sub(Y).scale(1 / X.rows);
    const dZ1 = dZ2.dot(this.W2.transpose()).mul(H.map((h) => 1 - h * h));
    const sumRows = (M: Matrix): Matrix => M.transpose().sumColumns().transpose();
    this.W2 = this.W2.sub(H.transpose().dot(dZ2).scale(rate));
    this.b2 = this.b2.sub(sumRows(dZ2).scale(rate));
    this.W1 = this.W1.sub(X.transpose().dot(dZ1).scale(rate));
    this.b1 = this.b1.sub(sumRows(dZ1).scale(rate));
  }
}
