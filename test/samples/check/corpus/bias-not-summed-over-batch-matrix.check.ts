import { defineCheck } from "deltarule/check";
import { gradients, type Parameters } from "./bias-not-summed-over-batch-matrix.ts";
import { Matrix } from "./matrix.ts";

export default defineCheck({
  network: "2-4-3",
  loss: "binary-cross-entropy",
  batch: 3,
  create: () => ({}) as Parameters,
  setParameters: (net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) =>
    void Object.assign(net, {
      W1: Matrix.rows(p.W2),
      b1: Matrix.column(p.b2),
      W2: Matrix.rows(p.W3),
      b2: Matrix.column(p.b3),
    }),
  gradients(net, xs: number[][], ys: number[][]) {
    const { W1, b1, W2, b2 } = gradients(net, Matrix.columns(xs), Matrix.columns(ys));
    return { W2: W1.toRows(), b2: b1.toRows(), W3: W2.toRows(), b3: b2.toRows() };
  },
});
