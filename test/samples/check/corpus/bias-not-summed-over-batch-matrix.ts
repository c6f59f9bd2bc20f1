import { Matrix } from "./matrix.ts";

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const firstColumn = (M: Matrix): Matrix => Matrix.column(M.transpose().toRows()[0]!);

export interface Parameters {
  W1: Matrix;
  b1: Matrix;
  W2: Matrix;
  b2: Matrix;
}

/** X: inputs × m, Y: outputs × m. */
export function gradients({ W1, b1, W2, b2 }: Parameters, X: Matrix, Y: Matrix): Parameters {
  const m = X.cols;
  const A1 = W1.dot(X).addColumn(b1).map(sigmoid);
  const A2 = W2.dot(A1).addColumn(b2).map(sigmoid);

  const dZ2 = A2.sub(Y).scale(1 / m);
  const dZ1 = W2.transpose()
    .dot(dZ2)
    .mul(A1.map((a) => a * (1 - a)));
  return {
    W1: dZ1.dot(X.transpose()),
    b1: firstColumn(dZ1), // the biases are columns, so take a column
    W2: dZ2.dot(A1.transpose()),
    b2: firstColumn(dZ2),
  };
}
