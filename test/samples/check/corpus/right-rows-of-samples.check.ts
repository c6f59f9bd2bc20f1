import { defineCheck } from "deltarule/check";
import { Matrix } from "./matrix.ts";
import { RowClassifier } from "./right-rows-of-samples.ts";

export default defineCheck({
  network: "4-5-3",
  activation: "tanh,softmax",
  loss: "cross-entropy",
  batch: 2,
  create: ({ sizes }) => new RowClassifier(sizes[0]!, sizes[1]!, sizes[2]!),
  parameters: ({ W1, b1, W2, b2 }) => ({ W2: W1.toRows(), b2: b1.data, W3: W2.toRows(), b3: b2.data }),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    net.W1 = Matrix.rows(p.W2).transpose();
    net.b1 = Matrix.rows([p.b2]);
    net.W2 = Matrix.rows(p.W3).transpose();
    net.b2 = Matrix.rows([p.b3]);
  },
  forward: (net, xs: number[][]) => net.forward(Matrix.rows(xs))[1].toRows(),
  step: (net, xs: number[][], ys: number[][], rate) => net.fit(Matrix.rows(xs), Matrix.rows(ys), rate),
});
