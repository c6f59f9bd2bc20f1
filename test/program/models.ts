import { modelAdjoints } from "../../src/derivation/index.ts";
import type { ForwardModel, ScalarFunction, Tensor } from "../../src/equations/index.ts";
import { num, read, type Variable } from "../../src/expression/index.ts";
import { modelTask, adjointEquations, type GradientTask } from "../../src/program/index.ts";

/** A model in a few words: tensors by name with their sizes, equations as `z[j:3] = …`, the last of which gives J. */
interface Sketch {
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly targets?: Readonly<Record<string, readonly number[]>>;
  readonly equations: readonly string[];
  readonly output: string;
  readonly functions?: readonly ScalarFunction[];
}

const variable = (family: string): Variable => ({ family, layer: null });

function modelOf({ parameters, inputs, targets = {}, equations, output, functions = [] }: Sketch): ForwardModel {
  const tensors = (role: Tensor["role"], named: Readonly<Record<string, readonly number[]>>): Tensor[] =>
    Object.entries(named).map(([name, sizes]) => ({ variable: variable(name), role, sizes: sizes.map((n) => num(n)) }));
  return {
    tensors: [...tensors("input", inputs), ...tensors("parameter", parameters), ...tensors("target", targets)],
    equations: equations.map((text) => {
      const [, name = "", ranges = "", value = ""] = /^(\w+)(?:\[(.*?)\])? = (.*)$/s.exec(text) ?? [];
      return {
        variable: variable(name),
        ranges:
          ranges === ""
            ? []
            : ranges.split(",").map((range) => {
                const [index = "", size = ""] = range.trim().split(":");
                return { index, size: num(Number(size)) };
              }),
        value: read(value),
      };
    }),
    objective: variable("J"),
    functions,
    output: variable(output),
  };
}

/** Deriving one takes a while, and every test wants the same. */
const tasks = new Map<string, GradientTask>();

export function taskFor(name: keyof typeof sketches): GradientTask {
  const known = tasks.get(name) ?? derivedTask(name);
  tasks.set(name, known);
  return known;
}

const derivedTask = (name: keyof typeof sketches): GradientTask => {
  const model = modelOf(sketches[name]);
  return modelTask(model, adjointEquations(modelAdjoints(model)), {
    name: `${name}.eq`,
    command: `deltarule emit --equations ${name}.eq`,
    about: [`Equations: ${name}.eq.`],
  });
};

const unrolledSteps = [1, 2, 3].flatMap((t) => [
  `h${t}[j:3] = tanh(sum(k, 1:2, W[j, k] * x[${t}, k]) + ${t === 1 ? "" : `sum(p, 1:3, U[j, p] * h${t - 1}[p]) + `}b[j])`,
]);

export const sketches = {
  residual: {
    parameters: { W1: [4, 4], b1: [4], W2: [2, 4] },
    inputs: { x: [4] },
    targets: { y: [2] },
    equations: [
      "z[j:4] = sum(k, 1:4, W1[j, k] * x[k]) + b1[j]",
      "h[i:4] = x[i] + tanh(z[i])",
      "o[j:2] = sum(k, 1:4, W2[j, k] * h[k])",
      "J = sum(j, 1:2, (o[j] - y[j])^2) / 2",
    ],
    output: "o",
  },
  shared: {
    parameters: { W: [3, 3], b: [3], idle: [2] },
    inputs: { x: [3] },
    targets: { y: [3] },
    equations: [
      "u[j:3] = tanh(sum(k, 1:3, W[j, k] * x[k]) + b[j])",
      "v[j:3] = tanh(sum(k, 1:3, W[j, k] * u[k]) + b[j])",
      "w[j:3] = sum(k, 1:3, W[j, k] * v[k]) + b[j]",
      "J = sum(k, 1:3, (w[k] - y[k])^2)",
    ],
    output: "w",
  },
  tied: {
    parameters: { W: [3, 9], b: [3], c: [9] },
    inputs: { x: [9] },
    equations: [
      "h[j:3] = logistic(sum(k, 1:9, W[j, k] * x[k]) + b[j])",
      "r[k:9] = sum(j, 1:3, W[j, k] * h[j]) + c[k]",
      "J = sum(k, 1:9, (r[k] - x[k])^2) / 9",
    ],
    output: "r",
  },
  layerNorm: {
    parameters: { W: [4, 3], g: [4], s1: [4], eps: [] },
    inputs: { x: [3], scale: [] },
    targets: { y: [4] },
    equations: [
      "z[j:4] = sum(k, 1:3, W[j, k] * x[k]) * scale",
      "mu = sum(j, 1:4, z[j]) / 4",
      "variance = sum(j, 1:4, (z[j] - mu)^2) / 4",
      "n[j:4] = (z[j] - mu) / sqrt(variance + exp(eps))",
      "o[j:4] = g[j] * n[j] + s1[j]",
      "J = sum(j, 1:4, (o[j] - y[j])^2) / 4",
    ],
    output: "o",
  },
  bilinear: {
    parameters: { B: [2, 3, 4], b: [2] },
    inputs: { p: [3], q: [4] },
    targets: { y: [2] },
    equations: [
      "s[t:2] = sum(i, 1:3, sum(j, 1:4, p[i] * B[t, i, j] * q[j])) + b[t]",
      "J = sum(t, 1:2, (tanh(s[t]) - y[t])^2)",
    ],
    output: "s",
  },
  attention: {
    parameters: { Wq: [2, 3], Wk: [2, 3], Wv: [2, 3] },
    inputs: { x: [9, 3] },
    targets: { y: [9, 2] },
    equations: [
      "q[t:9, d:2] = sum(i, 1:3, Wq[d, i] * x[t, i])",
      "k[t:9, d:2] = sum(i, 1:3, Wk[d, i] * x[t, i])",
      "v[t:9, d:2] = sum(i, 1:3, Wv[d, i] * x[t, i])",
      "s[t:9, r:9] = sum(d, 1:2, q[t, d] * k[r, d]) / sqrt(2)",
      "A[t:9, r:9] = exp(s[t, r]) / sum(u, 1:9, exp(s[t, u]))",
      "o[t:9, d:2] = sum(r, 1:9, A[t, r] * v[r, d])",
      "J = sum(t, 1:9, sum(d, 1:2, (o[t, d] - y[t, d])^2))",
    ],
    output: "o",
  },
  recurrent: {
    parameters: { W: [3, 2], U: [3, 3], b: [3], V: [1, 3] },
    inputs: { x: [3, 2] },
    targets: { y: [] },
    equations: [...unrolledSteps, "o = sum(k, 1:3, V[1, k] * h3[k])", "J = (o - y)^2"],
    output: "o",
  },
  rank3: {
    parameters: { K: [9, 2, 3], c: [2] },
    inputs: { x: [3] },
    targets: { y: [9, 2, 3] },
    equations: [
      "P[i:9, j:2, k:3] = K[i, j, k] * x[k] + c[j]",
      "Q[u:9, v:2, w:3] = tanh(P[u, v, w]) * sum(k, 1:3, P[u, v, k])",
      "m[a:9] = sum(j, 1:2, sum(k, 1:3, Q[a, j, k] * P[a, 1, k]))",
      "J = sum(i, 1:9, sum(j, 1:2, sum(k, 1:3, (Q[i, j, k] * m[i] - y[i, j, k])^2)))",
    ],
    output: "Q",
  },
  pieces: {
    parameters: { W: [9, 3], b: [9], theta: [9] },
    inputs: { x: [3] },
    targets: { y: [9] },
    equations: [
      "z[j:9] = sum(k, 1:3, W[j, k] * x[k]) + b[j]",
      "a[j:9] = z[j] > 0 ? z[j] : 0.1 * (exp(z[j]) - 1)",
      "c[j:9] = max(a[j], theta[j]) + min(z[j], 2 * pi) + abs(theta[j] - z[j])",
      "J = sum(j, 1:9, max(0, 1 - y[j] * c[j]))",
    ],
    output: "c",
  },
  functions: {
    parameters: { W: [4, 2], b: [4] },
    inputs: { x: [2] },
    targets: { y: [4] },
    equations: [
      "z[j:4] = sum(k, 1:2, W[j, k] * x[k]) + b[j]",
      "a[j:4] = erf(z[j]) + softplus(z[j]) * logistic(b[j]) - expm1(z[j] / 4)",
      "c[j:4] = xlogx(2 + tanh(z[j])) + log1p(exp(z[j])) + cosh(z[j]) / 9 + atan(b[j]) * sin(z[j])",
      "J = sum(j, 1:4, (a[j] - y[j] * c[j])^2) / pi",
    ],
    output: "a",
  },
  numbered: {
    parameters: { W: [3, 9], v: [9] },
    inputs: { x: [3] },
    targets: { y: [9] },
    equations: [
      "f[j:9] = tanh(W[1, j] * x[2] + W[3, j])",
      "g[j:9] = f[j] * f[1] + v[2] * v[j]",
      "J = sum(j, 1:9, (g[j] - y[j])^2) + v[1]^2",
    ],
    output: "g",
  },
} satisfies Record<string, Sketch>;
