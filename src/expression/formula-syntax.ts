import { Refusal, type Token } from "./formula-tokens.ts";
import { relations, type Relation } from "./tree.ts";

/** What a user wrote, each part with its place: what has no meaning can be refused where it stands. */
export type Syntax =
  | { readonly kind: "number"; readonly text: string; readonly at: number }
  | Name
  | Entry
  | Call
  | { readonly kind: "negate"; readonly of: Syntax; readonly at: number }
  | Operation
  | Comparison
  | {
      readonly kind: "choose";
      readonly condition: Comparison;
      readonly then: Syntax;
      readonly otherwise: Syntax;
      readonly at: number;
    };

export interface Name {
  readonly kind: "name";
  readonly name: string;
  readonly at: number;
}
/** `W[j, k]`; of a recurrence `h[t][j]`, with two groups of indices. */
export interface Entry {
  readonly kind: "entry";
  readonly name: string;
  readonly groups: readonly (readonly Syntax[])[];
  readonly at: number;
}
export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Syntax[];
  readonly at: number;
}
/** `at` is the place of the operator. */
export interface Operation {
  readonly kind: "operation";
  readonly operator: "+" | "-" | "*" | "/" | "^";
  readonly left: Syntax;
  readonly right: Syntax;
  readonly at: number;
}
export interface Comparison {
  readonly kind: "comparison";
  readonly relation: Relation;
  readonly left: Syntax;
  readonly right: Syntax;
  readonly at: number;
}

/** The tokens of a line and how far they are read. */
export interface Cursor {
  /** The token that comes next, or a later one; past the end the end. */
  readonly peek: (ahead?: number) => Token;
  readonly take: () => Token;
  /** Takes the next token where it is the operator or the word `text`. */
  readonly accept: (text: string) => Token | null;
  /** @throws Refusal where the next token is another */
  readonly expect: (text: string, why: string) => Token;
}

export function cursorOver(tokens: readonly Token[]): Cursor {
  let next = 0;
  const end = tokens.at(-1) as Token;
  const peek = (ahead = 0): Token => tokens[next + ahead] ?? end;
  const take = (): Token => {
    const token = peek();
    next++;
    return token;
  };
  const accept = (text: string): Token | null => (peek().text === text && text !== "" ? take() : null);
  const expect = (text: string, why: string): Token => {
    const { at } = peek();
    const token = accept(text);
    if (token === null) throw new Refusal(at, `${spoken(peek())} stands where ${text} is missing`, why);
    return token;
  };
  return { peek, take, accept, expect };
}

const spoken = ({ kind, text }: Token): string => (kind === "end" ? "the end" : text);

/**
 * Reads one expression, in the grammar that mathjs has for it: ^ binds to the right and tighter than a minus
 * in front, `a > b ? c : d` weakest. mathjs itself is not asked: its trees do not say where their parts stood,
 * and it reads much that no formula is.
 *
 * @throws Refusal where the text is no expression
 */
export function parseExpression(cursor: Cursor): Syntax {
  return choice(cursor, 0);
}

/** Expressions up to the bracket that closes them. */
export function parseList(cursor: Cursor, close: ")" | "]"): readonly Syntax[] {
  return list(cursor, close, 0);
}

/** @throws Refusal where anything is left */
export function expectEnd(cursor: Cursor): void {
  const rest = cursor.peek();
  if (rest.kind !== "end") throw new Refusal(rest.at, `${rest.text} stands where the formula is over`);
}

const deepest = 60;
const longestChain = 500;

function choice(cursor: Cursor, depth: number): Syntax {
  if (depth > deepest) throw new Refusal(cursor.peek().at, `the formula is nested more than ${deepest} deep`);
  const left = sum(cursor, depth);
  const condition = comparison(cursor, left, depth);
  const mark = cursor.accept("?");
  if (mark === null) return condition;
  if (condition.kind !== "comparison")
    throw new Refusal(mark.at, "what stands before ? is no comparison", "a condition is one comparison: z > 0 ? z : 0");
  const then = choice(cursor, depth + 1);
  cursor.expect(":", "a choice says both values: z > 0 ? z : 0");
  return { kind: "choose", condition, then, otherwise: choice(cursor, depth + 1), at: mark.at };
}

const relationOf = ({ text }: Token): Relation | undefined => relations.find((r) => r === text);

function comparison(cursor: Cursor, left: Syntax, depth: number): Syntax {
  const relation = relationOf(cursor.peek());
  if (relation === undefined) return left;
  const { at } = cursor.take();
  const right = sum(cursor, depth);
  const second = cursor.peek();
  if (relationOf(second) !== undefined)
    throw new Refusal(
      second.at,
      "comparisons are chained",
      "a condition is one comparison; put one choice into the other",
    );
  return { kind: "comparison", relation, left, right, at };
}

const sum = chain(["+", "-"], (cursor, depth) => product(cursor, depth));
const product = chain(["*", "/"], unary);

function chain(
  operators: readonly ("+" | "-" | "*" | "/")[],
  operand: (cursor: Cursor, depth: number) => Syntax,
): (cursor: Cursor, depth: number) => Syntax {
  return (cursor, depth) => {
    let left = operand(cursor, depth);
    for (let count = 0; ; count++) {
      const { text, at } = cursor.peek();
      const operator = operators.find((o) => o === text);
      if (operator === undefined) return left;
      // A chain of differences is a tree as deep as it is long.
      if (count === longestChain) throw new Refusal(at, `more than ${longestChain} terms or factors stand in a row`);
      cursor.take();
      left = { kind: "operation", operator, left, right: operand(cursor, depth), at };
    }
  };
}

function unary(cursor: Cursor, depth: number): Syntax {
  if (depth > deepest) throw new Refusal(cursor.peek().at, `the formula is nested more than ${deepest} deep`);
  const minus = cursor.accept("-");
  if (minus !== null) return { kind: "negate", of: unary(cursor, depth + 1), at: minus.at };
  const base = primary(cursor, depth);
  const caret = cursor.accept("^");
  if (caret === null) return base;
  return { kind: "operation", operator: "^", left: base, right: unary(cursor, depth + 1), at: caret.at };
}

function primary(cursor: Cursor, depth: number): Syntax {
  const token = cursor.take();
  const value = valueOf(cursor, token, depth);
  const next = cursor.peek();
  if (next.kind === "number" || next.kind === "name" || next.text === "(") {
    const [left, right] = [token.text === "(" ? "(…)" : token.text, next.text === "(" ? "(…)" : next.text];
    throw new Refusal(
      next.at,
      "a sign between two values is missing",
      `write a multiplication as ${left}*${right}; numbers have no units`,
    );
  }
  return value;
}

function valueOf(cursor: Cursor, token: Token, depth: number): Syntax {
  const { kind, text, at } = token;
  if (kind === "number") return { kind: "number", text, at };
  if (kind === "name") {
    if (cursor.accept("(") !== null) return { kind: "call", name: text, args: list(cursor, ")", depth), at };
    const groups: (readonly Syntax[])[] = [];
    while (cursor.accept("[") !== null) groups.push(list(cursor, "]", depth));
    return groups.length === 0 ? { kind: "name", name: text, at } : { kind: "entry", name: text, groups, at };
  }
  if (text === "(") {
    const inner = choice(cursor, depth + 1);
    cursor.expect(")", "close every ( by a )");
    return inner;
  }
  throw new Refusal(at, `${spoken(token)} stands where a number, a name or ( is expected`);
}

function list(cursor: Cursor, close: ")" | "]", depth: number): readonly Syntax[] {
  if (cursor.accept(close) !== null) return [];
  const parts: Syntax[] = [];
  do parts.push(choice(cursor, depth + 1));
  while (cursor.accept(",") !== null);
  cursor.expect(close, `separate by commas, and close by ${close}`);
  return parts;
}
