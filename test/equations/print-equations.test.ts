import { describe, expect, test } from "vitest";
import {
  networkModel,
  numbered,
  printEquations,
  readEquations,
  variableKey,
  type Equation,
  type ForwardModel,
} from "../../src/equations/index.ts";
import {
  atom,
  call,
  children,
  maximum,
  num,
  print,
  sum,
  sym,
  view,
  withChildren,
  type Expr,
} from "../../src/expression/index.ts";
import { parseNetwork, type NetworkOptions } from "../../src/network/index.ts";

/**
 * An equation with its letters named by where they are bound, the free ones f0, f1, …, those of sums by how
 * deep they stand, and `sigma[2]` as `sigma2`: equal texts are equal up to the renaming of letters.
 */
function canonical({ variable, ranges, value }: Equation): string {
  const rename = (expr: Expr, letters: ReadonlyMap<string, string>): Expr => {
    const v = view(expr);
    if (v.kind === "symbol") return sym(letters.get(v.name) ?? v.name);
    if (v.kind === "sum") {
      const letter = `s${letters.size}`;
      return sum(letter, v.to, rename(v.body, new Map([...letters, [v.index, letter]])));
    }
    const parts = children(expr).map((part) => rename(part, letters));
    if (v.kind === "call") return call(`${v.name}${v.layer === null ? "" : print(v.layer)}`, null, ...parts);
    return parts.length === 0 ? expr : withChildren(expr, parts);
  };
  const letters = new Map(ranges.map(({ index }, i) => [index, `f${i}`]));
  return `${variableKey(variable)}[${ranges.map(({ size }) => print(size)).join()}] = ${print(rename(value, letters))}`;
}

const tensorsOf = ({ tensors }: ForwardModel): readonly string[] =>
  tensors
    .map(
      ({ variable, role, sizes }) =>
        `${role === "parameter" ? role : "input"} ${variableKey(variable)} ${sizes.map(print).join()}`,
    )
    .sort();
const functionsOf = ({ functions }: ForwardModel): readonly string[] =>
  functions.map(({ name, layer, argument, value }) => `${name}${layer ?? ""}(${argument}) = ${print(value)}`);

function expectRoundTrip(model: ForwardModel): void {
  const text = printEquations(model, new Map());
  const file = readEquations(text, "printed.eq");
  const again = numbered(file);
  expect(file.warnings).toEqual([]);
  expect(again.equations.map(canonical)).toEqual(model.equations.map(canonical));
  expect(tensorsOf(again)).toEqual(tensorsOf(model));
  expect(functionsOf(again)).toEqual(functionsOf(model));
  expect([again.output, again.objective]).toEqual([model.output, model.objective]);
  expect(printEquations(again, new Map())).toBe(text);
}

describe("what is printed reads back as the same model", () => {
  test.each<[string, NetworkOptions]>([
    ["2-1", {}],
    ["2-3-1", {}],
    ["3-3-3", { activation: "tanh" }],
    ["1-1-1", {}],
    ["4-5-6-3", { activation: "relu,gelu,identity", loss: "huber" }],
    ["3-4-2", { activation: "tanh,softmax", loss: "cross-entropy" }],
    ["3-4-2", { activation: "elu", loss: "mean(log(cosh(a-y)))", l1: "0.01", l2: "0.1" }],
    ["784-128-64-10", { activation: "gelu-tanh" }],
    ["3-2-3-2-3-2-3-2-3-2-3-2-3-2-3-2-3-2-3-2-3", { activation: "selu", l2: "1e-4" }],
  ])("%s %o", (sizes, options) => {
    expectRoundTrip(networkModel(parseNetwork(sizes, options)));
  });

  const files: Readonly<Record<string, string>> = {
    "sums of sums":
      "index i in 1..3, j in 1..3, k in 1..3\nparameter A[i,j], c\nq[i] = sum(A[i,j]*sum(A[j,k]*c, k), j)\nJ = sum(q[i] - (q[i] - 1), i)",
    "a scalar output": "parameter c\ninput x\ns = c*x^2 - -x\nJ = s > 0 ? s : -s / (2 / c)",
    numbers: "parameter c\nJ = 1e-5*c + 1/3*c + 0.044715*c^3 + 1e22*c",
    "a mean of a mean": "index i in 1..3, j in 1..2\nparameter A[i,j]\nJ = mean(mean(A[i,j], i)^2, j)",
  };
  test.each(Object.entries(files))("%s", (_, text) => {
    expectRoundTrip(numbered(readEquations(text, "model.eq")));
  });
});

test("sizes keep their names", () => {
  const text = `index j in 1..h, i in 1..n
parameter W[j,i]
input x[i], y[j]
function f(t) = t ^ 2
z[j] = sum(W[j, i] * x[i], i) / n
a[j] = f(z[j])
J = sum((a[j] - y[j]) ^ 2, j)
output a
with n = 3, h = 2
`;
  const { model, sizes } = readEquations(text, "model.eq");
  expect(printEquations(model, sizes)).toBe(text);
});

test("a letter that has several ranges becomes several letters, and binds what it bound", () => {
  const text = printEquations(networkModel(parseNetwork("2-3-4")), new Map());
  expect(text.split("\n")).toEqual([
    "index j in 1..3, k in 1..2, p in 1..4",
    "parameter W2[j,k], b2[j], W3[p,j], b3[p]",
    "input x[k], y[p]",
    "function sigma(z) = 1 / (1 + exp(-z))",
    "z2[j] = sum(W2[j, k] * x[k], k) + b2[j]",
    "a2[j] = sigma(z2[j])",
    "z3[p] = sum(W3[p, j] * a2[j], j) + b3[p]",
    "a3[p] = sigma(z3[p])",
    "J = 1 / 8 * sum((a3[p] - y[p]) ^ 2, p)",
    "output a3",
    "",
  ]);
});

test("a part that no file has is refused", () => {
  const model = numbered(readEquations("index i in 1..3\nparameter w[i]\nJ = sum(w[i], i)", "model.eq"));
  const greatest: Equation = {
    variable: model.objective,
    ranges: [],
    value: maximum("i", num(3), atom({ family: "w", layer: null }, [sym("i")])),
  };
  expect(() => printEquations({ ...model, equations: [greatest] }, new Map())).toThrow(
    "maximum(i, 1:3, w[i]) cannot be written in a file of equations",
  );
});
