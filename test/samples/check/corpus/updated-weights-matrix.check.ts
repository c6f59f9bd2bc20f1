import { defineCheck } from "deltarule/check";
import { Matrix } from "./matrix.ts";
import { ToyNetwork } from "./updated-weights-matrix.ts";

export default defineCheck({
  network: "4-2-3",
  loss: "binary-cross-entropy",
  create: () => new ToyNetwork(4, 2, 3),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    net.weightsIH = Matrix.rows(p.W2);
    net.biasH = Matrix.column(p.b2);
    net.weightsHO = Matrix.rows(p.W3);
    net.biasO = Matrix.column(p.b3);
  },
  parameters: (net) => ({ W2: net.weightsIH.data, b2: net.biasH.data, W3: net.weightsHO.data, b3: net.biasO.data }),
  step: (net, x: number[], y: number[], rate) => net.train(x, y, rate),
});
