import { describe, expect, test } from "vitest";
import { num, print, read, type Expr } from "../../src/expression/index.ts";
import { productOf } from "../../src/program/stabilise-product.ts";
import { rewrites, type Rewrite, type RewriteId } from "../../src/program/stabilise-rules.ts";
import { stabilise, stableForm } from "../../src/program/stabilise.ts";
import { networkTask, type GradientTask } from "../../src/program/task.ts";
import { parseNetwork } from "../../src/network/index.ts";

const vector = [num(3)];
const scope = {
  indices: new Map([["j", num(3)]]),
  sizes: new Map([...["z", "y", "a", "x", "p"].map((name) => [name, vector] as const), ["s", [num(3), num(3)]]]),
};

/** a is the softmax of z, p the sigmoid. */
const definitions: Readonly<Record<string, string>> = {
  "a[j]": "exp(z[j]) / sum(k, 1:3, exp(z[k]))",
  "p[j]": "1 / (1 + exp(-z[j]))",
  "x[j]": "exp(z[j])",
};
const define = (entry: Expr): Expr | null => {
  if (print(entry) === "a[k]") return read("exp(z[k]) / sum(p, 1:3, exp(z[p]))");
  const value = definitions[print(entry)];
  return value === undefined ? null : read(value);
};
/** Only for v are both logistics said to be computed. */
const both = new Set(["v", "-v"]);
const stable = (text: string, table?: Readonly<Record<string, Rewrite>>): string =>
  print(stableForm(read(text), scope, { define, both }, table));

interface Row {
  readonly id: RewriteId;
  readonly from: string;
  readonly to: string;
  /** A slip in what the rewrite puts, by which it is no identity any more. */
  readonly slip?: readonly [string, string];
}

const m = "maximum(k, 1:3, z[k])";
/** The greatest z with another index than p, and the sum of the exponentials of those. */
const most = (k: string, p: string): string =>
  `maximum(${k}, 1:3, z[${k}] + kronecker(${k}, ${p}) * (z[1] + kronecker(${p}, 1) * (z[2] - z[1]) - 1 - z[${k}]))`;
const unless = (bracket: string, d: string): string => `exp(${d} - ${bracket} * (${d})) - ${bracket}`;
const rest = (k: string, p: string): string =>
  `sum(${k}, 1:3, ${unless(`kronecker(${k}, ${p})`, `z[${k}] - ${most(k, p)}`)})`;
const logOfRest = `${most("k", "j")} - ${m} + log(${rest("k", "j")}) - log(sum(k, 1:3, exp(z[k] - ${m})))`;
const quotients = `sum(k, 1:3, y[k] * a[k] * (${unless("kronecker(k, j)", `z[j] - ${most("p", "k")}`)}) / ${rest("p", "k")})`;
const rows: readonly Row[] = [
  { id: "softplus", from: "log(1 + exp(u))", to: "softplus(u)", slip: ["(u)", "(2 * u)"] },
  { id: "softplus", from: "log(exp(-u) + 1)", to: "softplus(-u)" },
  { id: "softplus", from: "log1p(exp(u * v))", to: "softplus(u * v)" },
  {
    id: "logistic",
    from: "u * exp(-u) / (1 + exp(-u)) ^ 2",
    to: "u * logistic(-u) * logistic(u)",
    slip: ["logistic(-u)", "logistic(u)"],
  },
  { id: "logistic", from: "exp(u) / (1 + exp(u))", to: "logistic(u)" },
  { id: "logistic", from: "exp(2 * u) / (exp(2 * u) + 1) ^ 3", to: "logistic(2 * u) * logistic(-(2 * u)) ^ 2" },
  { id: "logistic", from: "1 / (1 + exp(-u)) ^ 2", to: "logistic(u) ^ 2" },
  { id: "logistic", from: "w * exp(u) / ((1 + exp(u)) * cosh(w) ^ 2)", to: "w * logistic(u) / cosh(w) ^ 2" },
  {
    id: "logistic",
    from: "1 / (1 + exp(-u)) + u * exp(-u) / (1 + exp(-u)) ^ 2",
    to: "logistic(u) + u * logistic(-u) * logistic(u)",
  },
  {
    id: "sum-over-logistics",
    from: "y[j] * (1 + exp(-u) + u * exp(-u)) / (1 + exp(-u)) ^ 2",
    to: "y[j] * (logistic(u) ^ 2 + (1 + u) * logistic(-u) * logistic(u))",
    slip: ["(1 + u)", "(2 + u)"],
  },
  {
    id: "sum-over-logistics",
    from: "(exp(u) * (1 + u) * (1 + exp(u)) - u * exp(u) ^ 2) / (1 + exp(u)) ^ 2",
    to: "(1 + u) * logistic(u) * logistic(-u) + logistic(u) ^ 2",
  },
  {
    id: "sum-over-logistics",
    from: "exp(u) * (w - exp(-u)) / (exp(u) + 1)",
    to: "w * logistic(u) - logistic(-u)",
  },
  { id: "one-minus-logistic", from: "w * (1 - logistic(u))", to: "w * logistic(-u)", slip: ["(-u)", "(u)"] },
  { id: "one-minus-logistic", from: "1 - exp(u) / (1 + exp(u))", to: "logistic(-u)" },
  {
    id: "shared-exponential",
    from: "logistic(v)",
    to: "1 / (1 + exp(v > 0 ? -v : v)) * (v > 0 ? 1 : exp(v > 0 ? -v : v))",
    slip: ["? 1", "? 2"],
  },
  {
    id: "shared-exponential",
    from: "v / (1 + exp(v))",
    to: "v * (1 / (1 + exp(v > 0 ? -v : v))) * (v > 0 ? exp(v > 0 ? -v : v) : 1)",
  },
  {
    id: "log-sum-exp",
    from: "log(sum(k, 1:3, exp(z[k])))",
    to: `${m} + log(sum(k, 1:3, exp(z[k] - ${m})))`,
    slip: ["+ log", "- log"],
  },
  {
    id: "log-softmax",
    from: "z[j] - log(sum(k, 1:3, exp(z[k])))",
    to: `z[j] - ${m} - log(sum(k, 1:3, exp(z[k] - ${m})))`,
    slip: ["- log", "+ log"],
  },
  {
    id: "softmax",
    from: "exp(z[j]) / sum(k, 1:3, exp(z[k]))",
    to: `exp(z[j] - ${m}) / sum(k, 1:3, exp(z[k] - ${m}))`,
    slip: ["exp(z[j] - ", "exp(z[j] + "],
  },
  {
    id: "softmax",
    from: "exp(s[j, 1]) * y[j] / sum(k, 1:3, exp(s[j, k]))",
    to: "y[j] * exp(s[j, 1] - maximum(k, 1:3, s[j, k])) / sum(k, 1:3, exp(s[j, k] - maximum(k, 1:3, s[j, k])))",
  },
  { id: "log-of-softmax-rest", from: "log(1 - a[j])", to: logOfRest, slip: [`- ${m}`, `+ ${m}`] },
  { id: "log-of-softmax-rest", from: "log(1 - exp(z[j]) / sum(k, 1:3, exp(z[k])))", to: logOfRest },
  {
    id: "softmax-rest",
    from: "a[j] * (y[j] / (1 - a[j]) - w / a[j] - sum(k, 1:3, (y[k] / (1 - a[k]) - w / a[k]) * a[k]))",
    to: `-w + y[j] * a[j] - sum(k, 1:3, -w) * a[j] - ${quotients}`,
    slip: ["+ y[j] * a[j]", "+ 2 * y[j] * a[j]"],
  },
  {
    id: "softmax-rest",
    from: "y[j] / (1 - a[j]) - a[j] * sum(k, 1:3, y[k] / (1 - a[k]))",
    to: `y[j] - ${quotients.replace("y[k] * a[k]", "y[k]")}`,
  },
  {
    id: "log-of-product",
    from: "log(a[j])",
    to: `z[j] - ${m} - log(sum(k, 1:3, exp(z[k] - ${m})))`,
    slip: ["z[j]", "2 * z[j]"],
  },
  { id: "log-of-product", from: "log(p[j])", to: "-softplus(-z[j])" },
  { id: "log-of-product", from: "log(1 - p[j])", to: "-softplus(z[j])" },
  { id: "log-of-product", from: "log(x[j])", to: "z[j]" },
  { id: "log-of-product", from: "log(y[j] / x[j])", to: "log(y[j]) - z[j]" },
  { id: "log-of-product", from: "log(1 - exp(u) / (1 + exp(u)))", to: "-softplus(u)" },
  {
    id: "log-cosh",
    from: "log(cosh(u))",
    to: "abs(u) + log1p(expm1(-(2 * abs(u))) / 2)",
    slip: ["/ 2", "/ 3"],
  },
  { id: "hyperbolic-pair", from: "exp(-u) + exp(u)", to: "2 * cosh(u)", slip: ["2", "3"] },
  { id: "hyperbolic-pair", from: "log(exp(u) + exp(-u))", to: "log(2) + abs(u) + log1p(expm1(-(2 * abs(u))) / 2)" },
  { id: "hyperbolic-pair", from: "(exp(u) - exp(-u)) / (exp(u) + exp(-u))", to: "tanh(u)" },
  { id: "hyperbolic-pair", from: "exp(-u) - exp(u)", to: "2 * sinh(-u)" },
  {
    id: "cosh-squared",
    from: "((2 * cosh(u)) ^ 2 - (2 * sinh(u)) ^ 2) / cosh(u) ^ 2",
    to: "2 ^ 2 / cosh(u) ^ 2",
    slip: ["2 ^ 2", "2 ^ 3"],
  },
  { id: "tanh", from: "v * sinh(u) / cosh(u)", to: "v * tanh(u)", slip: ["tanh(u)", "tanh(v)"] },
  { id: "tanh", from: "sinh(u) / cosh(u) ^ 3", to: "tanh(u) / cosh(u) ^ 2" },
  { id: "one-plus-tanh", from: "1 + tanh(u)", to: "2 * logistic(2 * u)", slip: ["(2 * u)", "(u)"] },
  { id: "one-plus-tanh", from: "1 - tanh(u)", to: "2 * logistic(-(2 * u))" },
  { id: "one-plus-tanh", from: "v + tanh(u) + 1", to: "2 * logistic(2 * u) + v" },
  { id: "one-plus-tanh", from: "tanh(u / 2) / 2 + 1 / 2", to: "logistic(u)" },
  { id: "one-plus-tanh", from: "3 - 3 * tanh(u)", to: "6 * logistic(-(2 * u))" },
  { id: "one-minus-erf", from: "1 - erf(u)", to: "erfc(u)", slip: ["(u)", "(-u)"] },
  { id: "one-minus-erf", from: "1 + erf(u * v)", to: "erfc(-(u * v))" },
  { id: "one-minus-erf", from: "erf(-u) + 1", to: "erfc(u)" },
  { id: "one-minus-erf", from: "z[j] * (1 + erf(z[j] / sqrt(2))) / 2", to: "z[j] * erfc(-(z[j] / sqrt(2))) / 2" },
  { id: "one-minus-erf", from: "u * exp(-u ^ 2) + erf(u) + 1", to: "erfc(-u) + u * exp(-u ^ 2)" },
  { id: "one-minus-tanh-squared", from: "v * (1 - tanh(u) ^ 2)", to: "v * sech(u) ^ 2", slip: ["(u)", "(v)"] },
  { id: "common-number", from: "2 - 2 * u", to: "2 * (1 - u)", slip: ["2 *", "3 *"] },
  {
    id: "multiply-in",
    from: "((1 - v) / (1 - u) - v / u) * u * (2 - 2 * u)",
    to: "2 * ((1 - v) * u - v * (1 - u))",
    slip: ["(1 - v)", "(2 - v)"],
  },
  { id: "multiply-in", from: "y[j] * (a[j] - w / y[j] ^ 2)", to: "a[j] * y[j] - w / y[j]" },
  { id: "abs", from: "v * u * sign(u)", to: "v * abs(u)", slip: ["(u)", "(v)"] },
  {
    id: "common-divisor",
    from: "1 / (1 + abs(u)) - u * sign(u) / (1 + abs(u)) ^ 2",
    to: "1 / (1 + abs(u)) ^ 2",
    slip: ["1 /", "2 /"],
  },
  { id: "expm1", from: "v * (exp(u) - 1)", to: "v * expm1(u)", slip: ["(u)", "(-u)"] },
  { id: "expm1", from: "1 - exp(u)", to: "-expm1(u)" },
  { id: "log1p", from: "log(1 + u ^ 2)", to: "log1p(u ^ 2)", slip: ["u", "v"] },
  { id: "log1p", from: "log(1 - y[j])", to: "log1p(-y[j])" },
  { id: "xlogx", from: "y[j] * log(y[j])", to: "xlogx(y[j])", slip: ["xlogx(y[j])", "2 * xlogx(y[j])"] },
  { id: "xlogx", from: "y[j] * (log(y[j]) - log(u))", to: "xlogx(y[j]) - y[j] * log(u)" },
];

describe("rewrites to stable forms", () => {
  test.each(rows)("$id: $from is $to", ({ from, to }) => expect(stable(from)).toBe(to));

  test.each(rows)("$id: $to stays as it is", ({ to }) => expect(stable(to)).toBe(to));

  test("every rewrite has a row, and a slip that must be refused", () => {
    const ids = rows.filter(({ slip }) => slip !== undefined).map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set(Object.keys(rewrites)));
  });

  test.each(rows.filter(({ slip }) => slip !== undefined))(
    "$id with a slip is refused: $slip",
    ({ id, from, slip }) => {
      const table = { ...rewrites, [id]: corrupted(rewrites[id], slip as readonly [string, string]) };
      expect(() => stable(from, table)).toThrow(`the rewrite ${id} fails its check`);
    },
  );

  test.each([
    ["a plain logistic, which overflows to the right value", "1 / (1 + exp(-u))"],
    ["u over a plain logistic's denominator", "u / (1 + exp(-u))"],
    ["more exponentials above than below", "exp(u) ^ 2 / (1 + exp(u))"],
    ["another exponential", "exp(v) / (1 + exp(u))"],
    ["1 + exp(u) above", "(1 + exp(u)) ^ 2"],
    ["a logarithm of 2 + exp(u)", "log(2 + exp(u))"],
    ["a logarithm of a sum of others", "log(sum(k, 1:3, y[k]))"],
    ["a sum whose greatest term is taken off", `exp(z[j] - ${m}) / sum(k, 1:3, exp(z[k] - ${m}))`],
    ["a sum under no exponential", "y[j] / sum(k, 1:3, exp(z[k]))"],
    ["a sum under two exponentials", "exp(z[j]) ^ 2 / sum(k, 1:3, exp(z[k]))"],
    ["a logarithm of what is left of another variable to 2", "log(2 - a[j])"],
    ["the quotients of a softmax with another factor", "y[j] / (1 - a[j]) - x[j] * sum(k, 1:3, y[k] / (1 - a[k]))"],
    ["the quotients with a plus between them", "y[j] / (1 - a[j]) + a[j] * sum(k, 1:3, y[k] / (1 - a[k]))"],
    ["quotients with other terms", "y[j] / (1 - a[j]) - a[j] * sum(k, 1:3, x[k] / (1 - a[k]))"],
    ["quotients of a variable that is no softmax", "y[j] / (1 - p[j]) - p[j] * sum(k, 1:3, y[k] / (1 - p[k]))"],
    ["a logarithm of a variable without such an equation", "log(y[j])"],
    ["a logarithm of two that might both be negative", "log(u * v)"],
    ["a logarithm of a square", "log(u ^ 2 * exp(v))"],
    ["sinh and cosh of different things", "sinh(u) / cosh(v)"],
    ["sinh times cosh", "sinh(u) * cosh(u)"],
    ["2 + tanh(u)", "2 + tanh(u)"],
    ["1 - logistic(u)^2", "1 - logistic(u) ^ 2"],
    ["tanh(u)/2 + 1", "tanh(u) / 2 + 1"],
    ["w + w·tanh(u) for a variable w", "w + w * tanh(u)"],
    ["a sum with more exponentials than are below", "(1 + exp(u) ^ 2) / (1 + exp(u))"],
    ["a sum with another exponential", "(1 + exp(v)) / (1 + exp(u))"],
    ["an exponential within a function within a sum", "(1 + exp(u) * sqrt(exp(u))) / (1 + exp(u))"],
    ["exp(u) + exp(-v)", "exp(u) + exp(-v)"],
    ["exp(u) + exp(-u) + 1", "exp(u) + exp(-u) + 1"],
    ["cosh(u)^2 - sinh(v)^2", "cosh(u) ^ 2 - sinh(v) ^ 2"],
    ["cosh(u)^2 - w·sinh(u)^2", "cosh(u) ^ 2 - w * sinh(u) ^ 2"],
    ["2 - 3 u", "2 - 3 * u"],
    ["w - w·u for a variable w", "w - w * u"],
    ["a sum with another divisor", "u * (v / w - 2)"],
    ["a divisor of the whole sum", "(u - v) / u"],
    ["the square of a sum", "u * (v / u - w) ^ 2"],
    ["1 - tanh(u)^3", "1 - tanh(u) ^ 3"],
    ["tanh(u) - 1", "tanh(u) - 1"],
    ["2 + erf(u)", "2 + erf(u)"],
    ["erf(u) - 1", "erf(u) - 1"],
    ["1 - erf(u)^2", "1 - erf(u) ^ 2"],
    ["u times the sign of another", "u * sign(v)"],
    ["fractions whose difference varies", "1 / (1 + abs(u)) - v / (1 + abs(u)) ^ 2"],
    ["exp(u) - 2", "exp(u) - 2"],
    ["y log(w) of another", "y[j] * log(u)"],
    ["a logarithm's square", "u * log(u) ^ 2"],
  ])("%s stays as it is: %s", (_, text) => expect(stable(text)).toBe(text));
});

function corrupted(rewrite: Rewrite, [from, to]: readonly [string, string]): Rewrite {
  const slip = (expr: Expr): Expr => {
    const text = print(expr);
    if (!text.includes(from)) throw new Error(`${text} has no ${from}`);
    return read(text.replace(from, to));
  };
  if ("ofExpression" in rewrite)
    return {
      ...rewrite,
      ofExpression: (expr, surroundings) => {
        const found = rewrite.ofExpression(expr, surroundings);
        return found === null ? null : { ...found, after: slip(found.after) };
      },
    };
  return {
    ...rewrite,
    ofProduct: (factors, surroundings) => {
      const found = rewrite.ofProduct(factors, surroundings);
      if (found === null) return null;
      return {
        ...found,
        put: found.put.flatMap(({ base, exponent }) =>
          print(base).includes(from)
            ? productOf(slip(base)).factors.map((f) => ({ ...f, exponent: f.exponent * exponent }))
            : [{ base, exponent }],
        ),
      };
    },
  };
}

const taskFor = (sizes: string, activation: string, loss: string): GradientTask =>
  networkTask(parseNetwork(sizes, { activation, loss }));

describe("sums that are the same for several entries", () => {
  const lines = (sizes: string, activation: string, loss: string): readonly string[] => {
    const task = stabilise(taskFor(sizes, activation, loss));
    return [...task.forward, task.objective, ...task.backward].map(
      ({ goal, value }) => `${print(goal)} = ${print(value)}`,
    );
  };

  test("are computed once, before what reads them, and by all that read them", () => {
    const found = lines("2-4-3", "tanh,softmax", "cross-entropy");
    const at = found.indexOf("max3 = maximum(k, 1:3, z3[k])");
    expect(found.slice(at, at + 3)).toEqual([
      "max3 = maximum(k, 1:3, z3[k])",
      "sum3 = sum(k, 1:3, exp(z3[k] - max3))",
      "a3[j] = exp(z3[j] - max3) / sum3",
    ]);
    expect(found[at + 3]?.replaceAll("[j]", "[k]")).toContain("y[k] * (z3[k] - max3 - log(sum3))");
    expect(found.slice(at + 4, at + 6)).toEqual(["sumB3 = sum(k, 1:3, y[k])", "delta3[j] = a3[j] * sumB3 - y[j]"]);
  });

  test("keep the indices that they depend on", () => {
    expect(lines("2-4-3", "softmax", "mse")).toContain("sumB2[k] = sum(p, 1:4, W3[k, p] * a2[p])");
  });

  test.each([
    ["2-3-1", "sigmoid", "mse"],
    ["3-4-2", "relu,tanh", "mean-squared"],
    ["2-4", "leaky-relu", "absolute"],
  ])("are none in %s with %s and %s, which is given back as it is", (sizes, activation, loss) => {
    const task = taskFor(sizes, activation, loss);
    expect(stabilise(task)).toBe(task);
  });
});
