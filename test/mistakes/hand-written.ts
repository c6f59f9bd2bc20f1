import type { Arithmetic } from "../../src/exact/index.ts";
import type { Given } from "./trials.ts";

/** Arithmetic with the names that code has for it. */
class Numbers<T> {
  readonly a: Arithmetic<T>;
  constructor(a: Arithmetic<T>) {
    this.a = a;
  }
  n(value: number, under = 1): T {
    return this.a.constant({ numerator: BigInt(value), denominator: BigInt(under) });
  }
  plus(x: T, y: T): T {
    return this.a.add(x, y);
  }
  minus(x: T, y: T): T {
    return this.a.subtract(x, y);
  }
  times(...factors: readonly T[]): T {
    return factors.reduce((x, y) => this.a.multiply(x, y));
  }
  over(x: T, y: T): T {
    return this.a.divide(x, y);
  }
  total(list: readonly T[]): T {
    return list.reduce((x, y) => this.plus(x, y), this.n(0));
  }
  sigmoid(z: T): T {
    return this.over(this.n(1), this.plus(this.n(1), this.a.apply("exp", this.minus(this.n(0), z))));
  }
  tanh(z: T): T {
    return this.a.apply("tanh", z);
  }
  softmax(z: readonly T[]): readonly T[] {
    const powers = z.map((x) => this.a.apply("exp", x));
    return powers.map((p) => this.over(p, this.total(powers)));
  }
}

/** Code for 2-4-3 as somebody writes it, one mistake in it: sigmoids, or tanh and softmax. */
export interface Options {
  readonly output: "sigmoid" | "softmax";
  readonly mistake: HandMistake;
}

export const handMistakes = [
  "none",
  "updated-weights",
  "softmax-diagonal",
  "constant-factor",
  "hidden-missing-output-derivative",
  "cross-entropy-delta",
  "wrong-activation-derivative",
  "derivative-at-activation",
  "accumulator-not-cleared",
  "batch-sum",
  "bias-not-summed-over-batch",
  "bias-summed-over-units",
  "bias-from-pre-activation",
  "bias-missing",
  "bias-per-weight",
  "softmax-applied-twice",
  "sign",
  "activation-of-wrong-layer",
  "derivative-of-error",
  "learning-rate",
  "stale-delta",
  "loop-bound",
  "clipped",
  "transposed",
  "missing-weight",
  "missing-activation-derivative",
] as const;
export type HandMistake = (typeof handMistakes)[number];

const [inputs, hidden, outputs] = [2, 4, 3];

/** A training class: flat weights, loops, gradients summed over the batch; its loss is ½Σ or cross-entropy. */
export class HandWritten<T> {
  private readonly m: Numbers<T>;
  private readonly options: Options;
  private sums: T[] = [];
  private lastDelta: T[] = [];

  constructor(arithmetic: Arithmetic<T>, options: Options) {
    this.m = new Numbers(arithmetic);
    this.options = options;
  }

  /** The gradient in the order W2, b2, W3, b3; of a step its change over the rate. */
  gradient({ theta, samples, rate }: Given<T>): readonly T[] {
    const { m } = this;
    const { mistake } = this.options;
    const is = (name: HandMistake): boolean => mistake === name;
    const [w2, b2] = [theta.slice(0, 8), theta.slice(8, 12)];
    const [w3, b3] = [theta.slice(12, 24), theta.slice(24, 27)];
    const zeros = (): T[] => Array.from({ length: theta.length }, () => m.n(0));
    if (!is("accumulator-not-cleared") || this.sums.length === 0) this.sums = zeros();
    const own = zeros();
    const add = (at: number, value: T): void => {
      own[at] = m.plus(own[at] as T, value);
    };
    const count = m.n(samples.length);
    samples.forEach(([x = [], y = []], n) => {
      const z2: T[] = [];
      for (let j = 0; j < hidden; j++) {
        let z = b2[j] as T;
        for (let k = 0; k < inputs; k++) z = m.plus(z, m.times(w2[j * inputs + k] as T, x[k] as T));
        z2.push(z);
      }
      const a2 = z2.map((z) => (this.options.output === "softmax" ? m.tanh(z) : m.sigmoid(z)));
      const z3: T[] = [];
      for (let j = 0; j < outputs; j++) {
        let z = b3[j] as T;
        for (let k = 0; k < hidden; k++) z = m.plus(z, m.times(w3[j * hidden + k] as T, a2[k] as T));
        z3.push(z);
      }
      const a3 = this.options.output === "softmax" ? m.softmax(z3) : z3.map((z) => m.sigmoid(z));
      const error = a3.map((a, j) => (is("sign") ? m.minus(y[j] as T, a) : m.minus(a, y[j] as T)));
      const d3 = this.outputDelta(error, a3, y);
      const back: T[] = [];
      const passed = is("hidden-missing-output-derivative") ? error : is("stale-delta") ? this.lastDelta : d3;
      for (let k = 0; k < hidden; k++) {
        let s = m.n(0);
        const last = is("loop-bound") ? outputs - 1 : outputs;
        for (let j = 0; j < last; j++) {
          const at = is("transposed") ? k * outputs + j : j * hidden + k;
          let w = is("missing-weight") ? m.n(1) : (w3[at] as T);
          if (is("updated-weights") && rate !== null)
            w = m.minus(w, m.times(rate, this.batchWeight(samples, theta, j, k)));
          s = m.plus(s, m.times(w, passed[j] ?? m.n(0)));
        }
        back.push(s);
      }
      const d2 = back.map((s, k) => m.times(s, this.hiddenSlope(a2[k] as T, s)));
      for (let j = 0; j < hidden; j++) {
        for (let k = 0; k < inputs; k++) add(j * inputs + k, m.times(d2[j] as T, x[k] as T));
        add(8 + j, this.biasTerm(d2, z2, j, inputs, n, samples.length));
      }
      for (let j = 0; j < outputs; j++) {
        for (let k = 0; k < hidden; k++) {
          const a = is("activation-of-wrong-layer") ? (a3[j] as T) : (a2[k] as T);
          add(12 + j * hidden + k, m.times(d3[j] as T, a));
        }
        add(24 + j, this.biasTerm(d3, z3, j, hidden, n, samples.length));
      }
      this.lastDelta = d3;
    });
    const averaged = own.map((value) => (is("batch-sum") ? value : m.over(value, count)));
    this.sums = this.sums.map((sum, i) => m.plus(sum, averaged[i] as T));
    return this.sums.map((value) => this.finished(value, rate));
  }

  private outputDelta(error: readonly T[], a3: readonly T[], y: readonly T[]): T[] {
    const { m } = this;
    const { mistake, output } = this.options;
    if (output === "softmax") {
      if (mistake !== "softmax-diagonal" && mistake !== "softmax-applied-twice") return [...error];
      const by = mistake === "softmax-diagonal" ? a3.map((a, p) => m.minus(m.n(0), m.over(y[p] as T, a))) : error;
      return a3.map((aj, j) => {
        const own = m.times(by[j] as T, aj, m.minus(m.n(1), aj));
        if (mistake === "softmax-diagonal") return own;
        const others = a3.map((ap, p) => (p === j ? m.n(0) : m.minus(m.n(0), m.times(by[p] as T, ap, aj))));
        return m.plus(own, m.total(others));
      });
    }
    return error.map((e, j) => {
      const a = a3[j] as T;
      if (mistake === "cross-entropy-delta") return e;
      if (mistake === "derivative-at-activation") {
        const s = m.sigmoid(a);
        return m.times(e, s, m.minus(m.n(1), s));
      }
      if (mistake === "derivative-of-error") return m.times(e, e, m.minus(m.n(1), e));
      const factor = m.n(mistake === "constant-factor" ? 2 : 1);
      return m.times(factor, e, a, m.minus(m.n(1), a));
    });
  }

  private hiddenSlope(a: T, s: T): T {
    const { m } = this;
    const { mistake, output } = this.options;
    const sigmoidal = (v: T): T => m.times(v, m.minus(m.n(1), v));
    const hyperbolic = (v: T): T => m.minus(m.n(1), m.times(v, v));
    if (mistake === "missing-activation-derivative") return m.n(1);
    if (mistake === "wrong-activation-derivative") return output === "softmax" ? sigmoidal(a) : hyperbolic(a);
    if (mistake === "derivative-at-activation")
      return output === "softmax" ? hyperbolic(m.tanh(a)) : sigmoidal(m.sigmoid(a));
    if (mistake === "derivative-of-error") return output === "softmax" ? hyperbolic(s) : sigmoidal(s);
    return output === "softmax" ? hyperbolic(a) : sigmoidal(a);
  }

  private biasTerm(delta: readonly T[], z: readonly T[], j: number, fanIn: number, n: number, count: number): T {
    const { m } = this;
    switch (this.options.mistake) {
      case "bias-missing":
        return m.n(0);
      case "bias-per-weight":
        return m.times(m.n(fanIn), delta[j] as T);
      case "bias-summed-over-units":
        return m.total(delta);
      case "bias-from-pre-activation":
        return z[j] as T;
      case "bias-not-summed-over-batch":
        return n === count - 1 ? m.times(m.n(count), delta[j] as T) : m.n(0);
      default:
        return delta[j] as T;
    }
  }

  /** ∂J/∂W3 of the batch: what an update in place has taken from the weight by the time it is used. */
  private batchWeight(samples: Given<T>["samples"], theta: readonly T[], j: number, k: number): T {
    const right = new HandWritten(this.m.a, { ...this.options, mistake: "none" });
    return right.gradient({ theta, samples, rate: null, before: null })[12 + j * hidden + k] as T;
  }

  private finished(value: T, rate: T | null): T {
    const { m } = this;
    if (this.options.mistake === "learning-rate" && rate !== null) return m.over(m.times(m.n(1, 10), value), rate);
    if (this.options.mistake !== "clipped") return value;
    const bound = m.n(1, 100);
    if (m.a.isGreater(value, bound)) return bound;
    return m.a.isGreater(m.minus(m.n(0), bound), value) ? m.minus(m.n(0), bound) : value;
  }
}
