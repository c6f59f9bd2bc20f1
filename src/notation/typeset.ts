import {
  freeSymbols,
  isConstant,
  layerLetters,
  elementary,
  isDots,
  isElementary,
  toNumber,
  view,
  type Choice,
  type Expr,
  type Relation,
  type Variable,
  type View,
} from "../expression/index.ts";
import { plainName } from "./as-written.ts";
import { strength, whole, type DotsPlace, type Notation, type Piece, type Strength } from "./notation.ts";

type Of<K extends View["kind"]> = Extract<View, { kind: K }>;

/** Prints a tree in the mathematical notation of the article: entries w^l_{jk}, sums with bounds, partials as fractions. */
export function typeset(expr: Expr, notation: Notation): Piece {
  const inner = (e: Expr): Piece => typeset(e, notation);
  const v = view(expr);
  switch (v.kind) {
    case "number":
      return number(String(toNumber(v.value)), notation);
    case "symbol":
      return whole(isDots(expr) ? notation.dots.sum : tensor({ family: v.name, layer: null }, notation));
    case "atom":
      return whole(isEntry(v.indices) ? entry(v.variable, v.indices, notation) : tensor(v.variable, notation));
    case "matrix":
      return { ...whole(notation.matrix(matrixRows(v.rows, notation))), isTall: true };
    case "size":
      return whole(size(v.layer, notation));
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
    case "sum":
    case "maximum": {
      const body = within(inner(v.body), strength.product, notation);
      return {
        text: `${notation[v.kind](notation.letter(v.index), compact(v.to, notation))} ${body}`,
        strength: strength.product,
        endsOpen: true,
        isTall: true,
      };
    }
    case "choose":
      return choice(v, notation);
    case "kronecker": {
      const [left, right] = [v.left, v.right].map((side) => index(side, notation));
      return whole(notation.iverson(left as string, right as string));
    }
    case "partial":
      return partialDerivative(v.of, v.by, notation);
    case "call":
      return functionCall(v, notation);
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

const opposites = { ">": "<=", ">=": "<", "<": ">=", "<=": ">" } as const satisfies Record<Relation, Relation>;

/** Each value with its condition: no word for "otherwise", which would be another in each language. */
function choice({ left, relation, right, then, otherwise }: Choice, notation: Notation): Piece {
  const side = (of: Expr): string => within(typeset(of, notation), strength.sum, notation);
  const where = (by: Relation): string => `${side(left)} ${notation.comparisons[by]} ${side(right)}`;
  return notation.choice(
    { value: typeset(then, notation).text, condition: where(relation) },
    { value: typeset(otherwise, notation).text, condition: where(opposites[relation]) },
  );
}

/** n_l; a size with a name of its own, as it is called, h or h₁. */
function size(layer: Expr, notation: Notation): string {
  const v = view(layer);
  if (v.kind !== "symbol" || layerLetters.includes(v.name))
    return notation.scripts(notation.letter("n"), compact(layer, notation), "");
  const { letter, above: number } = nameParts({ family: v.name, layer: null }, notation);
  return number === "" ? notation.letter(letter) : notation.scripts(notation.letter(letter), number, "");
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
const isEntry = (indices: readonly Expr[]): boolean => indices.length > 0 && !isWhole(indices);

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
  // A choice on one line has parentheses of its own.
  if (view(base).kind === "choose") return within(piece, strength.power, notation);
  return isBare(base, piece, notation) ? piece.text : parenthesised(piece, notation);
}

/** A number, a letter that nothing hangs on, or what stands between bars. */
function isBare(expr: Expr, { text, strength: own }: Piece, notation: Notation): boolean {
  const v = view(expr);
  if (v.kind === "number") return own === strength.whole;
  if (v.kind === "call") return v.name === "abs";
  const name = view(v.kind === "size" ? v.layer : expr);
  return name.kind === "symbol" && text === notation.letter(name.name);
}

function partialDerivative(of: Expr, by: Expr, notation: Notation): Piece {
  const [inside, below] = [typeset(of, notation), typeset(by, notation).text];
  const v = view(by);
  if (v.kind === "atom" && isWhole(v.indices))
    return {
      text: `${notation.gradient(below)} ${within(inside, strength.power, notation)}`,
      strength: strength.prefix,
      // ∇J (x) would read as the gradient of J(x).
      endsOpen: true,
    };
  const d =
    v.kind === "symbol" && below === notation.letter(v.name) && isOfOneVariable(of, v.name)
      ? notation.ordinaryDifferential
      : notation.differential;
  const kind = view(of).kind;
  if (kind === "atom" || kind === "symbol") return notation.fraction(whole(d(inside.text)), whole(d(below)));
  return {
    text: `${notation.fraction(whole(d("").trim()), whole(d(below))).text} ${kind === "call" ? inside.text : parenthesised(inside, notation)}`,
    strength: strength.product,
    isTall: true,
  };
}

/** Functions that are not written as a name with arguments. */
const forms: Readonly<Record<string, (of: Expr, notation: Notation) => Piece>> = {
  transpose: (of, notation) => {
    const inside = typeset(of, notation);
    // A matrix of entries has parentheses of its own.
    const base = view(of).kind === "matrix" ? inside.text : parenthesised(inside, notation);
    return {
      text: notation.scripts(base, "", notation.transposed),
      strength: strength.power,
      isTall: inside.isTall === true,
    };
  },
  exp: (of, notation) => notation.exponential(typeset(of, notation)),
  sqrt: (of, notation) => around(of, notation.root, notation),
  abs: (of, notation) => around(of, notation.absolute, notation),
};

function around(of: Expr, marks: (argument: string) => string, notation: Notation): Piece {
  const inside = typeset(of, notation);
  return { ...whole(marks(inside.text)), isTall: inside.isTall === true };
}

/** Is what is differentiated a function of that variable alone? Any other derivative is a partial one. */
const isOfOneVariable = (of: Expr, variable: string): boolean =>
  [...freeSymbols(of)].every((name) => name === variable || isConstant(name));

function functionCall({ name, layer, args }: Of<"call">, notation: Notation): Piece {
  if (name === "shape") {
    const sizes = args.map((size) => typeset(size, notation).text);
    return whole(notation.parentheses(sizes.join(` ${notation.times} `), false));
  }
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  const count = isElementary(name) ? elementary[name] : form === undefined ? Math.max(args.length, 1) : 1;
  // Of a layer, max_l would be the greatest over an index.
  if (args.length !== count || (layer !== null && (form !== undefined || count > 1)))
    throw new Error(`no notation for ${name} of ${args.length} arguments${layer === null ? "" : ", of a layer"}`);
  if (form !== undefined) return form(args[0] as Expr, notation);
  const isPrime = name.endsWith("_prime");
  const letter = notation.letter(isPrime ? name.slice(0, -"_prime".length) : name);
  const below = layer === null ? "" : compact(layer, notation);
  const head = below === "" && !isPrime ? letter : notation.scripts(letter, below, isPrime ? notation.prime : "");
  const inside = args.map((arg) => typeset(arg, notation));
  const isTall = inside.some((arg) => arg.isTall);
  return { ...whole(notation.call(head, { ...whole(inside.map(({ text }) => text).join(", ")), isTall })), isTall };
}

function matrixRows(rows: readonly (readonly Expr[])[], notation: Notation): string[][] {
  const isLeftOut = (line: readonly Expr[]): boolean => line.every(isDots);
  const place = (i: number, j: number): DotsPlace => {
    const [isRow, isColumn] = [isLeftOut(rows[i] as readonly Expr[]), isLeftOut(rows.map((row) => row[j] as Expr))];
    return isRow && isColumn && (rows[0] as readonly Expr[]).length > 1 ? "diagonal" : isRow ? "column" : "row";
  };
  return rows.map((row, i) => row.map((e, j) => (isDots(e) ? notation.dots[place(i, j)] : typeset(e, notation).text)));
}

/** `W2` is the letter W of layer 2: the digits at the end of a name are a layer, unless they stand apart, `w_2`. */
function nameParts(
  { family, layer }: Variable,
  notation: Notation,
): { readonly letter: string; readonly above: string } {
  const [, letter = plainName(family), digits = ""] = /^(.*[A-Za-z])(\d+)$/.exec(plainName(family)) ?? [];
  if (layer !== null && digits !== "") throw new Error(`${family} has its layer in its name and another besides`);
  return { letter, above: layer === null ? digits : compact(layer, notation) };
}

/** An entry: small letter, indices below, layer above. Capital letters are kept for whole matrices. */
function entry(variable: Variable, indices: readonly Expr[], notation: Notation): string {
  const { letter, above } = nameParts(variable, notation);
  const printed = indices.map((i) => index(i, notation));
  const below = printed.join(printed.every((i) => i.length === 1) ? "" : ",");
  const isSmall = letter.length === 1 && variable.family === plainName(variable.family);
  return notation.scripts(notation.letter(isSmall ? letter.toLowerCase() : letter), below, above);
}

/** A letter or a number. j1, where letters have run out, is a name: nothing of it is a layer. */
function index(expr: Expr, notation: Notation): string {
  const v = view(expr);
  return v.kind === "symbol" ? notation.letter(v.name) : within(typeset(expr, notation), strength.sum, notation);
}

/** A whole tensor or a number, W^l. */
function tensor(variable: Variable, notation: Notation): string {
  const { letter, above } = nameParts(variable, notation);
  return above === "" ? notation.letter(letter) : notation.scripts(notation.letter(letter), "", above);
}

/** Index arithmetic without spaces: l+1. */
export const compact = (expr: Expr, notation: Notation): string =>
  typeset(expr, notation).text.replace(/ ([+\-−]) /g, "$1");
