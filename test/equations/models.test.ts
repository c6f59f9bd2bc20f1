import { describe, expect, test } from "vitest";
import { numbered, readEquations } from "../../src/equations/index.ts";
import { dimensionsOf, double, evaluateModel } from "../../src/exact/index.ts";

type Vector = readonly number[];
type Matrix = readonly Vector[];

const total = (v: Vector): number => v.reduce((a, b) => a + b, 0);
const dot = (u: Vector, v: Vector): number => total(u.map((a, i) => a * (v[i] as number)));
const times = (A: Matrix, v: Vector): Vector => A.map((row) => dot(row, v));
const plus = (u: Vector, v: Vector): Vector => u.map((a, i) => a + (v[i] as number));
const transposed = (A: Matrix): Matrix => (A[0] as Vector).map((_, j) => A.map((row) => row[j] as number));
const squared = (u: Vector, v: Vector): number => total(u.map((a, i) => (a - (v[i] as number)) ** 2));

/** Entries that differ from each other: 0.1, 0.2, … turned by sines, so that no symmetry hides a mistake. */
const entry = (seed: number): number => Math.round(1000 * Math.sin(seed * 12.9898 + 1)) / 1000;

/** The value of J that a file gives, and its tensors, by name, as matrices or vectors. */
function evaluated(text: string): { J: number; vector: (name: string) => Vector; matrix: (name: string) => Matrix } {
  const model = numbered(readEquations(text, "model.eq"));
  const sizes = dimensionsOf(model);
  let seed = 0;
  const tensors = new Map(
    model.tensors.map(({ variable: { family } }) => {
      const count = (sizes.get(family) ?? []).reduce((a, b) => a * b, 1);
      return [family, Array.from({ length: count }, () => entry(++seed))] as const;
    }),
  );
  const values = evaluateModel({ model, functions: model.functions }, tensors, double);
  const vector = (name: string): Vector => tensors.get(name) as Vector;
  const matrix = (name: string): Matrix => {
    const [rows = 0, columns = 0] = sizes.get(name) ?? [];
    return Array.from({ length: rows }, (_, i) => vector(name).slice(i * columns, (i + 1) * columns));
  };
  return { J: values.get("J")?.[0] as number, vector, matrix };
}

describe("a file of equations has the value that the same written by hand has", () => {
  test("two layers", () => {
    const { J, vector, matrix } = evaluated(`
index j in 1..h, i in 1..n, p in 1..k
parameter W2[j,i], b2[j], W3[p,j]
input x[i], y[p]
function swish(z) = z / (1 + exp(-z))
z2[j] = sum(W2[j,i]*x[i], i) + b2[j]
a2[j] = swish(z2[j])
z3[p] = sum(W3[p,j]*a2[j], j)
J = sum((z3[p]-y[p])^2, p) / 2
output z3
with n=3, h=4, k=2`);
    const z = plus(times(matrix("W2"), vector("x")), vector("b2"));
    const a = z.map((t) => t / (1 + Math.exp(-t)));
    expect(J).toBeCloseTo(squared(times(matrix("W3"), a), vector("y")) / 2, 12);
  });

  test("a residual block", () => {
    const { J, vector, matrix } = evaluated(`
index i in 1..n, k in 1..n, j in 1..h
parameter W[j,k], b[j], V[i,j]
input x[i], y[i]
a[j] = relu(sum(W[j,k]*x[k], k) + b[j])
r[i] = x[i] + sum(V[i,j]*a[j], j)
J = mean((r[i]-y[i])^2, i)
with n=3, h=5`);
    const a = plus(times(matrix("W"), vector("x")), vector("b")).map((t) => Math.max(0, t));
    const r = plus(vector("x"), times(matrix("V"), a));
    expect(J).toBeCloseTo(squared(r, vector("y")) / 3, 12);
  });

  test("an autoencoder that uses one matrix twice", () => {
    const { J, vector, matrix } = evaluated(`
index j in 1..h, i in 1..n
parameter W[j,i], b[j], c[i]
input x[i]
a[j] = sigmoid(sum(W[j,i]*x[i], i) + b[j])
r[i] = sum(W[j,i]*a[j], j) + c[i]
J = sum((r[i]-x[i])^2, i) / 2
with n=4, h=2`);
    const a = plus(times(matrix("W"), vector("x")), vector("b")).map((t) => 1 / (1 + Math.exp(-t)));
    const r = plus(times(transposed(matrix("W")), a), vector("c"));
    expect(J).toBeCloseTo(squared(r, vector("x")) / 2, 12);
  });

  test("layer normalisation", () => {
    const { J, vector } = evaluated(`
index i in 1..n
parameter gain[i], shift[i]
input x[i], y[i]
constant eps = 1e-5
mu = mean(x[i], i)
v = mean((x[i]-mu)^2, i)
a[i] = gain[i]*(x[i]-mu)*(v + eps)^-0.5 + shift[i]
J = mean((a[i]-y[i])^2, i)
with n=5`);
    const x = vector("x");
    const mu = total(x) / 5;
    const v = total(x.map((t) => (t - mu) ** 2)) / 5;
    const a = x.map((t, i) => ((vector("gain")[i] as number) * (t - mu)) / Math.sqrt(v + 1e-5));
    expect(J).toBeCloseTo(squared(plus(a, vector("shift")), vector("y")) / 5, 12);
  });

  test("a quadratic form xᵀAx", () => {
    const { J, vector, matrix } = evaluated(`
index i in 1..n, j in 1..n
parameter A[i,j]
input x[i], y
q = sum(x[i]*A[i,j]*x[j], i, j)
J = (q - y)^2
with n=3`);
    const x = vector("x");
    expect(J).toBeCloseTo((dot(x, times(matrix("A"), x)) - (vector("y")[0] as number)) ** 2, 12);
  });

  test("one head of attention over t positions", () => {
    const { J, matrix } = evaluated(`
index r in 1..T, s in 1..T, t in 1..T, i in 1..n, j in 1..d
parameter Q[j,i], K[j,i], V[j,i]
input x[t,i], y[t,j]
q[t,j] = sum(Q[j,i]*x[t,i], i)
key[t,j] = sum(K[j,i]*x[t,i], i)
v[t,j] = sum(V[j,i]*x[t,i], i)
score[t,s] = sum(q[t,j]*key[s,j], j) / sqrt(d)
weight[t,s] = exp(score[t,s])
a[t,s] = weight[t,s] / sum(weight[t,r], r)
o[t,j] = sum(a[t,s]*v[s,j], s)
J = sum((o[t,j]-y[t,j])^2, t, j) / 2
with T=3, n=4, d=2`);
    const x = matrix("x");
    const of = (W: Matrix): Matrix => x.map((row) => times(W, row));
    const [q, key, v] = [of(matrix("Q")), of(matrix("K")), of(matrix("V"))];
    const o = q.map((row) => {
      const weight = key.map((other) => Math.exp(dot(row, other) / Math.SQRT2));
      return times(
        transposed(v),
        weight.map((w) => w / total(weight)),
      );
    });
    expect(J).toBeCloseTo(total(o.map((row, t) => squared(row, matrix("y")[t] as Vector))) / 2, 12);
  });

  test("a recurrence of three steps that share their weights", () => {
    const { J, vector, matrix } = evaluated(`
index j in 1..m, k in 1..m, i in 1..n
step t in 1..T
parameter W[j,i], U[j,k], b[j]
input x[t,i], y[j]
h[0][j] = 0
h[t][j] = tanh(sum(W[j,i]*x[t,i], i) + sum(U[j,k]*h[t-1][k], k) + b[j])
J = sum((h[T][j]-y[j])^2, j) / 2
with T=3, n=2, m=4`);
    let h: Vector = [0, 0, 0, 0];
    for (const x of matrix("x"))
      h = plus(plus(times(matrix("W"), x), times(matrix("U"), h)), vector("b")).map(Math.tanh);
    expect(J).toBeCloseTo(squared(h, vector("y")) / 2, 12);
  });
});
