import { defineCheck } from "deltarule/check";
import { Matrix } from "./matrix.ts";
import { DeepTanhNet } from "./missing-activation-derivative-matrix.ts";

export default defineCheck({
  network: "2-5-4-3",
  activation: "tanh",
  loss: "half-squared",
  create: ({ sizes }) => new DeepTanhNet(sizes),
  setParameters: (net, p: Record<string, number[][] & number[]>) =>
    net.W.forEach((_, l) => {
      net.W[l] = Matrix.rows(p[`W${l + 2}`]!);
      net.b[l] = Matrix.column(p[`b${l + 2}`]!);
    }),
  forward: (net, x: number[]) => net.forward(x).at(-1)!.data,
  gradients(net, x: number[], y: number[]) {
    net.backward(x, y);
    return Object.fromEntries(
      net.dW.flatMap((dW, l): [string, number[][] | number[]][] => [
        [`dW${l + 2}`, dW.toRows()],
        [`db${l + 2}`, net.db[l]!.data],
      ]),
    );
  },
});
