import { defineCheck } from "deltarule/check";
import { backPropagate, newNet } from "./learning-rate-loops.js";

export default defineCheck({
  network: "4-2-3",
  loss: "binary-cross-entropy",
  create: ({ sizes: [ni, nh, no] }) => newNet(ni, nh, no),
  parameters: ({ wi, bi, wo, bo }) => ({ W2: wi, b2: bi, W3: wo, b3: bo }),
  step: backPropagate,
});
