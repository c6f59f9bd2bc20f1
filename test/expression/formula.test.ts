import { describe, expect, test } from "vitest";
import {
  elementary,
  num,
  print,
  rational,
  read,
  readFormula,
  type Expr,
  type Rational,
} from "../../src/expression/index.ts";
import { Problem } from "../../src/problem.ts";

const refusal = (text: string, functions: readonly string[] = []): Problem => {
  try {
    readFormula(text, ["z", "a", "y"], functions);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`${text} is accepted`);
};

describe("formulas that users type", () => {
  test.each([
    "z*tanh(log(1+exp(z)))",
    "z / (1 + exp(-z))",
    "mean(log(cosh(a-y)))",
    "max(0, 1 - y*a)",
    "z > 0 ? z : 0.01*z",
    "(z >= 0) ? z : exp(z)-1",
    "z > 1 ? 1 : z < -1 ? -1 : z",
    "z <= (a > 0 ? 1 : 2) ? z : (y)",
    "0.5*z*(1+erf(z/sqrt(2)))",
    "-z^2",
    "-z*a",
    "z - (a - y) - 1",
    "z/a/y*2",
    "z/(a*y)",
    "--z",
    "2*-z",
    "1e-3*z + .5 + 2. - 0.044715*z^3",
    "\tz ",
    "(((z)))",
    "1.0507009873554805*z",
  ])("%s is the tree that mathjs reads", (text) => {
    expect(print(readFormula(text, ["z", "a", "y"], ["mean"]))).toBe(print(read(text)));
  });

  test.each(Object.entries(elementary).filter(([name]) => name !== "sech"))("%s may be called", (name, arity) => {
    const text = `${name}(${["z", "a"].slice(0, arity).join(", ")})`;
    expect(print(readFormula(text, ["z", "a"]))).toBe(text);
  });

  test.each([
    ["z^-2", "1 / z ^ 2"],
    ["z^-1", "1 / z"],
    ["z^(-1)", "1 / z"],
    ["z^0.5", "sqrt(z)"],
    ["z^(1/2)", "sqrt(z)"],
    ["z^(-1/2)", "1 / sqrt(z)"],
    ["(z^2)^0.5", "sqrt(z ^ 2)"],
    ["a^-(4-2)", "1 / a ^ 2"],
    ["z^16", "z ^ 16"],
    ["z^0", "z ^ 0"],
    ["z^2^3", "z ^ 8"],
    ["z^n", "z ^ 3"],
  ])("%s becomes %s", (from, to) => {
    expect(print(readFormula(from, ["z", "a"], [], new Map([["n", num(3)]])))).toBe(to);
  });

  test("a named constant is put in by value, pi stays", () => {
    const constants = new Map<string, Rational | Expr>([
      ["alpha", rational(1, 100)],
      ["beta", rational(-2)],
      ["e", num(3)],
    ]);
    const formula = readFormula("z > 0 ? z : alpha*z + beta^2*pi - e", ["z"], [], constants);
    expect(print(formula)).toBe("z > 0 ? z : 0.01 * z + (-2) ^ 2 * pi - 3");
  });

  test("a constant that occurs twice shares no node", () => {
    const alpha = read("1 / 3");
    const { args } = readFormula("alpha + alpha", [], [], new Map([["alpha", alpha]])) as unknown as { args: Expr[] };
    expect(args[0]).not.toBe(args[1]);
  });
});

describe("what is refused, and where", () => {
  test.each<[string, number, string]>([
    // What would change or stop the program, if mathjs evaluated it.
    ["config({})", 1, "unknown function config"],
    ["z + config({})", 5, "config"],
    ['createUnit("a")', 1, "createUnit"],
    ['parse("z")', 1, "parse"],
    ['evaluate("z")', 1, "evaluate"],
    ["import({})", 1, "import"],
    ["derivative(z, z)", 1, "derivative"],
    ["simplify(z)", 1, "simplify"],
    ["bigint(2)^bigint(1e8)", 1, "bigint"],
    ["combinations(1e9,5)", 1, "combinations"],
    ["range(1,1e9)", 1, "range"],
    ["zeros(1e8)", 1, "zeros"],
    ["compile(z)", 1, "compile"],
    ["a.constructor", 2, "property"],
    ['cos.constructor("return 1")()', 4, "property"],
    ["cos(z).constructor", 7, "property"],
    ["constructor", 1, "unknown name constructor"],
    ["__proto__", 1, "__proto__"],
    ["toString", 1, "toString"],
    ["toString()", 1, "function toString"],
    ["hasOwnProperty(z)", 1, "hasOwnProperty"],
    // Exponents.
    ["2^1e8", 2, "exponent"],
    ["9^9^9", 2, "exponent"],
    ["((z^16)^16)^16", 8, "nested exponents"],
    ["z^z", 2, "exponent"],
    ["1 + z^17", 6, "exponent"],
    ["z^-17", 2, "exponent"],
    ["z^(1/3)", 2, "exponent"],
    ["z^1.5", 2, "exponent"],
    ["0^-1", 2, "divides by zero"],
    // Definitions, several formulas, data of other kinds.
    ["f(z) = z", 1, "unknown function f"],
    ["a = 1", 3, "= defines"],
    ["a; y", 2, "; begins"],
    ["[1, 2]", 1, "matrix"],
    ["z[1]", 2, "index"],
    ["{a: 1}", 1, "object"],
    ['"text"', 1, "text"],
    ["`z`", 1, "text"],
    ["1:3", 2, ": stands"],
    ["z # all", 3, "comment"],
    ["z\n+1", 2, "line"],
    ["z\r\n+1", 2, "line"],
    ["z\u2028+1", 2, "U+2028"],
    ["z\0", 2, "U+0000"],
    ["z\u202e", 2, "U+202E"],
    ["\u001b[31mz", 1, "U+001B"],
    // Numbers.
    ["1e999*z", 1, "1e999 is outside"],
    ["z + 1e-200", 5, "outside"],
    ["123456789012345678*z", 1, "digits"],
    ["1e30*z", 1, "digits"],
    ["z/(1e15*1e15*a)", 2, "more digits than are exact"],
    ["NaN", 1, "NaN"],
    ["Infinity*z", 1, "Infinity"],
    ["1.2.3", 4, "missing"],
    ["0x10", 2, "x10"],
    ["z/0", 2, "divides by zero"],
    ["1 + z/(1 - 1)", 6, "divides by zero"],
    ["z/(a-a)", 2, "divides by zero"],
    // Names that mean something elsewhere.
    ["z + i", 5, "unknown name i"],
    ["e^z", 1, "unknown name e"],
    ["w*z", 1, "name w"],
    ["b*z", 1, "name b"],
    ["h + z", 1, "name h"],
    ["5 cm", 3, "name cm"],
    ["true", 1, "true"],
    ["null", 1, "null"],
    ["undefined", 1, "undefined"],
    ["end", 1, "end"],
    ["z and 1", 3, "and"],
    ["not z", 1, "not"],
    ["z mod 2", 3, "mod"],
    ["sech(z)", 1, "sech"],
    ["ln(z)", 1, "ln"],
    // Signs.
    ["2z", 2, "missing"],
    ["2 z", 3, "missing"],
    ["(z)(a)", 4, "missing"],
    ["2(z)", 2, "missing"],
    ["exp(z)(a)", 7, "missing"],
    ["z(1)", 1, "z is no function"],
    ["z'", 2, "transpose"],
    ["z!", 2, "factorial"],
    ["z % 2", 3, "remainder"],
    ["5%", 2, "percentage"],
    ["z**2", 2, "power"],
    ["z .* a", 3, "tensors"],
    ["z & a", 3, "conditions"],
    ["z || a", 3, "conditions"],
    ["~z", 1, "conditions"],
    ["+z", 1, "+ stands"],
    ["z + + a", 5, "+ stands"],
    ["z +", 4, "the end stands"],
    ["", 1, "the end stands"],
    ["   ", 4, "the end stands"],
    ["(z", 3, "the end stands where ) is missing"],
    ["z)", 2, ") stands where the formula is over"],
    ["()", 2, ") stands"],
    ["exp(z", 6, ") is missing"],
    [",", 1, ", stands"],
    ["z, a", 2, ", stands"],
    // Functions.
    ["exp", 1, "exp is a function"],
    ["exp + 1", 1, "exp is a function"],
    ["exp()", 1, "0 arguments; it takes one"],
    ["1 + exp(z, z)", 5, "2 arguments; it takes one"],
    ["max(z)", 1, "1 arguments; it takes two"],
    ["max(z, a, y)", 1, "3 arguments; it takes two"],
    ["exp(,)", 5, ", stands"],
    // Conditions.
    ["z == 1", 3, "single points"],
    ["z != 1 ? z : 0", 3, "single points"],
    ["z > 0", 3, "outside a condition"],
    ["1 + (z > 0)", 8, "outside a condition"],
    ["0 < z < 1 ? z : 0", 7, "chained"],
    ["(0 < z) < 1 ? z : 0", 4, "outside a condition"],
    ["z ? 1 : 0", 3, "no comparison"],
    ["z > 0 ? z", 10, "the end stands where : is missing"],
    ["z > 0 ? : 0", 9, ": stands"],
    // Look-alikes.
    ["z − 1", 3, "− (U+2212) is a typeset minus"],
    ["2×z", 2, "typeset"],
    ["z²", 2, "exponent"],
    ["α*z", 1, "α (U+03B1)"],
    ["а + z", 1, "U+0430"],
    ["ｚ", 1, "U+FF5A"],
    ["z\u00a0+ 1", 2, "U+00A0"],
    ["z + 𝜋", 5, "U+1D70B"],
    ["𝜋 + w", 1, "U+1D70B"],
    // Sizes.
    [`${"(".repeat(400)}z`, 62, "60 deep"],
    [`${"-".repeat(400)}z`, 62, "60 deep"],
    [`${"z^".repeat(200)}z`, 123, "60 deep"],
    ["z+".repeat(400), 501, "500 characters"],
    ["z".repeat(100_000), 501, "500 characters"],
    ["z".repeat(60), 1, "longer than 40"],
  ])("%j at column %d: %s", (text, column, why) => {
    const { message, code } = refusal(text);
    expect(code).toBe("formula");
    expect(message).toContain(`the formula cannot be read at column ${column}: `);
    expect(message.split("\n")[0]).toContain(why);
  });

  test("the place is shown", () => {
    expect(refusal("z + 2a").message).toBe(
      "the formula cannot be read at column 6: a sign between two values is missing\n    z + 2a\n         ^",
    );
    expect(refusal("z + 2a").advice).toBe("write a multiplication as 2*a; numbers have no units");
  });

  test("of a long text the part around the place is shown, of one with control characters nothing that acts", () => {
    const [, line, caret] = refusal(`${"z + ".repeat(60)}w + ${"z + ".repeat(50)}z`).message.split("\n");
    expect(line?.charAt(caret?.indexOf("^") ?? 0)).toBe("w");
    expect(line?.length).toBeLessThan(100);
    expect(refusal("z\u001b[31m\r\n").message.split("\n")).toHaveLength(3);
    expect(refusal("z\u001b[31m\r\n").message).not.toMatch(/[\u001b\r]/);
  });

  test.each([
    ["tahn(z)", "unknown function tahn; is tanh meant?"],
    ["zz + 1", "unknown name zz; is z meant?"],
    ["maen(z)", "unknown function maen; is mean meant?"],
  ])("%s: %s", (text, message) => {
    expect(refusal(text, ["sum", "mean"]).message).toContain(message);
  });

  test.each([
    ["e^z", "exp(z)"],
    ["z ** 2", "write ^"],
    ["z − 1", "write -"],
    ["exp", "exp(…)"],
    ["relu(z)", "max(0, z)"],
    ["q", "write a formula in z, a, y with"],
  ])("%s: what to write", (text, advice) => {
    expect(refusal(text).advice).toContain(advice);
  });

  test("reading takes no time that grows with what the text says", () => {
    const start = performance.now();
    for (const text of ["9^9^9^9", "z^(((9^16)^16)^16)", "1e99*1e99*1e99", `${"(z+1)*".repeat(80)}1`]) {
      try {
        readFormula(text, ["z"]);
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
      }
    }
    expect(performance.now() - start).toBeLessThan(500);
  });
});
