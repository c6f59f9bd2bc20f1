import { afterEach, describe, expect, test, vi } from "vitest";
import { derive, matrixForm, RefusedStep, writeOut, type Derivation } from "../../src/derivation/index.ts";
import { shapesOf } from "../../src/derivation/shapes.ts";
import { genericSizes, leftSide, type Equation, type Range } from "../../src/equations/index.ts";
import { stepPoints } from "../../src/derivation/points.ts";

import { print, read, sizeOf, sym, type Expr, type Variable } from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";

/** What writes sums and tensors out, so that it can be made to write something else. */
const writer = vi.hoisted(() => ({
  spellOut: null as ((spelled: unknown) => unknown) | null,
  tensorEntries: null as ((entries: unknown) => unknown) | null,
  entriesMatrix: null as ((entries: unknown) => unknown) | null,
}));
/** What lifts an equation, so that it can be made to lift another. */
const lifter = vi.hoisted(() => ({ change: null as ((lifted: unknown) => unknown) | null }));

vi.mock("../../src/derivation/matrix.ts", async (original) => {
  const real = await original<typeof import("../../src/derivation/matrix.ts")>();
  return {
    lift: (...args: Parameters<typeof real.lift>) => {
      const lifted = real.lift(...args);
      return lifter.change === null || lifted === null ? lifted : lifter.change(lifted);
    },
  };
});

vi.mock("../../src/expression/index.ts", async (original) => {
  const real = await original<typeof import("../../src/expression/index.ts")>();
  const through =
    <A extends unknown[], R>(name: keyof typeof writer, write: (...args: A) => R) =>
    (...args: A): R => {
      const written = write(...args);
      return writer[name] === null ? written : (writer[name](written) as R);
    };
  return {
    ...real,
    spellOut: through("spellOut", real.spellOut),
    tensorEntries: through("tensorEntries", real.tensorEntries),
    entriesMatrix: through("entriesMatrix", real.entriesMatrix),
  };
});

afterEach(() => {
  writer.spellOut = null;
  writer.tensorEntries = null;
  writer.entriesMatrix = null;
  lifter.change = null;
});

const network = parseNetwork("2-3-1");
const points = stepPoints(network, [])({ condition: "hidden", activation: null }).opaque;
const l = sym("l");
const along = (...axes: readonly (readonly [string, Expr])[]): Range[] =>
  axes.map(([index, size]) => ({ index, size }));
const neurons = along(["j", sizeOf(l)]);

describe("the matrix form of the four equations with the shapes in their places", () => {
  test.each([
    ["2-3-1", {}],
    ["3-4-2", { activation: "tanh,z/(1+exp(-z))", loss: "mean(exp(a-y))*3" }],
  ] as const)("of %s", (sizes, options) => {
    const { equations, forward } = derive(parseNetwork(sizes, options));
    const shapes = equations.map(({ id, matrix }) => {
      const { shapes: tree, shape } = matrix as NonNullable<typeof matrix>;
      return [id, tree === null ? null : print(tree), shape.map(print).join(" x ")];
    });
    expect(shapes).toEqual([
      ["BP1", "shape(size(L), 1) .* shape(size(L), 1)", "size(L) x 1"],
      ["BP2", "(shape(size(l), size(l + 1)) * shape(size(l + 1), 1)) .* shape(size(l), 1)", "size(l) x 1"],
      ["BP3", null, "size(l) x 1"],
      ["BP4", "shape(size(l), 1) * shape(1, size(l - 1))", "size(l) x size(l - 1)"],
    ]);
    expect(forward.map(({ matrix }) => (matrix?.shapes == null ? null : print(matrix.shapes)))).toEqual([
      null,
      "shape(size(l), size(l - 1)) * shape(size(l - 1), 1) + shape(size(l), 1)",
      null,
      null,
    ]);
  });
});

describe("shapes that do not fit are refused", () => {
  const sizesOf = ({ family }: Variable): readonly Expr[] =>
    ({ W: "32", V: "23", u: "2", v: "3", s: "" })[family]?.split("").map((n) => read(n)) ?? [];

  test.each([
    ["W[:, :] * u[:]", "shape(3, 2) * shape(2, 1)", "3,1"],
    ["transpose(W[:, :]) * v[:]", "shape(2, 3) * shape(3, 1)", "2,1"],
    ["v[:] * transpose(u[:])", "shape(3, 1) * shape(1, 2)", "3,2"],
    ["2 * (W[:, :] * u[:]) .* v[:]", "(shape(3, 2) * shape(2, 1)) .* shape(3, 1)", "3,1"],
    ["1 - v[:]", "shape(3, 1)", "3,1"],
    ["exp(-v[:]) + v[:]", "shape(3, 1) + shape(3, 1)", "3,1"],
  ])("but %s is of the shapes %s", (text, shapes, shape) => {
    const shaped = shapesOf(read(text), sizesOf);
    expect([print(shaped?.shapes as Expr), shaped?.shape.map(print).join()]).toEqual([shapes, shape]);
  });

  test.each([
    ["W[:, :] * v[:]", /no product/],
    ["u[:] * W[:, :]", /no product/],
    ["W[:, :] * W[:, :]", /no product/],
    ["transpose(W[:, :]) * u[:]", /no product/],
    ["W[:, :] * u[:] + u[:]", /not of one shape/],
    ["u[:] .* v[:]", /not of one shape/],
    ["v[:] - transpose(v[:])", /not of one shape/],
    ["1 - u[:] .* v[:]", /not of one shape/],
  ])("%s", (text, message) => {
    expect(() => shapesOf(read(text), sizesOf)).toThrow(message);
  });
});

describe("a matrix form is refused", () => {
  const form = (goal: string, value: string, ranges = neurons, sizesOf = genericSizes): unknown =>
    matrixForm(read(goal), read(value), ranges, sizesOf, points);
  const back = "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j])";

  test("but not the one that is right", () => {
    const found = form("delta[l][j]", back) as { readonly statement: Expr };
    expect(print(found.statement)).toBe("transpose(W[l + 1][:, :]) * delta[l + 1][:]");
  });

  test("where tensors are taken to be of other shapes than they are", () => {
    const transposed = (variable: Variable): readonly Expr[] => [...genericSizes(variable)].reverse();
    expect(() => form("delta[l][j]", back, neurons, transposed)).toThrow(/no product/);
  });

  test("where its value has another shape than its goal", () => {
    const [wrong] = [along(["j", sizeOf(sym("L"))])];
    expect(() => form("delta[l][j]", back, wrong)).toThrow();
  });

  test.each([
    ["an index summed with itself", "sum(k, 1:size(l), W[l][k, k])"],
    [
      "a sum over three factors of the index",
      "sum(k, 1:size(l + 1), delta[l + 1][k] * W[l + 1][k, j] * W[l + 1][k, j])",
    ],
  ])("and none is found for %s", (_, value) => {
    expect(form("delta[l][j]", value)).toBeNull();
  });
});

describe("an equation written out", () => {
  const model = derive(network).model;
  const sizesIn =
    ({ model: { tensors, equations } }: Pick<Derivation, "model">) =>
    ({ family }: Variable): readonly Expr[] => {
      const name = family.replace(/^delta/, "z");
      const tensor = tensors.find(({ variable }) => variable.family === name)?.sizes;
      return tensor ?? equations.find(({ variable }) => variable.family === name)?.ranges.map(({ size }) => size) ?? [];
    };
  const z2 = model.equations.find(({ variable }) => variable.family === "z2") as Equation;
  const write = (most = 6): ReturnType<typeof writeOut> =>
    writeOut(leftSide(z2), z2.value, z2.ranges, sizesIn({ model }), most);

  test("has its matrices, their shapes and every entry", () => {
    const { matrices, shapes, entries, table } = write();
    expect(print(matrices?.goal as Expr)).toBe("[[z2[1]], [z2[2]], [z2[3]]]");
    expect(print(matrices?.value as Expr)).toBe(
      "[[W2[1, 1], W2[1, 2]], [W2[2, 1], W2[2, 2]], [W2[3, 1], W2[3, 2]]] * [[x[1]], [x[2]]] + [[b2[1]], [b2[2]], [b2[3]]]",
    );
    expect(print(shapes?.goal as Expr)).toBe("shape(3, 2) * shape(2, 1) + shape(3, 1)");
    expect(print(shapes?.value as Expr)).toBe("shape(3, 1)");
    expect(entries.map((entry) => (entry === null ? null : `${print(entry.goal)} = ${print(entry.value)}`))).toEqual([
      "z2[1] = W2[1, 1] * x[1] + W2[1, 2] * x[2] + b2[1]",
      "z2[2] = W2[2, 1] * x[1] + W2[2, 2] * x[2] + b2[2]",
      "z2[3] = W2[3, 1] * x[1] + W2[3, 2] * x[2] + b2[3]",
    ]);
    expect(table).toBeNull();
  });

  const reread = (change: (text: string) => string) => (written: unknown) => read(change(print(written as Expr)));
  test.each([
    ["a term too many", (text: string) => `${text} + x[1]`],
    ["a term of another index", (text: string) => text.replace("x[2]", "x[1]")],
    ["a minus for a plus", (text: string) => text.replace(" + b2", " - b2")],
    ["the weight of another neuron", (text: string) => text.replace("W2[1, 1]", "W2[2, 1]")],
    ["the bias left out", (text: string) => text.replace(/ \+ b2\[\d\]/, "")],
  ])("is refused with %s", (_, change) => {
    writer.spellOut = reread(change);
    expect(() => write()).toThrow(RefusedStep);
  });

  test.each([
    ["rows and columns exchanged", (text: string) => text.replaceAll(/W2\[(\d), (\d)\]/g, "W2[$2, $1]")],
    ["another tensor's entries", (text: string) => text.replaceAll("b2", "z2")],
    ["an entry twice", (text: string) => text.replace("x[2]", "x[1]")],
  ])("is refused with %s in its matrices", (_, change) => {
    writer.tensorEntries = reread(change);
    expect(() => write()).toThrow(RefusedStep);
  });

  test("is refused with a row too few in its matrices", () => {
    writer.tensorEntries = reread((text) => text.replace(", [W2[3, 1], W2[3, 2]]", ""));
    expect(() => write()).toThrow();
  });
});

describe("for the sizes at hand", () => {
  const derivation = derive(parseNetwork("3-9-9"));
  const sizes: Readonly<Record<string, readonly number[]>> = {
    W2: [9, 3],
    W3: [9, 9],
    a2: [9],
    x: [3],
    delta2: [9],
    delta3: [9],
  };
  const sizesOf = ({ family }: Variable): Expr[] => (sizes[family] ?? []).map((n) => read(String(n)));
  const [layer] = derivation.layers.filter((own) => own.layer === 2) as [Derivation["layers"][0]];
  const written = (part: "delta" | "weight"): unknown =>
    writeOut(layer[part].goal, layer[part].value, layer[part].ranges, sizesOf, 6);

  test("a form that leaves out a factor is refused, and so is a table with a row of another", () => {
    expect(written("delta")).toBeTruthy();
    expect(written("weight")).toBeTruthy();
    lifter.change = (lifted) =>
      print(lifted as Expr).includes(".*") ? read("transpose(W3[:, :]) * delta3[:]") : lifted;
    expect(() => written("delta")).toThrow(/matrix form .* is refused/);
    lifter.change = null;
    writer.entriesMatrix = (table) => read(print(table as Expr).replaceAll("delta2[9]", "delta2[8]"));
    expect(() => written("weight")).toThrow(RefusedStep);
  });

  test("a sum of sums is written as sums, dots and all", () => {
    const { model } = derive(parseNetwork("3-12", { loss: "-sum(y*log(a)+(1-y)*log(1-a))" }));
    const loss = model.equations.at(-1) as Equation;
    const { entries } = writeOut(leftSide(loss), loss.value, [], () => [read("12")], 6);
    expect(print(entries[0]?.value as Expr)).toBe(
      "-(y[1] * log(a2[1]) + y[2] * log(a2[2]) + dots + y[12] * log(a2[12]) + " +
        "(1 - y[1]) * log(1 - a2[1]) + (1 - y[2]) * log(1 - a2[2]) + dots + (1 - y[12]) * log(1 - a2[12]))",
    );
  });
});
