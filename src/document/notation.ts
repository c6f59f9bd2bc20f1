import { view, type Expr, type Variable } from "../expression/index.ts";

/** How strongly a printed piece holds together: an operand weaker than its place asks for is parenthesised. */
export const strength = { sum: 1, product: 2, prefix: 3, power: 4, whole: 5 } as const;
export type Strength = (typeof strength)[keyof typeof strength];

/** A printed piece of mathematics. */
export interface Piece {
  readonly text: string;
  readonly strength: Strength;
  /** A sum sign at its left end or right end reaches to the end of the product it stands in. */
  readonly endsOpen?: boolean;
}

/** The marks of one output language. What they mean and where parentheses go is decided once, in {@link typeset}. */
export interface Notation {
  readonly letter: (name: string) => string;
  readonly scripts: (base: string, below: string, above: string) => string;
  readonly parentheses: (inside: string) => string;
  readonly fraction: (over: Piece, under: Piece) => Piece;
  readonly derivativeOperator: (by: string) => string;
  readonly differential: (of: string) => string;
  /** ∇ with the tensor by which one differentiates. */
  readonly gradient: (by: string) => string;
  readonly transposed: string;
  readonly hadamard: string;
  readonly sum: (index: string, to: string) => string;
  readonly iverson: (left: string, right: string) => string;
  readonly exponential: (argument: Piece) => Piece;
  readonly call: (name: string, argument: string) => string;
  readonly root: (argument: string) => string;
  readonly prime: string;
  readonly minus: string;
  readonly atMost: string;
  readonly times: string;
  readonly arrow: string;
  readonly dots: string;
  /** Space between a formula and the conditions on it. */
  readonly gap: string;
  /** Between two factors; `needsDot` where juxtaposition would read as one number. */
  readonly product: (left: string, right: string, needsDot: boolean) => string;
}

const whole = (text: string): Piece => ({ text, strength: strength.whole });

/** Prints a tree in the mathematical notation of the article: entries w^l_{jk}, sums with bounds, partials as fractions. */
export function typeset(expr: Expr, notation: Notation): Piece {
  const inner = (e: Expr): Piece => typeset(e, notation);
  const v = view(expr);
  switch (v.kind) {
    case "number":
      return number(expr.toString(), notation);
    case "symbol":
      return whole(notation.letter(v.name));
    case "atom":
      return whole(isWhole(v.indices) ? tensor(v.variable, notation) : entry(v.variable, v.indices, notation));
    case "size":
      return whole(notation.scripts(notation.letter("n"), compact(v.layer, notation), ""));
    case "add":
      return {
        text: v.terms.map((t, i) => within(inner(t), i === 0 ? strength.sum : strength.product, notation)).join(" + "),
        strength: strength.sum,
      };
    case "subtract":
      return {
        text: `${within(inner(v.left), strength.sum, notation)} ${notation.minus} ${within(inner(v.right), strength.product, notation)}`,
        strength: strength.sum,
      };
    case "negate":
      return { text: `${notation.minus}${within(inner(v.of), strength.product, notation)}`, strength: strength.sum };
    case "multiply":
      return product(v.factors.map(inner), notation);
    case "hadamard":
      return {
        text: v.factors.map((f) => within(inner(f), strength.prefix, notation)).join(` ${notation.hadamard} `),
        strength: strength.product,
      };
    case "all":
      throw new Error("a whole tensor is printed with its variable");
    case "divide":
      return notation.fraction(inner(v.over), inner(v.under));
    case "power":
      return {
        text: notation.scripts(powerBase(v.base, notation), "", inner(v.exponent).text),
        strength: strength.power,
      };
    case "sum": {
      const body = within(inner(v.body), strength.product, notation);
      return {
        text: `${notation.sum(v.index, compact(v.to, notation))} ${body}`,
        strength: strength.product,
        endsOpen: true,
      };
    }
    case "kronecker":
      return whole(notation.iverson(inner(v.left).text, inner(v.right).text));
    case "partial":
      return partialDerivative(v.of, v.by, notation);
    case "call":
      return functionCall(v.name, v.layer, v.args[0] as Expr, notation);
  }
}

/** 1e-7 is 10^{-7}: an e would read as a variable. */
function number(text: string, notation: Notation): Piece {
  const [mantissa = text, exponent] = text.split("e");
  if (exponent === undefined) return whole(text);
  const scale = notation.scripts("10", "", exponent.replace("+", "").replace("-", notation.minus));
  return { text: mantissa === "1" ? scale : notation.product(mantissa, scale, true), strength: strength.product };
}

export const within = (piece: Piece, least: Strength, notation: Notation): string =>
  piece.strength < least ? notation.parentheses(piece.text) : piece.text;

const isWhole = (indices: readonly Expr[]): boolean => indices.some((index) => view(index).kind === "all");

function product(factors: readonly Piece[], notation: Notation): Piece {
  const last = factors.length - 1;
  const texts = factors.map((f, i) =>
    f.strength < strength.product || (f.endsOpen === true && i < last) ? notation.parentheses(f.text) : f.text,
  );
  const text = texts.reduce((left, right) =>
    notation.product(left, right, /^[\d.-]/.test(right) || (/[\d}]$/.test(left) && /^\\frac\{\d/.test(right))),
  );
  return { text, strength: strength.product, endsOpen: factors[last]?.endsOpen === true };
}

/** A scripted letter needs parentheses before an exponent, or the exponent would read as a layer. */
function powerBase(base: Expr, notation: Notation): string {
  const piece = typeset(base, notation);
  const isPlain = ["symbol", "number"].includes(view(base).kind);
  return isPlain ? piece.text : notation.parentheses(piece.text);
}

function partialDerivative(of: Expr, by: Expr, notation: Notation): Piece {
  const below = notation.differential(typeset(by, notation).text);
  const v = view(by);
  if (v.kind === "atom" && isWhole(v.indices))
    return {
      text: `${notation.gradient(typeset(by, notation).text)} ${typeset(of, notation).text}`,
      strength: strength.prefix,
    };
  const kind = view(of).kind;
  if (kind === "atom" || kind === "symbol" || kind === "call")
    return notation.fraction(whole(notation.differential(typeset(of, notation).text)), whole(below));
  return {
    text: `${notation.derivativeOperator(typeset(by, notation).text)} ${notation.parentheses(typeset(of, notation).text)}`,
    strength: strength.product,
  };
}

function functionCall(name: string, layer: Expr | null, argument: Expr, notation: Notation): Piece {
  const inside = typeset(argument, notation);
  if (name === "transpose")
    return {
      text: notation.scripts(notation.parentheses(inside.text), "", notation.transposed),
      strength: strength.power,
    };
  if (name === "exp") return notation.exponential(inside);
  if (name === "sqrt") return whole(notation.root(inside.text));
  const isPrime = name.endsWith("_prime");
  const letter = notation.letter(isPrime ? name.slice(0, -"_prime".length) : name);
  const below = layer === null ? "" : compact(layer, notation);
  const head = below === "" && !isPrime ? letter : notation.scripts(letter, below, isPrime ? notation.prime : "");
  return whole(notation.call(head, inside.text));
}

/** `W2` is the letter W of layer 2: the digits at the end of a name are a layer. */
function nameParts(
  { family, layer }: Variable,
  notation: Notation,
): { readonly letter: string; readonly above: string } {
  const [, letter = family, digits = ""] = /^(.*?)(\d*)$/.exec(family) ?? [];
  return { letter, above: layer === null ? digits : compact(layer, notation) };
}

/** An entry: small letter, indices below, layer above. Capital letters are kept for whole matrices. */
function entry(variable: Variable, indices: readonly Expr[], notation: Notation): string {
  const { letter, above } = nameParts(variable, notation);
  const printed = indices.map((i) => typeset(i, notation).text);
  const below = printed.join(printed.every((i) => i.length === 1) ? "" : ",");
  return notation.scripts(notation.letter(letter.length === 1 ? letter.toLowerCase() : letter), below, above);
}

/** A whole tensor, W^l. */
export function tensor(variable: Variable, notation: Notation): string {
  const { letter, above } = nameParts(variable, notation);
  return notation.scripts(notation.letter(letter), "", above);
}

/** Index arithmetic without spaces: l+1. */
export const compact = (expr: Expr, notation: Notation): string =>
  typeset(expr, notation).text.replace(/ ([+\-−]) /g, "$1");

const greek: Readonly<Record<string, readonly [latex: string, unicode: string]>> = {
  sigma: ["\\sigma", "σ"],
  delta: ["\\delta", "δ"],
  eta: ["\\eta", "η"],
};
/** Functions that LaTeX knows by name. */
const named = new Set(["log", "tanh", "sinh", "cosh", "sin", "cos"]);
const latexNames: Readonly<Record<string, string>> = {
  log: "\\ln",
  sech: "\\operatorname{sech}",
  atan: "\\arctan",
};

/**
 * The subset of LaTeX that KaTeX, MathJax and pdflatex read alike and that survives Markdown: subscript before
 * superscript, `\prime` for ′, `\lbrack` for [.
 */
export const latex: Notation = {
  letter: (name) =>
    greek[name]?.[0] ??
    latexNames[name] ??
    (named.has(name) ? `\\${name}` : name.length === 1 ? name : `\\operatorname{${name}}`),
  scripts: (base, below, above) => `${base}${below === "" ? "" : `_{${below}}`}${above === "" ? "" : `^{${above}}`}`,
  parentheses: (inside) => `\\left(${inside}\\right)`,
  fraction: (over, under) => whole(`\\frac{${over.text}}{${under.text}}`),
  derivativeOperator: (by) => `\\frac{\\partial}{\\partial ${by}}`,
  differential: (of) => `\\partial ${of}`,
  gradient: (by) => `\\nabla_{${by}}`,
  transposed: "\\top",
  hadamard: "\\odot",
  sum: (index, to) => `\\sum_{${index}=1}^{${to}}`,
  iverson: (left, right) => `\\lbrack ${left}=${right}\\rbrack`,
  exponential: (argument) => ({ text: `e^{${argument.text}}`, strength: strength.power }),
  call: (name, argument) => `${name}\\left(${argument}\\right)`,
  root: (argument) => `\\sqrt{${argument}}`,
  prime: "\\prime",
  minus: "-",
  atMost: "\\le",
  times: "\\times",
  arrow: "\\leftarrow",
  dots: "\\dots",
  gap: " \\quad ",
  product: (left, right, needsDot) => `${left}${needsDot ? " \\cdot " : " "}${right}`,
};

const brace = (script: string): string => (script.length <= 1 ? script : `{${script}}`);

/** One line of Unicode, for a terminal and for comments in code. */
export const unicode: Notation = {
  letter: (name) => greek[name]?.[1] ?? name,
  scripts: (base, below, above) =>
    above === "′"
      ? `${base}′${below === "" ? "" : `_${brace(below)}`}`
      : `${base}${above === "" ? "" : `^${brace(above)}`}${below === "" ? "" : `_${brace(below)}`}`,
  parentheses: (inside) => `(${inside})`,
  fraction: (over, under) => ({
    text: `${within(over, strength.product, unicode)}/${within(under, strength.power, unicode)}`,
    strength: strength.product,
  }),
  derivativeOperator: (by) => `∂/∂${by}`,
  differential: (of) => `∂${of}`,
  gradient: (by) => `∇_{${by}}`,
  transposed: "⊤",
  hadamard: "⊙",
  sum: (index, to) => `Σ_{${index}=1..${to}}`,
  iverson: (left, right) => `[${left}=${right}]`,
  exponential: (argument) => whole(`exp(${argument.text})`),
  call: (name, argument) => `${name}(${argument})`,
  root: (argument) => `√(${argument})`,
  prime: "′",
  minus: "−",
  atMost: "≤",
  times: "×",
  arrow: "←",
  dots: "…",
  gap: "   ",
  product: (left, right) => `${left} · ${right}`,
};
