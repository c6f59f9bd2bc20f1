import { defineCheck } from "deltarule/check";
import { RowsIn } from "./right-rows-in.ts";

export default defineCheck({
  network: "2-4-3",
  loss: "mean-squared",
  create: ({ sizes }) => new RowsIn(sizes[0]!, sizes[1]!, sizes[2]!),
  parameters: ({ w1, b1, w2, b2 }) => ({ W2: w1, b2: b1, W3: w2, b3: b2 }),
  forward: (net, x: number[]) => net.forward(x)[1],
  gradients(net, x: number[], y: number[]) {
    const { w1, b1, w2, b2 } = net.backward(x, y);
    return { W2: w1, b2: b1, W3: w2, b3: b2 };
  },
});
