import { constants } from "../expression/index.ts";
import { letters, strength, whole, type Notation } from "./notation.ts";
import { within } from "./typeset.ts";

const letter = letters(
  {
    alpha: "α",
    beta: "β",
    gamma: "γ",
    delta: "δ",
    eps: "ε",
    epsilon: "ϵ",
    zeta: "ζ",
    eta: "η",
    theta: "θ",
    kappa: "κ",
    lambda: "λ",
    mu: "μ",
    nu: "ν",
    xi: "ξ",
    rho: "ρ",
    sigma: "σ",
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
    pi: constants.pi,
    log: "ln",
    tanh: "tanh",
    sinh: "sinh",
    cosh: "cosh",
    sech: "sech",
    sin: "sin",
    cos: "cos",
    atan: "arctan",
    expm1: "expm1",
    log1p: "log1p",
    erf: "erf",
    erfc: "erfc",
    sign: "sgn",
    max: "max",
    min: "min",
    logistic: "logistic",
    softplus: "softplus",
    xlogx: "xlogx",
  },
  (name) => name,
);

const brace = (script: string): string => (script.length <= 1 ? script : `{${script}}`);

/** One line of Unicode, for a terminal and for comments in code. */
export const unicode: Notation = {
  letter,
  scripts: (base, below, above) =>
    above === "′"
      ? `${base}′${below === "" ? "" : `_${brace(below)}`}`
      : `${base}${above === "" ? "" : `^${brace(above)}`}${below === "" ? "" : `_${brace(below)}`}`,
  parentheses: (inside) => `(${inside})`,
  fraction: (over, under) => ({
    // On one line d/dz f/g would read as the derivative of f/g, a/b/c as a/(b/c).
    text: `${within(over, over.isTall === true ? strength.power : strength.product, unicode)}/${within(under, strength.power, unicode)}`,
    strength: strength.product,
  }),
  ordinaryDifferential: (of) => `d${of}`,
  differential: (of) => `∂${of}`,
  gradient: (by) => `∇_{${by}}`,
  matrix: (rows) => `[${rows.map((row) => row.join(", ")).join("; ")}]`,
  dots: { sum: "⋯", row: "⋯", column: "⋮", diagonal: "⋱" },
  transposed: "⊤",
  hadamard: "⊙",
  sum: (index, to) => `Σ_{${index}=1..${to}}`,
  maximum: (index, to) => `max_{${index}=1..${to}}`,
  choice: (first, other) => whole(`(${first.condition} ? ${first.value} : ${other.value})`),
  // ||x| − 1| would leave open which bars belong together.
  absolute: (argument) => (argument.includes("|") ? `abs(${argument})` : `|${argument}|`),
  iverson: (left, right) => `[${left}=${right}]`,
  exponential: (argument) => whole(`exp(${argument.text})`),
  call: (name, argument) => `${name}(${argument.text})`,
  root: (argument) => `√(${argument})`,
  prime: "′",
  minus: "−",
  comparisons: { ">": ">", ">=": "≥", "<": "<", "<=": "≤" },
  approximately: "≈",
  times: "×",
  arrow: "←",
  listDots: "…",
  gap: "   ",
  product: (left, right) => `${left} · ${right}`,
};
