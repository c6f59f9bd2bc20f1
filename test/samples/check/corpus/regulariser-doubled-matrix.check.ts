import { defineCheck } from "deltarule/check";
import { Matrix } from "./matrix.ts";
import { RidgeNet } from "./regulariser-doubled-matrix.ts";

export default defineCheck({
  network: "2-5-3",
  activation: "tanh,identity",
  l2: 0.3,
  create: ({ sizes }) => new RidgeNet(sizes[0]!, sizes[1]!, sizes[2]!, 0.3),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    net.w1 = Matrix.rows(p.W2);
    net.b1 = Matrix.column(p.b2);
    net.w2 = Matrix.rows(p.W3);
    net.b2 = Matrix.column(p.b3);
  },
  gradients(net, x: number[], y: number[]) {
    const { w1, b1, w2, b2 } = net.gradients(x, y);
    return { W2: w1.toRows(), b2: b1.data, W3: w2.toRows(), b3: b2.data };
  },
});
