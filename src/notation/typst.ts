import { strength, whole, type Notation } from "./notation.ts";

/** Names that Typst's mathematics knows: Greek letters, and functions under the name that Typst has for them. */
const names: Readonly<Record<string, string>> = {
  sigma: "sigma",
  delta: "delta",
  eta: "eta",
  log: "ln",
  tanh: "tanh",
  sinh: "sinh",
  cosh: "cosh",
  sech: "sech",
  sin: "sin",
  cos: "cos",
  atan: "arctan",
};

/**
 * Typst's mathematics, as of its release 0.13. Letters in a row would read as one name, so a space stands between
 * them; parentheses around something tall grow by themselves.
 */
export const typst: Notation = {
  letter: (name) => names[name] ?? (name.length === 1 ? name : `op("${name}")`),
  // After a script in parentheses a prime would go into the script: it stands before.
  scripts: (base, below, above) =>
    above === typst.prime
      ? `${base}'${script("_", below)}`
      : `${base}${script("_", spaced(below))}${script("^", above)}`,
  parentheses: (inside) => `(${inside})`,
  fraction: (over, under) => ({ ...whole(`frac(${over.text}, ${under.text})`), isTall: true }),
  ordinaryDifferential: (of) => `d ${of}`,
  differential: (of) => `partial ${of}`,
  gradient: (by) => `nabla_(${by})`,
  matrix: (rows) => `mat(${rows.map((row) => row.join(", ")).join("; ")})`,
  dots: { sum: "dots.h.c", row: "dots.h.c", column: "dots.v", diagonal: "dots.down" },
  transposed: "top",
  hadamard: "dot.o",
  sum: (index, to) => `sum_(${index}=1)^(${to})`,
  iverson: (left, right) => `[${left}=${right}]`,
  exponential: (argument) => ({ text: `e^(${argument.text})`, strength: strength.power }),
  call: (name, argument) => `${name}(${argument.text})`,
  root: (argument) => `sqrt(${argument})`,
  prime: "'",
  minus: "-",
  atMost: "lt.eq",
  approximately: "approx",
  times: "times",
  arrow: "arrow.l",
  listDots: "dots.h",
  gap: " quad ",
  product: (left, right, needsDot) =>
    `${left}${needsDot || (/[\d)]$/.test(left) && /^frac\(\d/.test(right)) ? " dot " : " "}${right}`,
};

const script = (mark: "_" | "^", text: string): string => (text === "" ? "" : `${mark}(${text})`);

/** Indices in a row: jk is j k, and 12 may stay. */
const spaced = (indices: string): string =>
  /^[a-z\d]+$/i.test(indices) && !(indices in names)
    ? indices.replace(/(?<=[a-z])(?=.)|(?<=\d)(?=[a-z])/gi, " ")
    : indices;
