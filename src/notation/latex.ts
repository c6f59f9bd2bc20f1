import { letters, strength, whole, type Notation } from "./notation.ts";

/** Spaces that survive Markdown, which would take `\,` and `\_` for its own. */
const operator = (name: string): string => `\\operatorname{${name.replaceAll("_", "\\thinspace ")}}`;

/** Letters that have a name, and functions under the name that LaTeX has for them. */
const letter = letters(
  {
    sigma: "\\sigma",
    delta: "\\delta",
    eta: "\\eta",
    pi: "\\pi",
    log: "\\ln",
    tanh: "\\tanh",
    sinh: "\\sinh",
    cosh: "\\cosh",
    sech: operator("sech"),
    sin: "\\sin",
    cos: "\\cos",
    atan: "\\arctan",
    expm1: operator("expm1"),
    log1p: operator("log1p"),
    erf: operator("erf"),
    sign: operator("sgn"),
    max: "\\max",
    min: "\\min",
    logistic: operator("logistic"),
    softplus: operator("softplus"),
    xlogx: operator("xlogx"),
  },
  (name) => (name.length === 1 ? name : operator(name)),
);

/**
 * The subset of LaTeX that KaTeX, MathJax and pdflatex read alike and that survives Markdown: subscript before
 * superscript, `\prime` for ′, `\lbrack` for [, `\cr` between rows.
 */
export const latex: Notation = {
  letter,
  scripts: (base, below, above) => `${base}${below === "" ? "" : `_{${below}}`}${above === "" ? "" : `^{${above}}`}`,
  parentheses: (inside, isTall) => (isTall ? `\\left(${inside}\\right)` : `(${inside})`),
  fraction: (over, under) => ({ ...whole(`\\frac{${over.text}}{${under.text}}`), isTall: true }),
  ordinaryDifferential: (of) => `d ${of}`,
  differential: (of) => `\\partial ${of}`,
  gradient: (by) => `\\nabla_{${by}}`,
  matrix: (rows) => `\\begin{pmatrix} ${rows.map((row) => row.join(" & ")).join(" \\cr ")} \\end{pmatrix}`,
  dots: { sum: "\\cdots", row: "\\cdots", column: "\\vdots", diagonal: "\\ddots" },
  transposed: "\\top",
  hadamard: "\\odot",
  sum: (index, to) => `\\sum_{${index}=1}^{${to}}`,
  maximum: (index, to) => `\\max_{1 \\le ${index} \\le ${to}}`,
  choice: (...cases) => ({
    text: `\\begin{cases} ${cases.map((c) => `${c.value} & ${c.condition}`).join(" \\cr ")} \\end{cases}`,
    strength: strength.choice,
    isTall: true,
  }),
  absolute: (argument) => `\\left\\lvert ${argument}\\right\\rvert`,
  iverson: (left, right) => `\\lbrack ${left}=${right}\\rbrack`,
  exponential: (argument) => ({ text: `e^{${argument.text}}`, strength: strength.power }),
  call: (name, argument) => `${name}${latex.parentheses(argument.text, argument.isTall === true)}`,
  root: (argument) => `\\sqrt{${argument}}`,
  prime: "\\prime",
  minus: "-",
  comparisons: { ">": ">", ">=": "\\ge", "<": "<", "<=": "\\le" },
  approximately: "\\approx",
  times: "\\times",
  arrow: "\\leftarrow",
  listDots: "\\dots",
  gap: " \\quad ",
  product: (left, right, needsDot) => `${left}${needsDot ? " \\cdot " : " "}${right}`,
};
