import { describe, expect, test } from "vitest";
import { derive, deriveModel, equationKinks, refuseJumps, refuseModelJumps } from "../../src/derivation/index.ts";
import { arrangeModel, render } from "../../src/document/index.ts";
import { numbered, readEquations, type Equation, type ForwardModel } from "../../src/equations/index.ts";
import { print } from "../../src/expression/index.ts";
import { parseNetwork, type Network } from "../../src/network/index.ts";
import { Problem } from "../../src/problem.ts";
import { networkTask } from "../../src/program/index.ts";

const withActivation = (activation: string): Network => parseNetwork("2-2", { activation });
const withLoss = (loss: string): Network => parseNetwork("2-2", { loss });

function codeOf(run: () => unknown): string | null {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return null;
}

describe("an activation that jumps is refused", () => {
  test.each([
    ["at a choice", "z > 0 ? z : z+1"],
    ["at a sign", "sign(z)"],
    ["at a step", "z > 0 ? 1 : 0 * z"],
    ["beyond the grid", "z > 100 ? 0 : z"],
    ["far beyond the grid", "z > 3e6 ? 0 : z"],
    ["far below the grid", "z < -4000 ? 0 : z"],
    ["twice in one cell of the grid", "(z-0.01)*(z-0.02) > 0 ? z : z+5"],
    ["twice in one cell without saying where", "exp(z) - 3*z + 0.29582 > 0 ? z : z+5"],
    ["twice in one cell at a ratio of constants", "(3*z-1)*(30*z-10.1) > 0 ? z : z+5"],
    ["by little", "z > 0.3 ? z : z + 1e-6"],
    ["at its tie alone", "abs(sign(z)) * (z + 2)"],
    ["at a max in a choice", "max(z, 2) > 2 ? z : 1"],
    ["to infinity", "z > 0 ? 1/z : 0"],
    ["as one of the layer", "max(z, mean(z)) > 0 ? z : 1"],
    ["as one of the layer in a sum", "z * sum(z > 0.5 ? 1 : 0)"],
  ])("%s: %s", (_, activation) => {
    const network = withActivation(activation);
    expect(codeOf(() => refuseJumps(network))).toBe("activation-jump");
    expect(codeOf(() => networkTask(network))).toBe("activation-jump");
    expect(codeOf(() => derive(network))).toBe("activation-jump");
  });
});

describe("a loss that jumps is refused", () => {
  test.each(["sum(a > 0.5 ? a : y*a)", "sum(sign(a - y))", "sum(a) > 1 ? sum((a-y)^2) : sum(a*y)"])("%s", (loss) => {
    expect(codeOf(() => networkTask(withLoss(loss)))).toBe("loss-jump");
    expect(codeOf(() => derive(withLoss(loss)))).toBe("loss-jump");
  });
});

describe("what is continuous is not refused", () => {
  test.each([
    "relu",
    "z > 0 ? z : 0",
    "z >= 0 ? z : 0",
    "max(0, z)",
    "(z + abs(z)) / 2",
    "z * (1 + sign(z)) / 2",
    "abs(z)",
    "max(0, 3000*z-1)",
    "z > 0.3 ? z-0.3 : (z < -0.3 ? z+0.3 : 0)",
    "z > 1e5 ? 1e5 : z",
    "leaky-relu",
    "elu",
    "selu",
    "hard-sigmoid",
    "hard-tanh",
    "z^2 > 0 ? z : 0",
    "z > 0 ? sqrt(z) : 0 * z",
    "softmax",
    "max(z, mean(z)) > 0 ? max(z, mean(z)) : 0",
    "max(z, mean(z))",
  ])("activation %s", (activation) => {
    expect(codeOf(() => refuseJumps(withActivation(activation)))).toBe(null);
  });

  test.each([
    "huber",
    "absolute",
    "hinge",
    "sum(abs(a - y))",
    "sum(y > 0.5 ? -log(a) : -log(1 - a))",
    "sum(a > y ? 2*(a-y) : y-a)",
  ])("loss %s", (loss) => {
    expect(codeOf(() => refuseJumps(withLoss(loss)))).toBe(null);
  });
});

const equations = (right: string, more = ""): ReturnType<typeof readEquations> =>
  readEquations(
    `index j, k in 1..m, i in 1..n\nparameter W[j,i], c\ninput x[i], y[j]\nz[j] = sum(W[j,i]*x[i], i)\n${more}a[j] = ${right}\nJ = sum((a[j]-y[j])^2, j) + c^2\nwith n = 3, m = 2\n`,
    "model.eq",
  );

const activationOf = ({ equations: all }: ForwardModel): Equation =>
  all.find(({ variable }) => variable.family === "a") as Equation;

describe("an equation that jumps is refused", () => {
  test.each([
    ["at a choice", "z[j] > 0 ? z[j] : 1", "equation-jump"],
    ["at a sign", "sign(z[j])", "equation-jump"],
    ["in a sum", "z[j] * sum(W[j,i] > 0.2 ? x[i] : 0, i)", "equation-jump"],
    ["between two variables", "z[j] > c ? z[j] : 2*c", "equation-jump"],
    ["far away", "z[j] > 5000 ? z[j] : 2*z[j]", "equation-jump"],
    ["near 0", "z[j] > 0.0003 ? z[j] : 1 + z[j]", "equation-jump"],
    ["at a mean", "max(z[j], mean(z[k], k)) > 0 ? z[j] : 1", "equation-jump"],
  ])("%s: %s", (_, right, code) => {
    const file = equations(right);
    expect(codeOf(() => deriveModel("model.eq", file.model, file.sizes))).toBe(code);
    expect(codeOf(() => refuseModelJumps(numbered(file)))).toBe(code);
  });

  test("with the variable that it defines and the place", () => {
    expect(() => refuseModelJumps(equations("z[j] > 2 ? z[j] : 1").model)).toThrow(
      /the equation of a\[j\] jumps, from .* to .* at z\[j\] = 2\b/,
    );
  });

  test("in a function that it calls", () => {
    const file = equations("f(z[j])", "function f(u) = u > 100 ? 0 : u\n");
    expect(codeOf(() => refuseModelJumps(file.model))).toBe("function-jump");
  });
});

describe("an equation that is continuous is not refused", () => {
  test.each([
    "z[j] > 0 ? z[j] : 0",
    "max(0, 3000*z[j]-1)",
    "abs(z[j] - c)",
    "z[j] > c ? (z[j] - c)^2 : 3*(c - z[j])",
    "z[j] * (1 + sign(z[j])) / 2",
    "abs(z[j]) <= 1 ? z[j]^2 / 2 : abs(z[j]) - 1/2",
    "x[1] > 0 ? z[j] : 0",
    "sum(W[j,i]^2, i) >= 0 ? z[j] : 5",
    "(z[j] > 0 ? c : W[j,1]) * z[j]",
    "z[j] > 0.3 ? z[j]-0.3 : (z[j] < -0.3 ? z[j]+0.3 : 0)",
  ])("%s", (right) => {
    const file = equations(right);
    expect(codeOf(() => refuseModelJumps(file.model))).toBe(null);
    expect(codeOf(() => refuseModelJumps(numbered(file)))).toBe(null);
  });
});

describe("kinks of an equation are told with the value taken there", () => {
  test.each([
    ["z[j] > 0 ? z[j] : 0", "z[j] = 0: 0"],
    ["z[j] >= 0 ? z[j] : 0", "z[j] = 0: z[j]"],
    ["max(c, z[j])", "c = z[j]: c"],
    ["min(z[j], c)", "z[j] = c: z[j]"],
    ["abs(z[j] - c)", "z[j] - c = 0: sign(0)"],
    ["sum(abs(W[j,i])*x[i], i)", "W[j][i] = 0: sign(0)"],
  ])("%s", (right, expected) => {
    const { model } = equations(right);
    const told = equationKinks(activationOf(model), model).map(
      ({ tie, chosen }) => `${print(tie.left)} = ${print(tie.right)}: ${print(chosen)}`,
    );
    expect(told.map((text) => text.replaceAll(", ", "]["))).toEqual([expected]);
  });

  test.each([
    "z[j]^2 * sign(z[j])",
    "abs(z[j]) <= 1 ? z[j]^2 / 2 : abs(z[j]) - 1/2",
    "x[1] > 0 ? z[j] : 0",
    "abs(z[j])^2",
    "abs(z[j]^2 + 1)",
    "tanh(z[j])",
  ])("none: %s", (right) => {
    const { model } = equations(right);
    expect(equationKinks(activationOf(model), model)).toEqual([]);
  });

  test.each([
    ["en", /derivative of a_j does not exist; the value taken there is that of 0/, /is the subgradient chosen/],
    ["zh", /a_j 的导数不存在，约定取 0 的导数/, /这是约定的次梯度/],
  ] as const)("in documents: %s", (language, ofEquation, ofFunction) => {
    const file = equations("f(z[j]) > 0 ? f(z[j]) : 0", "function f(u) = u > 0.5 ? 2*u : u + 0.5\n");
    const text = render(arrangeModel(deriveModel("model.eq", file.model, file.sizes), language), "text", {
      width: 400,
    });
    expect(text).toMatch(ofEquation);
    expect(text).toMatch(ofFunction);
  });
});
