import { Problem, problem } from "../problem.ts";
import { elementary, isConstant, isElementary, type Elementary } from "./elementary.ts";
import {
  cursorOver,
  expectEnd,
  parseExpression,
  type Call,
  type Entry,
  type Name,
  type Syntax,
} from "./formula-syntax.ts";
import { pointAt, Refusal, scan, type Token } from "./formula-tokens.ts";
import { constantValue, fold } from "./fold.ts";
import { nearest } from "./nearest.ts";
import { add, call, choose, decimal, divide, multiply, negate, num, power, subtract, sym } from "./nodes.ts";
import { equals, fromDecimal, isInteger, isNegative, rational, toNumber, type Rational } from "./rational.ts";
import { clone, print } from "./text.ts";
import { type Expr } from "./tree.ts";

/**
 * Reads a formula that a user typed, such as `z / (1 + exp(-z))` or `z > 0 ? z : alpha*z`. Nothing of it
 * reaches mathjs: the text is read by a grammar of its own, in which only the names and functions given here
 * occur, within bounds on length, depth and exponents. A negative exponent becomes a division, ½ a root.
 *
 * @param names the symbols that may occur
 * @param functions further functions that may be called, with one argument each
 * @param constants names that stand for a value, which is put in their place; `pi` is known and stays
 * @throws Problem that shows the place
 */
export function readFormula(
  text: string,
  names: readonly string[],
  functions: readonly string[] = [],
  constants: ReadonlyMap<string, Rational | Expr> = new Map(),
): Expr {
  const known = {
    names: new Set([...names, ...constants.keys()]),
    functions: new Set([...functions, ...typedFunctions]),
  };
  const scope: Scope = {
    name: ({ name }) => {
      const value = constants.get(name);
      return value === undefined ? sym(name) : "numerator" in value ? num(value) : clone(value);
    },
    call: (node, lowered) =>
      isElementary(node.name)
        ? elementaryCall(node, lowered)
        : call(node.name, null, lowered(argumentsOf(node, 1)[0] as Syntax)),
    entry: ({ name, at }) => {
      throw new Refusal(at, `${name} has no entries`);
    },
  };
  try {
    if (text.length > longest) throw new Refusal(longest, `the formula is longer than ${longest} characters`);
    const cursor = cursorOver(knownTokens(text, known));
    const syntax = parseExpression(cursor);
    expectEnd(cursor);
    return lower(syntax, scope);
  } catch (error) {
    throw error instanceof Refusal ? refused(text, error, names, functions) : error;
  }
}

const longest = 500;

/** The functions that a user may call: sech is how a derivative of tanh is written, no function of a formula. */
export const typedFunctions = Object.keys(elementary).filter((name) => name !== "sech");

function refused(
  text: string,
  { at, message, advice }: Refusal,
  names: readonly string[],
  functions: readonly string[],
): Problem {
  const { column, picture } = pointAt(text, at);
  const alphabet = `write a formula in ${names.join(", ")} with + - * / ^, numbers, choices such as z > 0 ? z : 0, and ${[...functions, ...typedFunctions].join(", ")}`;
  return problem(
    "formula",
    `the formula cannot be read at column ${column}: ${message}\n${picture}`,
    advice ?? alphabet,
  );
}

interface Known {
  readonly names: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

/** The tokens, each name refused where it is read, so that the first thing that is wrong is the one that is told. */
function knownTokens(text: string, known: Known): readonly Token[] {
  const tokens: Token[] = [];
  for (const token of scan(text)) {
    const before = tokens.at(-1);
    if (before?.kind === "name") checkName(before, token.text === "(", known);
    tokens.push(token);
  }
  return tokens;
}

function checkName({ text, at }: Token, isCalled: boolean, { names, functions }: Known): void {
  const isName = names.has(text) || isConstant(text);
  if (isCalled ? functions.has(text) : isName) return;
  if (functions.has(text)) throw new Refusal(at, `${text} is a function`, `call it: ${text}(…)`);
  if (isName) throw new Refusal(at, `${text} is no function`, `write a multiplication as ${text}*(…)`);
  throw unknownName(text, at, isCalled ? "function" : "name", isCalled ? functions : names);
}

const logical = "a condition is one comparison, before ? and :";

/** Names that mean something elsewhere. They are names like any other where a text declares them. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ["e", "write exp(z) for a power of Euler's number, exp(1) for the number"],
  ["E", "write exp(z) for a power of Euler's number, exp(1) for the number"],
  ["i", "the values of a network are real numbers"],
  ["NaN", "write a number"],
  ["Infinity", "write a number"],
  ["true", logical],
  ["false", logical],
  ["and", logical],
  ["or", logical],
  ["xor", logical],
  ["not", logical],
  ["mod", "a remainder has no derivative that training could use"],
  ["pow", "write ^"],
  ["ln", "write log"],
  ["sigmoid", "write logistic(z) or 1/(1+exp(-z))"],
  ["relu", "write max(0, z)"],
  ["sech", "write 1/cosh(z)"],
  ["PI", "write pi"],
]);

/** That a name or a function is not known, with what it may have been meant to be. */
export function unknownName(name: string, at: number, what: "function" | "name", known: Iterable<string>): Refusal {
  const near = nearest(name, known);
  return new Refusal(
    at,
    `unknown ${what} ${name}${near === null ? "" : `; is ${near} meant?`}`,
    elsewhere.get(name) ?? null,
  );
}

/** What the names, entries and calls of a text mean. */
export interface Scope {
  readonly name: (node: Name) => Expr;
  readonly entry: (node: Entry, lowered: (part: Syntax) => Expr) => Expr;
  readonly call: (node: Call, lowered: (part: Syntax) => Expr) => Expr;
}

const highestExponent = 16;
const highestDegree = 64;

/**
 * The tree that a text stands for.
 *
 * @param degree the product of the exponents around it: a formula is a few symbols, its degree no million
 * @throws Refusal where a part has no meaning
 */
export function lower(syntax: Syntax, scope: Scope, degree = 1): Expr {
  const lowered = (part: Syntax): Expr => lower(part, scope, degree);
  switch (syntax.kind) {
    case "number":
      return numeral(syntax.text, syntax.at);
    case "name":
      return scope.name(syntax);
    case "entry":
      return scope.entry(syntax, lowered);
    case "call":
      return scope.call(syntax, lowered);
    case "negate":
      return negate(lowered(syntax.of));
    case "comparison":
      throw new Refusal(
        syntax.at,
        "a comparison stands outside a condition",
        "write it before ? and : as in z > 0 ? z : 0",
      );
    case "choose": {
      const { left, relation, right } = syntax.condition;
      return choose(lowered(left), relation, lowered(right), lowered(syntax.then), lowered(syntax.otherwise));
    }
    case "operation":
      break;
  }
  const { operator, left, right, at } = syntax;
  switch (operator) {
    case "+":
      return add(lowered(left), lowered(right));
    case "-":
      return subtract(lowered(left), lowered(right));
    case "*":
      return multiply(lowered(left), lowered(right));
    case "/":
      return quotient(lowered(left), lowered(right), at);
    case "^":
      return raised(exponentOf(right, scope, degree, at), at, degree, (inner) => lower(left, scope, inner));
  }
}

/** A number as it was written. */
function numeral(text: string, at: number): Expr {
  const value = Number(text);
  const isZero = /^[0.]+(e|$)/i.test(text);
  if (!isZero && !(value > 1e-100 && value < 1e100)) throw new Refusal(at, `${text} is outside 1e-100 … 1e100`);
  if (value >= 2 ** 53 && !equals(fromDecimal(text), rational(BigInt(value))))
    throw new Refusal(at, `${text} has more digits than are exact`, "write at most 15 digits");
  return decimal(text);
}

/** A quotient; a constant divisor of zero is a slip of the pen, a variable one is found when it is evaluated. */
function quotient(over: Expr, under: Expr, at: number): Expr {
  if (exactly(at, () => print(fold(under))) === "0")
    throw new Refusal(at, "this divides by zero", "write a formula that has values");
  return divide(over, under);
}

/** What constants come out as, or the place where they have more digits than are exact. */
function exactly<Value>(at: number, evaluate: () => Value): Value {
  try {
    return evaluate();
  } catch (error) {
    throw error instanceof Problem ? new Refusal(at, error.message, error.advice) : error;
  }
}

function exponentOf(syntax: Syntax, scope: Scope, degree: number, at: number): Rational {
  const exponent = lower(syntax, scope, degree);
  const value = exactly(at, () => constantValue(exponent));
  if (value === null) throw badExponent(at);
  return value;
}

const badExponent = (at: number): Refusal =>
  new Refusal(
    at,
    `the exponent is no whole number from -${highestExponent} to ${highestExponent}, nor 1/2 or -1/2`,
    "write x^y as exp(y*log(x)), and a root as sqrt(x)",
  );

function raised(exponent: Rational, at: number, degree: number, base: (degree: number) => Expr): Expr {
  const isRoot = exponent.denominator === 2n && (exponent.numerator === 1n || exponent.numerator === -1n);
  const size = isRoot ? 1 : Math.abs(toNumber(exponent));
  if ((!isInteger(exponent) && !isRoot) || size > highestExponent) throw badExponent(at);
  const inner = degree * Math.max(1, size);
  if (inner > highestDegree) throw new Refusal(at, `the product of nested exponents is above ${highestDegree}`);
  const of = base(inner);
  const result = isRoot ? call("sqrt", null, of) : size === 1 && isNegative(exponent) ? of : power(of, num(size));
  return isNegative(exponent) ? quotient(num(1), result, at) : result;
}

/** A call of one of the functions that every formula has. */
export function elementaryCall(node: Call, lowered: (part: Syntax) => Expr): Expr {
  const args = argumentsOf(node, elementary[node.name as Elementary]).map(lowered);
  // Where both are equal, the derivative of max and min is that of the first: relu, max(0, z) or max(z, 0), has 0 at 0.
  const [isFirst, isLast] = args.map((arg) => constantValue(arg) !== null);
  const isConstantLast = args.length === 2 && isLast === true && isFirst === false;
  return call(node.name, null, ...(isConstantLast ? args.reverse() : args));
}

/** @throws Refusal where the call has another number of arguments */
export function argumentsOf({ name, args, at }: Call, count: number): readonly Syntax[] {
  if (args.length === count) return args;
  throw new Refusal(at, `${name} has ${args.length} arguments; it takes ${count === 1 ? "one" : "two"}`);
}

export const isTyped = (name: string): boolean => typedFunctions.includes(name);
