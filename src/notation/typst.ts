import { letters, strength, whole, type Notation } from "./notation.ts";

const operator = (name: string): string => `op("${name.replaceAll("_", " ")}")`;

/** Greek letters, most as themselves, since `nu` may be two indices, and functions under the name that Typst has for them. */
const letter = letters(
  {
    alpha: "α",
    beta: "β",
    gamma: "γ",
    delta: "delta",
    eps: "ε",
    epsilon: "ϵ",
    zeta: "ζ",
    eta: "eta",
    theta: "θ",
    kappa: "κ",
    lambda: "λ",
    mu: "μ",
    nu: "ν",
    xi: "ξ",
    rho: "ρ",
    sigma: "sigma",
    tau: "τ",
    phi: "φ",
    chi: "χ",
    psi: "ψ",
    omega: "ω",
    Gamma: "Γ",
    Theta: "Θ",
    Lambda: "Λ",
    Xi: "Ξ",
    Sigma: "Σ",
    Phi: "Φ",
    Psi: "Ψ",
    Omega: "Ω",
    pi: "pi",
    log: "ln",
    tanh: "tanh",
    sinh: "sinh",
    cosh: "cosh",
    sech: "sech",
    sin: "sin",
    cos: "cos",
    atan: "arctan",
    expm1: operator("expm1"),
    log1p: operator("log1p"),
    erf: operator("erf"),
    erfc: operator("erfc"),
    sign: operator("sgn"),
    max: "max",
    min: "min",
    logistic: operator("logistic"),
    softplus: operator("softplus"),
    xlogx: operator("xlogx"),
  },
  (name) => (name.length === 1 ? name : operator(name)),
);

/**
 * Typst's mathematics, as of its release 0.13. Letters in a row would read as one name, so a space stands between
 * them; parentheses around something tall grow by themselves.
 */
export const typst: Notation = {
  letter,
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
  maximum: (index, to) => `max_(1 lt.eq ${index} lt.eq ${to})`,
  choice: (...cases) => ({
    text: `cases(${cases.map((c) => `${c.value} & quad ${c.condition}`).join(", ")})`,
    strength: strength.choice,
    isTall: true,
  }),
  absolute: (argument) => `abs(${argument})`,
  iverson: (left, right) => `[${left}=${right}]`,
  exponential: (argument) => ({ text: `e^(${argument.text})`, strength: strength.power }),
  call: (name, argument) => `${name}(${argument.text})`,
  root: (argument) => `sqrt(${argument})`,
  prime: "'",
  minus: "-",
  comparisons: { ">": "gt", ">=": "gt.eq", "<": "lt", "<=": "lt.eq" },
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
  /^[a-z\d]+$/i.test(indices) ? indices.replace(/(?<=[a-z])(?=.)|(?<=\d)(?=[a-z])/gi, " ") : indices;
