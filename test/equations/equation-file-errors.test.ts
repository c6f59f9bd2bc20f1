import { describe, expect, test } from "vitest";
import { readEquations } from "../../src/equations/index.ts";
import { Problem } from "../../src/problem.ts";

/** What is told of a text, as `line:column: message`; the first line of each. */
function told(text: string): readonly string[] {
  const heads = (message: string): string[] =>
    message.split("\n").flatMap((line) => (line.startsWith("model.eq:") ? [line.slice("model.eq:".length)] : []));
  try {
    return readEquations(text, "model.eq").warnings.flatMap(({ message }) => heads(message));
  } catch (error) {
    if (error instanceof Problem) return heads(error.message);
    throw error;
  }
}

/** The places of the marks ¦ as `line:column`, and the text without them. */
function marked(text: string): { readonly text: string; readonly places: readonly string[] } {
  const places = text.split("\n").flatMap((line, i) =>
    line
      .split("¦")
      .slice(0, -1)
      .map((_, nth, parts) => `${i + 1}:${parts.slice(0, nth + 1).join("").length + 1}`),
  );
  return { text: text.replaceAll("¦", ""), places };
}

const head = `index j in 1..h, i in 1..n, p in 1..k
parameter W[j,i], b[j]
input x[i], y[j]`;
const body = `z[j] = sum(W[j,i]*x[i], i) + b[j]
a[j] = tanh(z[j])`;
const end = `J = sum((a[j]-y[j])^2, j)
with n=3, h=4, k=2`;
const instead = (middle: string): string => `${head}\n${middle}\n${end}`;

describe("what is wrong is told with its place, marked ¦ here", () => {
  test.each<[string, string, ...string[]]>([
    // Lines.
    ["no equation", instead(`${body}\n¦2*z[j] = 3`), "does not begin with a variable"],
    ["nothing after =", instead(`${body}\nq = ¦`), "the end stands where a number"],
    ["no =", instead(`${body}\nq[j] ¦tanh(z[j])`), "tanh stands where = is missing"],
    ["too much", instead(`${body}\nq[j] = z[j]¦]`), "] stands where the formula is over"],
    ["a function without the word", instead(`${body}\n¦f(t) = t`), "f(…) is defined as a variable"],
    ["a range from 0", `index j in ¦0..h\n${body}`, "a range begins at 0", "*"],
    ["a range of one point", `index j in ¦1.h\n`, "a range begins at 1.", "*"],
    ["a range to a product", `index j in 1..2¦*h\n`, "* stands", "*"],
    ["a range to a fraction", `index j in 1..¦2.5\n`, "2.5 stands where a range ends", "*"],
    ["no in", `index j ¦1..3\n`, "1 stands where in is missing", "*"],
    ["an index of a number", `parameter W[¦3]\n`, "3 stands where an index letter", "*"],
    ["a tensor without name", `parameter W[j], ¦3\n`, "3 stands where the name of a parameter", "*"],
    ["an unclosed index", instead(`${body}\nq[j] = z[j¦`), "the end stands where ] is missing"],
    ["a line of 5000 characters", instead(`${body}\nq[j] = ${"z[j]+".repeat(1000)}z[j]`), "longer than 4000"],
    ["a thousand terms", instead(`${body}\nq[j] = ${"1-".repeat(500)}1¦${"-1".repeat(10)}`), "in a row"],
    // Formulas.
    ["a missing sign", instead(`${body}\nq[j] = 2¦z[j]`), "a sign between two values is missing"],
    ["hostile: config", instead(`${body}\nq[j] = config(¦{})`), "{ begins an object"],
    ["hostile: evaluate", instead(`${body}\nq[j] = evaluate(¦"1")`), "begins a text"],
    ["hostile: import", instead(`${body}\nq[j] = ¦import(z[j])`), "unknown function import"],
    ["hostile: constructor", instead(`${body}\nq[j] = z[j]¦.constructor`), "property"],
    ["hostile: __proto__", instead(`${body}\nq[j] = ¦__proto__[j]`), "unknown name __proto__"],
    ["hostile: toString", instead(`${body}\nq[j] = ¦toString(z[j])`), "unknown function toString"],
    ["hostile: powers", instead(`${body}\nq[j] = 9^9¦^9^9`), "exponent"],
    ["hostile: nesting", instead(`${body}\nq[j] = ${"(".repeat(61)}¦${"(".repeat(400)}`), "60 deep"],
    ["hostile: escape", instead(`${body}\nq[j] = ¦\u001b[31m`), "U+001B"],
    ["a typeset minus", instead(`${body}\nq[j] = z[j] ¦− 1`), "typeset minus"],
    ["two lines in one", instead(`${body}\nq[j] = z[j]¦; r = 1`), "; begins a second"],
    ["a comparison", instead(`${body}\nq[j] = z[j] ¦> 0`), "outside a condition"],
    ["an equality", instead(`${body}\nq[j] = z[j] ¦== 0 ? 1 : 0`), "single points"],
    ["a zero divisor", instead(`${body}\nq[j] = z[j] ¦/ (1-1)`), "divides by zero"],
    // Indices.
    ["an index out of scope", instead(`z[j] = W[j,¦i]*x[i] + b[j]\na[j] = z[j]`), "i is neither on the left side nor"],
    ["an unknown index", instead(`z[j] = sum(W[j,i]*x[i], i) + b[¦q]\na[j] = z[j]`), "unknown index q"],
    ["an unknown index in a sum", instead(`${body}\nq = sum(b[j], ¦r)`), "unknown index r"],
    ["no index in a sum", instead(`${body}\nq = ¦sum(b[j])`), "does not say over which index"],
    ["a number in a sum", instead(`${body}\nq = sum(b[j], ¦3)`), "index letters"],
    [
      "a bound index that is free",
      instead(`z[j] = sum(W[j,i]*x[i], i) + sum(b[j], ¦j)\na[j] = z[j]`),
      "index j is bound",
    ],
    ["a bound index bound again", instead(`${body}\nq = sum(sum(b[j], ¦j), j)`), "index j is bound"],
    ["an index bound twice at once", instead(`${body}\nq = sum(b[j], j, ¦j)`), "index j is bound"],
    ["an index twice on the left", instead(`${body}\nq[j, ¦j] = z[j]`), "stands twice"],
    ["a number on the left", instead(`${body}\nq[¦1] = z[1]`), "on the left side is a letter"],
    [
      "an unequal range",
      instead(`z[j] = sum(W[¦i,j]*x[i], i) + b[j]\na[j] = z[j]`),
      "W's first index runs over 1..h, but i over 1..n",
    ],
    ["an index beyond its range", instead(`${body}\nq[j] = x[¦4]`), "x's first index is 4; it runs over 1..n"],
    ["an index of 0", instead(`${body}\nq[j] = W[j,¦0]`), "W's second index is 0"],
    ["an index with arithmetic", instead(`${body}\nq[j] = z[j¦+1]`), "neither a letter nor a number"],
    ["too few indices", instead(`z[j] = sum(¦W[j]*x[i], i) + b[j]\na[j] = z[j]`), "W has 2 indices, not 1"],
    ["too many indices", instead(`${body}\nq[j] = ¦z[j,1]`), "z has one index, not 2"],
    ["no index at a vector", instead(`${body}\nq = ¦z`), "z has one index, not 0"],
    ["an index at a scalar", instead(`s = 2\n${body}\nq[j] = ¦s[j]`), "s has no indices, not 1"],
    ["an index as a number", instead(`${body}\nq[j] = ¦j*z[j]`), "the index j stands where a number"],
    ["a maximum over an index", instead(`${body}\nq = ¦max(z[j], j)`), "no derivative rule"],
    ["steps without step", instead(`${body}\nq[j] = ¦z[1][j]`), "no step of a recurrence"],
    ["steps on the left without step", instead(`${body}\n¦q[1][j] = z[j]`), "two groups"],
    // Names.
    ["defined twice", instead(`${body}\n¦z[j] = b[j]`), "z is defined twice, first in line 4"],
    ["an index declared twice", `${head}, i2\nindex ¦j in 1..n\n${body}\n${end}`, "j is defined twice", "*"],
    ["both parameter and input", `${head}, ¦W[i]\n${body}\n${end}`, "W is both a parameter (line 2) and an input"],
    ["both input and variable", instead(`${body}\n¦x[i] = 1`), "x is both an input (line 3) and a variable"],
    ["both size and index", `index j in 1..h, ¦h in 1..n\n`, "h is both a size (line 1) and an index", "*"],
    ["both size and tensor", `${head}, ¦n[j]\n${body}\n${end}`, "n is both a size (line 1) and an input"],
    [
      "both constant and variable",
      instead(`constant c = 1\n${body}\n¦c = 2`),
      "c is both a constant (line 4) and a variable",
    ],
    ["reserved: l", `index ¦l in 1..h\n`, "the name l is taken", "*"],
    ["reserved: L", instead(`${body}\n¦L = 1`), "the name L is taken"],
    ["reserved: J as an input", `${head}, ¦J[j]\n${body}\n${end}`, "J is the objective", "*"],
    ["reserved: delta", instead(`${body}\n¦delta2[j] = z[j]`), "errors"],
    ["reserved: pi", instead(`${body}\n¦pi = 3`), "it is a constant"],
    ["reserved: exp", instead(`${body}\n¦exp[j] = z[j]`), "function that every formula has"],
    ["reserved: tanh as a function", instead(`function ¦tanh(t) = t\n${body}`), "function that every formula has"],
    ["reserved: sum", instead(`${body}\n¦sum[j] = z[j]`), "word of the language"],
    ["reserved: class", instead(`${body}\n¦class[j] = z[j]`), "word of the language"],
    ["reserved: x_prime", instead(`${body}\n¦z_prime[j] = z[j]`), "derivatives"],
    ["reserved: z_bar", instead(`${body}\n¦z_bar[j] = z[j]`), "derivatives"],
    ["reserved: __proto__", instead(`${body}\n¦__proto__[j] = z[j]`), "two underscores"],
    ["an unknown name", instead(`${body}\nq[j] = ¦zz[j]`), "unknown name zz; is z meant?"],
    [
      "an unknown scalar",
      instead(`constant rate = 2\n${body}\nq[j] = ¦raet*z[j]`),
      "unknown name raet; is rate meant?",
    ],
    ["an unknown function", instead(`${body}\nq[j] = ¦tahn(z[j])`), "unknown function tahn; is tanh meant?"],
    [
      "a function of this file misspelt",
      instead(`function bent(t) = t^2\n${body}\nq[j] = ¦bend(z[j])`),
      "is bent meant?",
    ],
    ["a vector function", instead(`${body}\nq[j] = ¦softmax(z[j])`), "unknown function softmax"],
    ["a function without call", instead(`${body}\nq[j] = ¦relu`), "relu is a function"],
    ["a function of this file without call", instead(`function f(t) = t\n${body}\nq[j] = ¦f`), "f is a function"],
    ["a call of a variable", instead(`${body}\nq[j] = ¦z(1)`), "z is no function"],
    ["two arguments", instead(`${body}\nq[j] = ¦relu(z[j], 1)`), "relu has 2 arguments; it takes one"],
    ["entries of a constant", instead(`constant c = 1\n${body}\nq[j] = ¦c[j]`), "c has no entries"],
    ["a function that uses a variable", instead(`function f(t) = t*¦s\ns = 1\n${body}`), "unknown name s"],
    ["a function that uses entries", instead(`function f(t) = t*¦x[1]\n${body}`), "numbers only"],
    ["a function that calls another", instead(`function f(t) = ¦relu(t)\n${body}`), "unknown function relu"],
    ["a constant function", instead(`function ¦f(t) = 1\n${body}`), "does not depend on t"],
    ["a constant of itself", instead(`constant c = ¦c\n${body}`), "unknown name c"],
    // Order.
    [
      "used before",
      instead(`a[j] = tanh(¦z[j])\nz[j] = b[j] + sum(W[j,i]*x[i], i)`),
      "z is used before it is defined, in line 5",
    ],
    ["defined by itself", instead(`${body}\nq[j] = ¦q[j] + 1`), "q is defined by itself"],
    [
      "a circle of two",
      instead(`z[j] = ¦a[j] + sum(W[j,i]*x[i], i)\na[j] = tanh(z[j])`),
      "a, z need each other (lines 5, 4)",
    ],
    ["a circle of three", instead(`z[j] = ¦a[j]\nu[j] = z[j]\na[j] = u[j]`), "a, u, z need each other (lines 6, 5, 4)"],
    // The objective.
    ["no J", `${head}\n${body}\n¦with n=3, h=4, k=2`, "no equation defines the objective J"],
    ["J with an index", `${head}\n${body}\n¦J[j] = a[j]\nwith n=3, h=4, k=2`, "J has an index"],
    ["J used before", instead(`${body}\nq = ¦J`), "J is used before it is defined, in line 7"],
    ["no parameter", `index j in 1..3\ninput x[j]\n¦J = sum(x[j]^2, j)`, "no parameter to differentiate by"],
    ["an unknown output", `${instead(body)}\noutput ¦q`, "the output q is no variable"],
    ["an input as output", `${instead(body)}\noutput ¦x`, "the output x is no variable"],
    ["two outputs", `${instead(body)}\n¦output a\noutput z`, "a second output stands in line 9"],
    // Sizes.
    ["a size without value", `index i in 1..¦n\nparameter W[i]\nJ = sum(W[i]^2, i)`, "the size n has no value"],
    ["a value without size", `${instead(body)}\nwith ¦m = 3`, "unknown size m"],
    ["a size given twice", `${instead(body)}\nwith ¦n = 3`, "given twice"],
    ["size 0", `${head}\n${body}\nJ = sum(a[j], j)\nwith n=¦0, h=4, k=2`, "the size n is 0, not a whole number"],
    ["size -3", `${head}\n${body}\nJ = sum(a[j], j)\nwith n=¦-3, h=4, k=2`, "the size n is -3"],
    ["size 2.5", `${head}\n${body}\nJ = sum(a[j], j)\nwith n=¦2.5, h=4, k=2`, "the size n is 2.5"],
    ["size 1e9", `${head}\n${body}\nJ = sum(a[j], j)\nwith n=¦1e9, h=4, k=2`, "above 100000"],
    ["size 1e999", `${head}\n${body}\nJ = sum(a[j], j)\nwith n=¦1e999, h=4, k=2`, "not a whole number"],
    ["a literal size 0", `index i in 1..¦0\nparameter W[i]\nJ = sum(W[i]^2, i)`, "the range ends at 0"],
    ["a word as size", `${instead(body)}\nwith n = ¦three`, "three stands where a number"],
    [
      "a million entries",
      `index i in 1..1000, j in 1..1001\nparameter ¦W[i,j]\nJ = sum(W[i,j]^2, i, j)`,
      "at most 1000000",
    ],
    // Recurrences.
    [
      "a step before the first",
      `index j in 1..2\nstep t in 1..3\nparameter u\nh[t][j] = u*¦h[t-1][j]\nJ = sum(h[3][j], j)`,
      "h has no step 0",
    ],
    ["a step in the future", `step t in 1..3\nparameter u\nh[0] = 1\nh[t] = u*¦h[t+1]\nJ = h[3]`, "needs a later one"],
    ["a step that is none", `step t in 1..3\nparameter u\nh[0] = 1\nh[t] = u*h[¦u]\nJ = h[3]`, "this is no step"],
    [
      "a recurrence without step",
      `step t in 1..3\nparameter u\nh[0] = 1\nh[t] = u*h[t-1]\nJ = ¦h`,
      "h has a value for each step",
    ],
    [
      "a step beside an index",
      `index j in 1..2\nstep t in 1..3\nparameter u\nh[¦t,j] = u\nJ = u`,
      "beside other indices",
    ],
    ["a thousand steps", `step t in 1..¦1000\nparameter u\nh[0] = 1\nh[t] = u*h[t-1]\nJ = h[3]`, "longer than 100"],
    // Several at once.
    [
      "several",
      instead(`z[j] = ¦sum(W[j,i]*x[i]) + b[j]\na[j] = ¦tahn(z[j])\nq[j] = ¦zz[j] + ¦yy[j]`.replace("¦yy", "yy")),
      "which index",
      "tahn",
      "zz",
    ],
    [
      "what follows from a refused name",
      `${head}, ¦delta[j]\n${body}\nJ = sum(delta[j]*a[j], j)\nwith n=3, h=4, k=2`,
      "errors",
    ],
    ["what follows from a refused left side", instead(`${body}\nq[¦1] = 2\nr = q[1]`), "a letter"],
    [
      "what follows from a mistake is not told",
      `index j in 1..3, ¦3 in 1..n\nparameter W[j,i]\nJ = sum(W[j,i], j, i)`,
      "3 stands",
    ],
    ["what follows from a mistake in an equation", instead(`z[j] = ¦+ 1\na[j] = z[j]`), "+ stands"],
  ])("%s", (_, withMarks, ...whats) => {
    const { text: file, places } = marked(withMarks);
    const found = told(file);
    const others = whats.includes("*");
    const expected = whats.filter((what) => what !== "*");
    if (!others) expect(found).toHaveLength(expected.length);
    expected.forEach((what, i) => {
      const text = others ? found.find((line) => line.includes(what)) : found[i];
      expect(text ?? found.join("\n")).toContain(what);
      if (places.length > 0) expect(text).toMatch(new RegExp(`^${places[i]}: `));
    });
  });
});
