import { isDots, toNumber, view, type Expr, type Variable } from "../expression/index.ts";
import { strength, whole, type DotsPlace, type Notation, type Piece, type Strength } from "./notation.ts";

/** Prints a tree in the mathematical notation of the article: entries w^l_{jk}, sums with bounds, partials as fractions. */
export function typeset(expr: Expr, notation: Notation): Piece {
  const inner = (e: Expr): Piece => typeset(e, notation);
  const v = view(expr);
  switch (v.kind) {
    case "number":
      return number(String(toNumber(v.value)), notation);
    case "symbol":
      return whole(isDots(expr) ? notation.dots.sum : notation.letter(v.name));
    case "atom":
      return whole(isWhole(v.indices) ? tensor(v.variable, notation) : entry(v.variable, v.indices, notation));
    case "matrix":
      return { ...whole(notation.matrix(matrixRows(v.rows, notation))), isTall: true };
    case "size":
      return whole(notation.scripts(notation.letter("n"), compact(v.layer, notation), ""));
    case "add":
      return joined(
        v.terms.map(inner),
        (i) => (i === 0 ? strength.sum : strength.product),
        " + ",
        strength.sum,
        notation,
      );
    case "subtract":
      return joined(
        [inner(v.left), inner(v.right)],
        (i) => (i === 0 ? strength.sum : strength.product),
        ` ${notation.minus} `,
        strength.sum,
        notation,
      );
    case "negate": {
      const of = inner(v.of);
      return { ...of, text: `${notation.minus}${within(of, strength.product, notation)}`, strength: strength.sum };
    }
    case "multiply":
      return product(v.factors.map(inner), notation);
    case "hadamard":
      return joined(v.factors.map(inner), () => strength.prefix, ` ${notation.hadamard} `, strength.product, notation);
    case "all":
      throw new Error("a whole tensor is printed with its variable");
    case "divide":
      return notation.fraction(inner(v.over), inner(v.under));
    case "power":
      return {
        text: notation.scripts(powerBase(v.base, notation), "", inner(v.exponent).text),
        strength: strength.power,
        isTall: inner(v.base).isTall === true,
      };
    case "sum": {
      const body = within(inner(v.body), strength.product, notation);
      return {
        text: `${notation.sum(notation.letter(v.index), compact(v.to, notation))} ${body}`,
        strength: strength.product,
        endsOpen: true,
        isTall: true,
      };
    }
    case "choose":
    case "maximum":
      throw new Error(`no notation for a ${v.kind}`);
    case "kronecker":
      return whole(notation.iverson(inner(v.left).text, inner(v.right).text));
    case "partial":
      return partialDerivative(v.of, v.by, notation);
    case "call":
      return functionCall(v.name, v.layer, v.args, notation);
  }
}

function joined(
  parts: readonly Piece[],
  least: (nth: number) => Strength,
  between: string,
  own: Strength,
  notation: Notation,
): Piece {
  return {
    text: parts.map((part, i) => within(part, least(i), notation)).join(between),
    strength: own,
    isTall: parts.some((part) => part.isTall),
  };
}

/** 1e-7 is 1 × 10^{-7}: an e would read as a variable. */
function number(text: string, notation: Notation): Piece {
  const [mantissa = text, exponent] = text.split("e");
  if (exponent === undefined) return whole(text);
  const scale = notation.scripts("10", "", exponent.replace("+", "").replace("-", notation.minus));
  return { text: `${mantissa} ${notation.times} ${scale}`, strength: strength.product };
}

export const within = (piece: Piece, least: Strength, notation: Notation): string =>
  piece.strength < least ? parenthesised(piece, notation) : piece.text;

const parenthesised = (piece: Piece, notation: Notation): string =>
  notation.parentheses(piece.text, piece.isTall === true);

const isWhole = (indices: readonly Expr[]): boolean => indices.some((index) => view(index).kind === "all");

function product(factors: readonly Piece[], notation: Notation): Piece {
  const last = factors.length - 1;
  const texts = factors.map((f, i) =>
    f.strength < strength.product || (f.endsOpen === true && i < last) ? parenthesised(f, notation) : f.text,
  );
  const text = texts.reduce((left, right) =>
    notation.product(left, right, /^[\d.-]/.test(right) || (/[\d}]$/.test(left) && /^\\frac\{\d/.test(right))),
  );
  return {
    text,
    strength: strength.product,
    endsOpen: factors[last]?.endsOpen === true,
    isTall: factors.some((f) => f.isTall),
  };
}

/** A scripted letter needs parentheses before an exponent, or the exponent would read as a layer. */
function powerBase(base: Expr, notation: Notation): string {
  const piece = typeset(base, notation);
  const isPlain = ["symbol", "number"].includes(view(base).kind) && piece.strength === strength.whole;
  return isPlain ? piece.text : parenthesised(piece, notation);
}

function partialDerivative(of: Expr, by: Expr, notation: Notation): Piece {
  const [inside, below] = [typeset(of, notation), typeset(by, notation).text];
  const v = view(by);
  if (v.kind === "atom" && isWhole(v.indices))
    return {
      text: `${notation.gradient(below)} ${within(inside, strength.power, notation)}`,
      strength: strength.prefix,
    };
  const d = v.kind === "symbol" ? notation.ordinaryDifferential : notation.differential;
  const kind = view(of).kind;
  if (kind === "atom" || kind === "symbol") return notation.fraction(whole(d(inside.text)), whole(d(below)));
  return {
    text: `${notation.fraction(whole(d("").trim()), whole(d(below))).text} ${kind === "call" ? inside.text : parenthesised(inside, notation)}`,
    strength: strength.product,
    isTall: true,
  };
}

function functionCall(name: string, layer: Expr | null, args: readonly Expr[], notation: Notation): Piece {
  const inside = typeset(args[0] as Expr, notation);
  const isOwn = ["transpose", "exp", "sqrt"].includes(name);
  if ((args.length !== 1 && name !== "shape") || (isOwn && layer !== null))
    throw new Error(`no notation for ${name} of ${args.length} arguments${layer === null ? "" : ", of a layer"}`);
  if (name === "shape") {
    const sizes = args.map((size) => typeset(size, notation).text);
    return whole(notation.parentheses(sizes.join(` ${notation.times} `), false));
  }
  if (name === "transpose")
    return {
      // A matrix of entries has parentheses of its own.
      text: notation.scripts(
        view(args[0] as Expr).kind === "matrix" ? inside.text : parenthesised(inside, notation),
        "",
        notation.transposed,
      ),
      strength: strength.power,
      isTall: inside.isTall === true,
    };
  if (name === "exp") return notation.exponential(inside);
  if (name === "sqrt") return { ...whole(notation.root(inside.text)), isTall: inside.isTall === true };
  const isPrime = name.endsWith("_prime");
  const letter = notation.letter(isPrime ? name.slice(0, -"_prime".length) : name);
  const below = layer === null ? "" : compact(layer, notation);
  const head = below === "" && !isPrime ? letter : notation.scripts(letter, below, isPrime ? notation.prime : "");
  return { ...whole(notation.call(head, inside)), isTall: inside.isTall === true };
}

function matrixRows(rows: readonly (readonly Expr[])[], notation: Notation): string[][] {
  const isLeftOut = (line: readonly Expr[]): boolean => line.every(isDots);
  const place = (i: number, j: number): DotsPlace => {
    const [isRow, isColumn] = [isLeftOut(rows[i] as readonly Expr[]), isLeftOut(rows.map((row) => row[j] as Expr))];
    return isRow && isColumn && (rows[0] as readonly Expr[]).length > 1 ? "diagonal" : isRow ? "column" : "row";
  };
  return rows.map((row, i) => row.map((e, j) => (isDots(e) ? notation.dots[place(i, j)] : typeset(e, notation).text)));
}

/** `W2` is the letter W of layer 2: the digits at the end of a name are a layer. */
function nameParts(
  { family, layer }: Variable,
  notation: Notation,
): { readonly letter: string; readonly above: string } {
  const [, letter = family, digits = ""] = /^(.*?)(\d*)$/.exec(family) ?? [];
  if (layer !== null && digits !== "") throw new Error(`${family} has its layer in its name and another besides`);
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
function tensor(variable: Variable, notation: Notation): string {
  const { letter, above } = nameParts(variable, notation);
  return notation.scripts(notation.letter(letter), "", above);
}

/** Index arithmetic without spaces: l+1. */
export const compact = (expr: Expr, notation: Notation): string =>
  typeset(expr, notation).text.replace(/ ([+\-−]) /g, "$1");
