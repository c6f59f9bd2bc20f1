import { defineCheck } from "deltarule/check";
import { ElevenLines } from "./derivative-of-error-matrix.ts";
import { Matrix } from "./matrix.ts";

export default defineCheck({
  network: "4-2-3",
  loss: "half-squared",
  create: ({ sizes }) => new ElevenLines(sizes[0]!, sizes[1]!, sizes[2]!),
  setParameters(net, p: { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }) {
    net.syn0 = Matrix.rows(p.W2);
    net.bias0 = Matrix.column(p.b2);
    net.syn1 = Matrix.rows(p.W3);
    net.bias1 = Matrix.column(p.b3);
  },
  parameters: (net) => ({
    W2: net.syn0.toRows(),
    b2: net.bias0.toRows(),
    W3: net.syn1.toRows(),
    b3: net.bias1.toRows(),
  }),
  step: (net, x: number[], y: number[], rate) => net.train(x, y, rate),
});
