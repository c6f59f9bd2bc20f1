import { double, type Arithmetic } from "../exact/index.ts";
import { toNumber } from "../expression/index.ts";
import { exp32, exp64 } from "./wasm-exp.ts";
import { type Precision } from "./wasm-numbers.ts";

/** What a WebAssembly module computes in, to the last bit: its own exponential; in f32 every operation rounds. */
export const wasmArithmetic = {
  f64: {
    ...double,
    apply: (name, ...args) => {
      const [x = NaN] = args;
      if (name === "exp") return exp64(x);
      if (name !== "logistic") return double.apply(name, ...args);
      const e = exp64(-Math.abs(x));
      return (x > 0 ? 1 : e) / (1 + e);
    },
  },
  f32: {
    constant: (c) => Math.fround(toNumber(c)),
    add: (a, b) => Math.fround(a + b),
    subtract: (a, b) => Math.fround(a - b),
    multiply: (a, b) => Math.fround(a * b),
    divide: (a, b) => Math.fround(a / b),
    isGreater: double.isGreater,
    apply: (name, ...args) => {
      const [x = NaN] = args;
      if (name === "exp") return exp32(x);
      if (name !== "logistic") return Math.fround(double.apply(name, ...args));
      const e = exp32(-Math.abs(x));
      return Math.fround((x > 0 ? 1 : e) / Math.fround(1 + e));
    },
  },
} as const satisfies Record<Precision, Arithmetic<number>>;
