import { describe, expect, test } from "vitest";
import { numbered, readEquations, variableKey, type ForwardModel } from "../../src/equations/index.ts";
import { print } from "../../src/expression/index.ts";

/** The equations of a model, each on a line: `z[j:n] = …`. */
const shown = ({ equations }: ForwardModel): readonly string[] =>
  equations.map(({ variable, ranges, value }) => {
    const indices = ranges.map(({ index, size }) => `${index}:${print(size)}`).join(", ");
    return `${variableKey(variable)}[${indices}] = ${print(value)}`;
  });

const example = `\uFEFF# a network of two layers
index j in 1..h, i in 1..n, p in 1..k   # ranges
parameter W2[j,i], b2[j], W3[p,j]
input x[i], y[p]
constant eps = 1e-5
function swish(z) = z / (1 + exp(-z))

z2[j] = sum(W2[j,i]*x[i], i) + b2[j]
a2[j] = tanh(z2[j])
z3[p] = sum(W3[p,j]*a2[j], j)
J = sum((z3[p]-y[p])^2, p) / 2
output z3
with n=3, h=4, k=2
`.replaceAll("\n", "\r\n");

describe("a file of equations", () => {
  test("has its ranges and sizes by name", () => {
    const { model, sizes, warnings } = readEquations(example, "model.eq");
    expect(shown(model)).toEqual([
      "z2[j:size(h)] = sum(i, 1:size(n), W2[j, i] * x[i]) + b2[j]",
      "a2[j:size(h)] = tanh(z2[j])",
      "z3[p:size(k)] = sum(j, 1:size(h), W3[p, j] * a2[j])",
      "J[] = sum(p, 1:size(k), (z3[p] - y[p]) ^ 2) / 2",
    ]);
    expect(model.tensors.map(({ variable, role, sizes: s }) => [variable.family, role, s.map(print).join()])).toEqual([
      ["W2", "parameter", "size(h),size(n)"],
      ["b2", "parameter", "size(h)"],
      ["W3", "parameter", "size(k),size(h)"],
      ["x", "input", "size(n)"],
      ["y", "input", "size(k)"],
    ]);
    expect([model.objective.family, model.output.family, model.functions]).toEqual(["J", "z3", []]);
    expect([...sizes]).toEqual([
      ["n", 3],
      ["h", 4],
      ["k", 2],
    ]);
    expect(warnings).toEqual([]);
  });

  test("is numbered by its sizes", () => {
    const model = numbered(readEquations(example, "model.eq"));
    expect(shown(model).at(0)).toBe("z2[j:4] = sum(i, 1:3, W2[j, i] * x[i]) + b2[j]");
    expect(model.tensors.map(({ sizes }) => sizes.map(print).join())).toEqual(["4,3", "4", "2,4", "3", "2"]);
  });

  const head = "index j in 1..m, i in 1..m, s in 1..2\nparameter A[j,i], w[j], c\ninput x[i], y[j]";
  const one = (line: string, before = ""): string => `${head}\n${before}\n${line}\nJ = sum(q[j], j)\nwith m = 3`;
  test.each<[string, string, string, string?]>([
    ["mean divides by the size", "q[j] = mean(A[j,i], i)", "sum(i, 1:3, A[j, i]) / 3"],
    ["mean over two", "q[j] = w[j]*mean(A[s,i], i, s)", "", "fails"],
    [
      "a sum over two indices is a sum of sums",
      "q[j] = w[j] + sum(w[i]*x[i]*y[k], i, k)",
      "w[j] + sum(i, 1:3, sum(k, 1:3, w[i] * x[i] * y[k]))",
      "index k in 1..m",
    ],
    [
      "a mean over two divides by both",
      "q[j] = w[j]*mean(w[i]*y[k], i, k)",
      "w[j] * (sum(i, 1:3, sum(k, 1:3, w[i] * y[k])) / (3 * 3))",
      "index k in 1..m",
    ],
    ["a size is a number", "q[j] = sum(A[j,i], i) / m + m^2", "sum(i, 1:3, A[j, i]) / 3 + 3 ^ 2"],
    ["an entry by number", "q[j] = w[3]*x[1] + A[j,2]", "w[3] * x[1] + A[j, 2]"],
    ["a scalar parameter", "q[j] = c*w[j]", "c * w[j]"],
    ["a constant by value", "q[j] = w[j]/sqrt(c^2 + eps)", "w[j] / sqrt(c ^ 2 + 1e-5)", "constant eps = 1e-5"],
    ["a constant of constants", "q[j] = w[j]*r", "w[j] * sqrt(2 / pi)", "constant two = 2, r = sqrt(two/pi)"],
    ["pi stays", "q[j] = w[j]*pi", "w[j] * pi"],
    ["max of two numbers", "q[j] = max(0, 1 - y[j]*w[j])", "max(0, 1 - y[j] * w[j])"],
    ["a choice", "q[j] = w[j] > c ? w[j] : 0", "w[j] > c ? w[j] : 0"],
    ["a square root by ½", "q[j] = (w[j]^2)^0.5", "sqrt(w[j] ^ 2)"],
    [
      "letters in sums beside each other",
      "q[j] = sum(w[i], i) * sum(x[i], i)",
      "sum(i, 1:3, w[i]) * sum(i, 1:3, x[i])",
    ],
    ["an argument called as a variable", "q[j] = f(w[j])", "f(w[j])", "function f(x) = x^2"],
    ["a variable called as a line begins", "q[j] = w[j] + output", "w[j] + output", "fails"],
  ])("%s", (_, line, value, before = "") => {
    if (before === "fails") return expect(() => readEquations(one(line), "model.eq")).toThrow("model.eq:");
    const model = numbered(readEquations(one(line, before), "model.eq"));
    expect(shown(model).at(0)).toBe(`q[j:3] = ${value}`);
  });

  test("a named activation is a function, an elementary one is no further function, the file's own wins", () => {
    const text = (f: string, own = ""): string =>
      `index j in 1..2\nparameter w[j]\n${own}\na[j] = ${f}(w[j])\nJ = sum(a[j], j)`;
    const functions = (f: string, own?: string): readonly string[] =>
      readEquations(text(f, own), "model.eq").model.functions.map(
        (g) => `${g.name}(${g.argument}) = ${print(g.value)}`,
      );
    expect(functions("relu")).toEqual(["relu(z) = z > 0 ? z : 0"]);
    expect(functions("hard_tanh")[0]).toContain("hard_tanh(z) = ");
    expect(functions("tanh")).toEqual([]);
    expect(functions("softplus")).toEqual([]);
    expect(functions("relu", "function relu(t) = max(0, t)")).toEqual(["relu(t) = max(0, t)"]);
    expect(functions("relu", "function unused(t) = t^2")).toEqual(["relu(z) = z > 0 ? z : 0"]);
  });

  test.each([
    ["the last variable before J that is no scalar", "", "a"],
    ["what output says", "output z", "z"],
    ["a scalar where output says so", "output s", "s"],
  ])("the output is %s", (_, line, output) => {
    const text = `index j in 1..2\nparameter w[j]\nz[j] = w[j]\na[j] = z[j]\ns = sum(a[j], j)\nJ = s^2\n${line}`;
    expect(readEquations(text, "model.eq").model.output.family).toBe(output);
  });

  test.each<[string, string, readonly string[], readonly string[]]>([
    ["parameter", "parameter v[j]\na[j] = w[j]", ["3:11: J does not depend on the parameter v"], ["a", "J"]],
    ["input", "input v[j]\na[j] = w[j]", ["3:7: the input v is not used"], ["a", "J"]],
    ["variable", "u[j] = w[j]\na[j] = w[j]", ["3:1: u is computed and not used"], ["a", "J"]],
    ["term", "a[j] = w[j] + sum(3, i)", ["3:22: what is summed does not depend on i"], ["a", "J"]],
  ])("an unused %s is told", (_, lines, messages, kept) => {
    const text = `index j in 1..2, i in 1..2\nparameter w[j]\n${lines}\nJ = sum(a[j], j)`;
    const { warnings, model } = readEquations(text, "model.eq");
    expect(warnings.map(({ message }) => message.split("\n")[0])).toEqual(messages.map((m) => `model.eq:${m}`));
    expect(model.equations.map(({ variable }) => variable.family)).toEqual(kept);
  });

  test("what comes after J is told, and J is last all the same", () => {
    const text = "index j in 1..2\nparameter w[j]\nJ = sum(w[j]^2, j)\nu = 2*w[1]\nv[j] = w[j]\noutput v";
    const { warnings, model } = readEquations(text, "model.eq");
    expect(warnings.map(({ message }) => message.split("\n")[0])).toEqual([
      "model.eq:4:1: u comes after J, which does not use it",
    ]);
    expect(model.equations.map(({ variable }) => variable.family)).toEqual(["v", "J"]);
  });

  test("several mistakes are told together, each with its advice", () => {
    const text = "index j in 1..2\nparameter w[j]\na[j] = 2w[j]\nb[j] = tahn(w[j])\nJ = a[1]";
    expect(() => readEquations(text, "model.eq")).toThrow(
      [
        "model.eq:3:9: a sign between two values is missing",
        "    a[j] = 2w[j]",
        "            ^",
        "    write a multiplication as 2*w; numbers have no units",
        "model.eq:4:8: unknown function tahn; is tanh meant?",
        "    b[j] = tahn(w[j])",
        "           ^",
      ].join("\n"),
    );
  });

  test.each([
    ["a file of 300 kB", "# x\n".repeat(75_000), "longer than 200000"],
    [
      "600 equations",
      `parameter w\n${Array.from({ length: 600 }, (_, i) => `v${i} = w`).join("\n")}\nJ = w`,
      "500 equations",
    ],
    ["an empty file", "", "no equation defines the objective J"],
  ])("%s is refused", (_, text, message) => {
    expect(() => readEquations(text, "model.eq")).toThrow(message);
  });
});

describe("recurrences", () => {
  const rnn = `index j in 1..h, k in 1..h, i in 1..n, p in 1..c
step t in 1..T
parameter W[j,i], U[j,k], b[j], V[p,j]
input x[t,i], y[t,p]
h[0][j] = 0
h[t][j] = tanh(sum(W[j,i]*x[t,i], i) + sum(U[j,k]*h[t-1][k], k) + b[j])
o[t][p] = sum(V[p,j]*h[t][j], j)
J = mean(sum((o[t][p]-y[t,p])^2, p), t) / 2
with T=3, n=2, h=4, c=2`;
  const byHand = `index j in 1..4, k in 1..4, i in 1..2, p in 1..2, t in 1..3
parameter W[j,i], U[j,k], b[j], V[p,j]
input x[t,i], y[t,p]
h0[j] = 0
h1[j] = tanh(sum(W[j,i]*x[1,i], i) + sum(U[j,k]*h0[k], k) + b[j])
o1[p] = sum(V[p,j]*h1[j], j)
h2[j] = tanh(sum(W[j,i]*x[2,i], i) + sum(U[j,k]*h1[k], k) + b[j])
o2[p] = sum(V[p,j]*h2[j], j)
h3[j] = tanh(sum(W[j,i]*x[3,i], i) + sum(U[j,k]*h2[k], k) + b[j])
o3[p] = sum(V[p,j]*h3[j], j)
J = (sum((o1[p]-y[1,p])^2, p) + sum((o2[p]-y[2,p])^2, p) + sum((o3[p]-y[3,p])^2, p)) / 3 / 2`;

  test("are written out to what one writes by hand", () => {
    const model = numbered(readEquations(rnn.replace("h=4", "m=4").replaceAll("1..h", "1..m"), "model.eq"));
    const hand = numbered(readEquations(byHand, "model.eq"));
    expect(shown(model)).toEqual(shown(hand));
    expect(model.output).toEqual(hand.output);
  });

  test("a name that is a size and a recurrence is refused", () => {
    expect(() => readEquations(rnn, "model.eq")).toThrow("h is both a size (line 1) and a variable");
  });

  test("of scalars need no second index, and end at the named last step", () => {
    const text =
      "step t in 1..T\nparameter u\ninput x[t]\ns[0] = 1\ns[t] = u*s[t-1] + x[t]\nJ = s[T]^2\noutput s\nwith T=2";
    const { model } = readEquations(text, "model.eq");
    expect(shown(model)).toEqual(["s0[] = 1", "s1[] = u * s0 + x[1]", "s2[] = u * s1 + x[2]", "J[] = s2 ^ 2"]);
    expect(model.output.family).toBe("s2");
  });
});
