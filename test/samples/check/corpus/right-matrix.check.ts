import { defineCheck } from "deltarule/check";
import { Matrix } from "./matrix.ts";
import { TagNetwork } from "./right-matrix.ts";

export default defineCheck({
  network: "4-2-3",
  loss: "binary-cross-entropy",
  create: ({ sizes }) => new TagNetwork(sizes[0]!, sizes[1]!, sizes[2]!),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    net.W1 = Matrix.rows(p.W2);
    net.b1 = Matrix.column(p.b2);
    net.W2 = Matrix.rows(p.W3);
    net.b2 = Matrix.column(p.b3);
  },
  parameters: ({ W1, b1, W2, b2 }) => ({ W2: W1.toRows(), b2: b1.data, W3: W2.toRows(), b3: b2.data }),
  forward: (net, x: number[]) => net.forward(Matrix.column(x))[1].data,
  step: (net, x: number[], y: number[], rate) => net.train(x, y, rate),
});
