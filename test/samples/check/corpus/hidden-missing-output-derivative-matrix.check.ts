import { defineCheck } from "deltarule/check";
import { NeuralNetwork } from "./hidden-missing-output-derivative-matrix.ts";
import { Matrix } from "./matrix.ts";

export default defineCheck({
  network: "2-4-3",
  loss: "half-squared",
  create: ({ sizes }) => new NeuralNetwork(sizes[0]!, sizes[1]!, sizes[2]!),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    net.weightsIH = Matrix.rows(p.W2);
    net.biasH = Matrix.column(p.b2);
    net.weightsHO = Matrix.rows(p.W3);
    net.biasO = Matrix.column(p.b3);
  },
  parameters: (net) => ({ W2: net.weightsIH.data, b2: net.biasH.data, W3: net.weightsHO.data, b3: net.biasO.data }),
  forward: (net, x: number[]) => net.feedForward(Matrix.column(x)).outputs.data,
  learningRate: 0.1,
  step: (net, x: number[], y: number[]) => net.train(x, y),
});
