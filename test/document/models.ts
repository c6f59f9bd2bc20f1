import { deriveModel, type ModelDerivation } from "../../src/derivation/index.ts";
import { readEquations } from "../../src/equations/index.ts";
import type { Vocabulary } from "../../src/notation/index.ts";

/** Lists of equations that between them have every shape of a document. */
const sources = {
  "two-layers": `
    index j in 1..h, i in 1..n, p in 1..k
    parameter W2[j,i], b2[j], W3[p,j]
    input x[i], y[p]
    z2[j] = sum(W2[j,i]*x[i], i) + b2[j]
    a2[j] = tanh(z2[j])
    z3[p] = sum(W3[p,j]*a2[j], j)
    J = sum((z3[p]-y[p])^2, p) / 2
    with n=3, h=4, k=2`,
  "residual with weight decay": `
    index j in 1..h, i in 1..h
    parameter W[j,i], b[j]
    input x[j], y[j]
    z[j] = sum(W[j,i]*x[i], i) + b[j]
    h1[j] = tanh(z[j])
    u[j] = sum(W[j,i]*h1[i], i)
    r[j] = h1[j] + tanh(u[j])
    J = sum((r[j]-y[j])^2, j) / 2 + 0.05*sum(W[j,i]^2, i, j)
    with h=3`,
  "layer norm": `
    index i in 1..n, j in 1..n
    parameter gamma[i], beta[i], W[i,j]
    input x[i], y[i]
    constant eps = 1e-5
    h[i] = sum(W[i,j]*x[j], j)
    mu = sum(h[i], i) / n
    v = sum((h[i]-mu)^2, i) / n
    o[i] = gamma[i]*(h[i]-mu)/sqrt(v+eps) + beta[i]
    J = sum((o[i]-y[i])^2, i) / 2
    with n=4`,
  attention: `
    index t in 1..T, u in 1..T, v in 1..T, d in 1..m, e in 1..m
    parameter Q[d,e], K[d,e], V[d,e]
    input x[t,d], y[t,d]
    q[t,d] = sum(Q[d,e]*x[t,e], e)
    k[t,d] = sum(K[d,e]*x[t,e], e)
    w[t,d] = sum(V[d,e]*x[t,e], e)
    s[t,u] = sum(q[t,d]*k[u,d], d) / sqrt(m)
    a[t,u] = exp(s[t,u]) / sum(exp(s[t,v]), v)
    o[t,d] = sum(a[t,u]*w[u,d], u)
    J = sum((o[t,d]-y[t,d])^2, t, d) / 2
    with T=3, m=2`,
  "softmax with cross-entropy": `
    index j in 1..n, p in 1..k, q in 1..k
    parameter W[p,j]
    input x[j], y[p]
    z[p] = sum(W[p,j]*x[j], j)
    a[p] = exp(z[p]) / sum(exp(z[q]), q)
    J = -sum(y[p]*log(a[p]), p)
    with n=3, k=2`,
  "shared weights over five steps": `
    index j in 1..m, k in 1..m, i in 1..n
    step t in 1..T
    parameter W[j,i], U[j,k], b[j]
    input x[t,i], y[j]
    h[0][j] = 0
    h[t][j] = relu(sum(W[j,i]*x[t,i], i) + sum(U[j,k]*h[t-1][k], k) + b[j])
    J = sum((h[T][j]-y[j])^2, j) / 2
    with T=5, n=2, m=4`,
  "three indices, own functions, long names and numbers": `
    index i in 1..2, j in 1..n, k in 1..m
    parameter T3[i,j,k], alpha, unused[j], W[i], w[i], gamma10[j]
    input x[j], y[i]
    function f(v) = v / (1 + abs(v))
    h10[i] = sum(T3[i,j,k]*x[j], j, k) + alpha
    mu2[j] = gamma10[j]*x[j]
    total_mass = sum(mu2[j]^2, j) + 1e-3
    r[i] = W[i]*f(h10[i]) / sqrt(total_mass) + w[i]*W[1]
    z1[i] = r[i]*alpha
    J = sum((z1[i]-y[i])^2, i) / 2 + max(0, alpha)
    with n=3, m=2`,
} as const;

export const modelNames = Object.keys(sources) as (keyof typeof sources)[];
export type ModelName = (typeof modelNames)[number];

const derived = new Map<ModelName, ModelDerivation>();

export function modelDerivation(name: ModelName): ModelDerivation {
  const known = derived.get(name);
  if (known !== undefined) return known;
  const { model, sizes } = readEquations(sources[name], "model.eq");
  const derivation = deriveModel("model.eq", model, sizes);
  derived.set(name, derivation);
  return derivation;
}

/** The letters of a model as its documents write them. */
export function modelVocabulary({ model, sizes, functions }: ModelDerivation): Vocabulary {
  const variables = [
    ...model.tensors.map(({ variable, sizes: own }) => [variable.family, own.length] as const),
    ...model.equations.map(({ variable, ranges }) => [variable.family, ranges.length] as const),
  ];
  const letter = (family: string): string => family.replace(/(?<=[A-Za-z])\d+$/, "");
  const numbered = variables.map(([family]) => family).filter((family) => letter(family) !== family);
  return {
    ranks: new Map(variables.map(([family, rank]) => [letter(family), rank])),
    layered: new Set(numbered.map(letter)),
    functions: new Set(functions.map(({ definition }) => definition.name)),
    sizes: new Set(sizes.keys()),
    indices: new Set(["d", "e"]),
    keepsCapitals: true,
  };
}

/** The letter of a function's argument is a number, whatever the model calls so. */
export const functionVocabulary = (derivation: ModelDerivation): Vocabulary => ({
  ranks: new Map(),
  layered: new Set(),
  functions: modelVocabulary(derivation).functions,
});
