import {
  all,
  atom,
  build,
  call,
  decimal,
  elementary,
  isElementary,
  num,
  power,
  print,
  sizeOf,
  some,
  sym,
  view,
  type Expr,
  type Variable,
} from "../expression/index.ts";
import type { Cursor, Token } from "./latex-tokens.ts";
import { familyOfEntries, type Vocabulary } from "./vocabulary.ts";

/** A text that is being read. */
export interface Reading {
  readonly cursor: Cursor;
  readonly vocabulary: Vocabulary;
  /** Reads an expression: names have expressions in their scripts, and expressions are made of names. */
  readonly expression: () => Expr;
}

/** A letter with what hangs on it: an entry, a tensor, a size, a call, a power or a plain symbol. */
export function readName(reading: Reading): Expr {
  const { cursor, vocabulary } = reading;
  const token = cursor.takeName();
  const isIndex = vocabulary.indices?.has(token.name) === true && !cursor.at("_") && !cursor.at("^");
  if (isIndex) return sym(token.name);
  if (token.name === "d") throw cursor.unexpected("something other than the d of a derivative", token);
  if (token.name === "e" && cursor.at("^")) return call("exp", null, script(reading, "^"));
  const named = namedSize(token, reading);
  if (named !== null) return named;
  if (token.name === "n" && cursor.at("_")) return sizeOf(layer(reading, "_"));
  if (isFunction(token.name, vocabulary) && isCallNext(cursor)) return functionCall(token, reading);
  if (cursor.at("_")) return entry(token, reading);
  const rank = vocabulary.ranks.get(token.name) ?? 0;
  const isLayered = vocabulary.layered.has(token.name);
  if (cursor.at("^")) {
    return isLayered
      ? wholeTensor(variableOf(token.name, layer(reading, "^")), rank)
      : power(sym(token.name), script(reading, "^"));
  }
  return rank > 0 && !isLayered ? wholeTensor({ family: token.name, layer: null }, rank) : sym(token.name);
}

/** h or h_{1}, where they are names of sizes. */
function namedSize({ name }: Token, reading: Reading): Expr | null {
  const { cursor, vocabulary } = reading;
  const { sizes } = vocabulary;
  if (!cursor.at("_")) {
    if (sizes?.has(name) !== true || (cursor.at("^") && vocabulary.layered.has(name))) return null;
    const size = sizeOf(sym(name));
    return cursor.at("^") ? power(size, script(reading, "^")) : size;
  }
  const numbered = `${name}${cursor.peek(2).text}`;
  if (sizes?.has(numbered) !== true || !cursor.at("}", 3)) return null;
  for (let taken = 0; taken < 4; taken++) cursor.take();
  return sizeOf(sym(numbered));
}

/** A decimal, or 1 × 10^{-7}. */
export function readNumber(cursor: Cursor): Expr {
  const { text: mantissa } = cursor.take();
  if (!(cursor.at("\\times") && cursor.at("10", 1) && cursor.at("^", 2))) return decimal(mantissa);
  cursor.expect("\\times", "10", "^", "{");
  const sign = cursor.skip("-") ? "-" : "";
  const exponent = cursor.take();
  if (!/^\d+$/.test(exponent.text)) throw cursor.unexpected("a whole number", exponent);
  cursor.expect("}");
  if (cursor.at("^")) throw cursor.unexpected("one exponent");
  return decimal(`${mantissa}e${sign}${exponent.text}`);
}

/** Reads `_{…}` or `^{…}`. */
export function script({ cursor, expression }: Reading, mark: "_" | "^"): Expr {
  cursor.expect(mark, "{");
  const inside = expression();
  cursor.expect("}");
  return inside;
}

/** What is inside parentheses, plain or growing. */
export function parenthesised<T>({ cursor }: Reading, inside: () => T): T {
  const isTall = cursor.skip("\\left(");
  if (!isTall) cursor.expect("(");
  const content = inside();
  cursor.expect(isTall ? "\\right)" : ")");
  return content;
}

export const isParenthesisNext = (cursor: Cursor, ahead = 0): boolean =>
  cursor.at("(", ahead) || cursor.at("\\left(", ahead);

/** A layer, or a bound on one, is made of letters and whole numbers: l, L−1, 2. */
export const isLayerExpression = (expr: Expr): boolean =>
  !some(expr, (node) => {
    const v = view(node);
    const isPart = v.kind === "symbol" || v.kind === "add" || v.kind === "subtract";
    return !isPart && !(v.kind === "number" && v.value.denominator === 1n);
  });

function layer(reading: Reading, mark: "_" | "^"): Expr {
  const where = reading.cursor.peek(2);
  const read = script(reading, mark);
  if (!isLayerExpression(read)) throw reading.cursor.unexpected("a layer such as l+1", where);
  return read;
}

const isFunction = (name: string, { functions }: Vocabulary): boolean => functions.has(name) || isElementary(name);

/** σ(…, σ′(…, σ_l(… and σ_l′(… are calls; σ² and σ alone are a symbol. */
const isCallNext = (cursor: Cursor): boolean =>
  isParenthesisNext(cursor) || cursor.at("_") || (cursor.at("^") && cursor.at("\\prime", 2));

function functionCall({ name }: Token, reading: Reading): Expr {
  const { cursor, expression } = reading;
  const own = cursor.at("_") ? layer(reading, "_") : null;
  const isPrime = cursor.at("^");
  if (isPrime) cursor.expect("^", "{", "\\prime", "}");
  if (!isParenthesisNext(cursor)) throw cursor.unexpected("the argument of a function");
  const args = parenthesised(reading, () => {
    const found = [expression()];
    while (cursor.skip(",")) found.push(expression());
    return found;
  });
  if (!isPrime && isElementary(name) && args.length !== elementary[name])
    throw cursor.unexpected(`${elementary[name]} arguments of ${name}`, cursor.peek(-1));
  return call(isPrime ? `${name}_prime` : name, own, ...args);
}

function entry(token: Token, reading: Reading): Expr {
  const { cursor, vocabulary } = reading;
  const family = familyOfEntries(token.name, vocabulary);
  if (family === undefined) throw cursor.unexpected("the letter of an indexed variable", token);
  const below = indices(cursor, vocabulary.ranks.get(family) ?? 0);
  if (!cursor.at("^")) return atom({ family, layer: null }, below);
  if (!vocabulary.layered.has(family)) throw cursor.unexpected(`no superscript: ${family} has no layers`);
  return atom(variableOf(family, layer(reading, "^")), below);
}

/** Layer 2 of W is the variable W2; a layer that is not a number stays an expression. */
const variableOf = (family: string, above: Expr): Variable =>
  view(above).kind === "number" ? { family: `${family}${print(above)}`, layer: null } : { family, layer: above };

const wholeTensor = (variable: Variable, rank: number): Expr =>
  rank === 0 && variable.layer !== null
    ? build({ kind: "atom", variable, indices: [] })
    : atom(variable, Array.from({ length: rank }, all));

/** `_{jk}`, `_{784}`, `_{j,12}`: without commas each character is an index, unless there is but one index. */
function indices(cursor: Cursor, rank: number): readonly Expr[] {
  cursor.expect("_", "{");
  const where = cursor.peek();
  const isRunTogether = rank > 1 && !hasComma(cursor);
  const found = isRunTogether ? characters(cursor) : listed(cursor);
  cursor.expect("}");
  if (found.length !== rank) throw cursor.unexpected(rank === 1 ? "one index" : `${rank} indices`, where);
  return found;
}

function hasComma(cursor: Cursor): boolean {
  for (let ahead = 0; ; ahead++) {
    if (cursor.at(",", ahead)) return true;
    if (cursor.at("}", ahead) || cursor.peek(ahead).kind === "end") return false;
  }
}

function characters(cursor: Cursor): readonly Expr[] {
  const found: Expr[] = [];
  while (!cursor.at("}")) {
    const token = cursor.take();
    const isCharacters = token.kind === "number" ? /^\d+$/.test(token.text) : token.text === token.name;
    if (token.kind === "mark" || token.kind === "end" || !isCharacters)
      throw cursor.unexpected("indices of one character each", token);
    found.push(
      ...(token.kind === "number" ? Array.from(token.text, (digit) => num(Number(digit))) : [sym(token.name)]),
    );
  }
  return found;
}

function listed(cursor: Cursor): readonly Expr[] {
  const where = cursor.peek();
  const found: Expr[] = [];
  do {
    const token = cursor.peek();
    if (token.kind !== "name" && !/^\d+$/.test(token.text)) throw cursor.unexpected("an index");
    found.push(token.kind === "name" ? sym(cursor.take().name) : readNumber(cursor));
  } while (cursor.skip(","));
  if (found.length > 1 && found.every((index) => print(index).length === 1))
    throw cursor.unexpected("indices of one character without commas", where);
  return found;
}
