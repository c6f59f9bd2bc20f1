import { defineCheck } from "deltarule/check";
import { Classifier } from "./batch-sum-matrix.ts";
import { Matrix } from "./matrix.ts";

export default defineCheck({
  network: "4-5-3",
  activation: "relu,softmax",
  loss: "cross-entropy",
  batch: 2,
  create: () => new Classifier(4, 5, 3),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    net.W1 = Matrix.rows(p.W2);
    net.b1 = Matrix.column(p.b2);
    net.W2 = Matrix.rows(p.W3);
    net.b2 = Matrix.column(p.b3);
  },
  parameters: ({ W1, b1, W2, b2 }) => ({ W2: W1.toRows(), b2: b1.data, W3: W2.toRows(), b3: b2.data }),
  forward: (net, xs: number[][]) => net.forward(Matrix.columns(xs)).A2.transpose().toRows(),
  step: (net, xs: number[][], ys: number[][], rate) => net.step(Matrix.columns(xs), Matrix.columns(ys), rate),
});
