import {
  add,
  call,
  dots,
  hadamard,
  divide,
  kronecker,
  maximum,
  multiply,
  negate,
  partial,
  power,
  subtract,
  sum,
  view,
  type Expr,
} from "../expression/index.ts";
import type { Cursor } from "./latex-tokens.ts";
import { choice } from "./read-choice.ts";
import { matrixOf } from "./read-matrix.ts";
import { isParenthesisNext, parenthesised, readName, readNumber, script, type Reading } from "./read-names.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * Reads an expression, as far as it goes:
 *
 *     expression = a choice | ["-"] product {("+" | "-") product | "+" \cdots}
 *     product    = factor {[\cdot] factor}, where a sum and a maximum take all factors that follow
 *     factor     = \sum_{k=1}^{n} product | \max_{1 \le k \le n} product | \frac{\partial}{\partial z} unit
 *                | operand {\odot operand}
 *     operand    = \nabla_{W} unit | unit
 *     unit       = a number, a letter with scripts, a call, a fraction, a root, |expression|, a matrix, [j=k],
 *                  (expression) with or without ^{…}, (3 \times 2)
 */
export function readExpression(cursor: Cursor, vocabulary: Vocabulary): Expr {
  const reading: Reading = { cursor, vocabulary, expression: () => expression(reading) };
  return reading.expression();
}

/** Sizes after the first, as in 3 × 2 × 1, each a number, a letter or n_l. */
export function readFurtherSizes(cursor: Cursor, vocabulary: Vocabulary, first: Expr): readonly Expr[] {
  const reading: Reading = { cursor, vocabulary, expression: () => expression(reading) };
  return furtherSizes(reading, first);
}

function expression(reading: Reading): Expr {
  const { cursor } = reading;
  if (cursor.at("\\begin{cases}")) return choice(reading);
  // The terms of one sum are collected: added one by one, a long sum would be copied for each.
  let terms = [cursor.skip("-") ? negate(product(reading)) : product(reading)];
  while (cursor.at("+") || cursor.at("-")) {
    if (cursor.skip("+")) terms.push(cursor.at("\\cdots") ? leftOut(cursor) : product(reading));
    else {
      cursor.expect("-");
      terms = [subtract(add(...terms), product(reading))];
    }
  }
  return add(...terms);
}

function leftOut(cursor: Cursor): Expr {
  cursor.expect("\\cdots");
  if (!cursor.at("+")) throw cursor.unexpected("the last term after the dots");
  return dots();
}

const factorMarks = [
  "(",
  "\\left(",
  "\\left\\lvert",
  "\\frac",
  "\\sum",
  "\\nabla",
  "\\sqrt",
  "\\lbrack",
  "\\begin{pmatrix}",
];

function product(reading: Reading): Expr {
  const { cursor } = reading;
  const factors: Expr[] = [];
  for (;;) {
    factors.push(factor(reading));
    if (cursor.skip("\\cdot")) continue;
    // 2 ½ would be two and a half, and 2 3 twenty-three: such factors have a dot between them.
    const isMixed = cursor.peek(-1).kind === "number" && cursor.at("\\frac") && cursor.peek(2).kind === "number";
    if (isMixed || cursor.peek().kind === "number") throw cursor.unexpected("\\cdot before a number");
    if (cursor.peek().kind !== "name" && !factorMarks.some((mark) => cursor.at(mark))) return multiply(...factors);
  }
}

function factor(reading: Reading): Expr {
  const { cursor } = reading;
  if (cursor.at("\\sum")) return sumOver(reading);
  if (cursor.at("\\max") && cursor.at("_", 1)) return maximumOver(reading);
  if (cursor.at("\\frac") && isDifferential(cursor, 2) && cursor.at("}", 3)) return derivativeOperator(reading);
  const operands = [operand(reading)];
  while (cursor.skip("\\odot")) operands.push(operand(reading));
  return hadamard(...operands);
}

function sumOver(reading: Reading): Expr {
  const { cursor } = reading;
  cursor.expect("\\sum", "_", "{");
  const index = cursor.takeName().name;
  cursor.expect("=", "1", "}");
  const to = script(reading, "^");
  return sum(index, to, product(reading));
}

function maximumOver(reading: Reading): Expr {
  const { cursor, expression } = reading;
  cursor.expect("\\max", "_", "{", "1", "\\le");
  const index = cursor.takeName().name;
  cursor.expect("\\le");
  const to = expression();
  cursor.expect("}");
  return maximum(index, to, product(reading));
}

/** What is differentiated is a call, which ends by itself, or stands in parentheses. */
function derivativeOperator(reading: Reading): Expr {
  const { cursor } = reading;
  cursor.expect("\\frac", "{");
  const differential = cursor.take().text;
  cursor.expect("}");
  const by = denominator(reading, differential);
  if (isParenthesisNext(cursor)) {
    const inside = content(reading);
    // (…)² would leave open whether the derivative or what is differentiated is squared.
    return partial(cursor.at("^") ? transposed(inside, cursor) : inside, by);
  }
  const where = cursor.peek();
  const of = unit(reading);
  if (view(of).kind !== "call") throw cursor.unexpected("a call or parentheses after a derivative", where);
  return partial(of, by);
}

const isDifferential = (cursor: Cursor, ahead: number): boolean =>
  cursor.at("\\partial", ahead) || cursor.at("d", ahead);

/** What stands under a derivative, `{\partial z_{j}}`; d is for the one variable of a function. */
function denominator(reading: Reading, differential: string): Expr {
  const { cursor } = reading;
  cursor.expect("{", differential);
  const where = cursor.peek();
  const by = readName(reading);
  const { kind } = view(by);
  if (kind !== "symbol" && (kind !== "atom" || isWholeTensor(by) || differential === "d"))
    throw cursor.unexpected("a variable", where);
  cursor.expect("}");
  return by;
}

function isWholeTensor(expr: Expr): boolean {
  const v = view(expr);
  return v.kind === "atom" && v.indices.some((index) => view(index).kind === "all");
}

function operand(reading: Reading): Expr {
  const { cursor } = reading;
  if (!cursor.at("\\nabla")) return unit(reading);
  cursor.expect("\\nabla", "_", "{");
  const where = cursor.peek();
  const by = readName(reading);
  if (!isWholeTensor(by)) throw cursor.unexpected("a whole tensor", where);
  cursor.expect("}");
  return partial(unit(reading), by);
}

function unit(reading: Reading): Expr {
  const { cursor, expression } = reading;
  if (isParenthesisNext(cursor)) return group(reading);
  if (cursor.peek().kind === "name") return readName(reading);
  if (cursor.peek().kind === "number") {
    const number = readNumber(cursor);
    return cursor.at("^") ? power(number, script(reading, "^")) : number;
  }
  if (cursor.at("\\frac")) return fraction(reading);
  if (cursor.at("\\begin{pmatrix}")) {
    const entries = matrixOf(reading);
    return cursor.at("^") ? transposed(entries, cursor) : entries;
  }
  if (cursor.skip("\\sqrt")) {
    cursor.expect("{");
    const inside = expression();
    cursor.expect("}");
    return call("sqrt", null, inside);
  }
  if (cursor.skip("\\left\\lvert")) {
    const inside = expression();
    cursor.expect("\\right\\rvert");
    const absolute = call("abs", null, inside);
    return cursor.at("^") ? power(absolute, script(reading, "^")) : absolute;
  }
  if (cursor.skip("\\lbrack")) {
    const left = expression();
    cursor.expect("=");
    const right = expression();
    cursor.expect("\\rbrack");
    return kronecker(left, right);
  }
  throw cursor.unexpected("an expression");
}

/** (e), (e)^{2}, (e)^{\top} or (3 \times 2). */
function group(reading: Reading): Expr {
  const { cursor } = reading;
  const inside = content(reading);
  if (!cursor.at("^")) return inside;
  return cursor.at("\\top", 2) ? transposed(inside, cursor) : power(inside, script(reading, "^"));
}

function content(reading: Reading): Expr {
  return parenthesised(reading, () => {
    const first = reading.expression();
    return reading.cursor.at("\\times") ? call("shape", null, ...furtherSizes(reading, first)) : first;
  });
}

function transposed(of: Expr, cursor: Cursor): Expr {
  cursor.expect("^", "{", "\\top", "}");
  return call("transpose", null, of);
}

function furtherSizes(reading: Reading, first: Expr): readonly Expr[] {
  const { cursor } = reading;
  const sizes = [first];
  while (cursor.skip("\\times")) sizes.push(unit(reading));
  if (!sizes.every((size) => ["number", "symbol", "size"].includes(view(size).kind)))
    throw cursor.unexpected("a shape made of numbers, letters and sizes of layers");
  return sizes;
}

function fraction(reading: Reading): Expr {
  const { cursor, expression } = reading;
  cursor.expect("\\frac", "{");
  if (!isDifferential(cursor, 0)) {
    const over = expression();
    cursor.expect("}", "{");
    const under = expression();
    cursor.expect("}");
    return divide(over, under);
  }
  const differential = cursor.take().text;
  const where = cursor.peek();
  const of = unit(reading);
  if (!["atom", "symbol", "call"].includes(view(of).kind)) throw cursor.unexpected("a variable or a call", where);
  cursor.expect("}");
  return partial(of, denominator(reading, differential));
}
