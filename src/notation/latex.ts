import { strength, whole, type Notation } from "./notation.ts";

/** Letters that have a name, and functions under the name that LaTeX has for them. */
const latexLetters: Readonly<Record<string, string>> = {
  sigma: "\\sigma",
  delta: "\\delta",
  eta: "\\eta",
  log: "\\ln",
  tanh: "\\tanh",
  sinh: "\\sinh",
  cosh: "\\cosh",
  sech: "\\operatorname{sech}",
  sin: "\\sin",
  cos: "\\cos",
  atan: "\\arctan",
};

/**
 * The subset of LaTeX that KaTeX, MathJax and pdflatex read alike and that survives Markdown: subscript before
 * superscript, `\prime` for ′, `\lbrack` for [, `\cr` between rows.
 */
export const latex: Notation = {
  letter: (name) => latexLetters[name] ?? (name.length === 1 ? name : `\\operatorname{${name}}`),
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
  iverson: (left, right) => `\\lbrack ${left}=${right}\\rbrack`,
  exponential: (argument) => ({ text: `e^{${argument.text}}`, strength: strength.power }),
  call: (name, argument) => `${name}${latex.parentheses(argument.text, argument.isTall === true)}`,
  root: (argument) => `\\sqrt{${argument}}`,
  prime: "\\prime",
  minus: "-",
  atMost: "\\le",
  approximately: "\\approx",
  times: "\\times",
  arrow: "\\leftarrow",
  listDots: "\\dots",
  gap: " \\quad ",
  product: (left, right, needsDot) => `${left}${needsDot ? " \\cdot " : " "}${right}`,
};
