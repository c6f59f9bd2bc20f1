import {
  cursorOver,
  expectEnd,
  parseExpression,
  parseList,
  Refusal,
  scan,
  type Cursor,
  type Syntax,
  type Token,
} from "../expression/index.ts";

/** A name and its place in the line. */
export interface Word {
  readonly name: string;
  readonly at: number;
}

/** The upper end of a range: the name of a size, or a whole number. */
export interface Size {
  readonly text: string;
  readonly at: number;
}

/** What one line of an equation file says, or one of several things that it says. */
export type Statement =
  /** A step is the index of a recurrence. */
  | { readonly kind: "index"; readonly isStep: boolean; readonly name: Word; readonly size: Size }
  | { readonly kind: "parameter" | "input"; readonly name: Word; readonly indices: readonly Word[] }
  | { readonly kind: "constant"; readonly name: Word; readonly value: Syntax }
  | { readonly kind: "function"; readonly name: Word; readonly argument: Word; readonly value: Syntax }
  | { readonly kind: "output"; readonly name: Word }
  | { readonly kind: "size"; readonly name: Word; readonly value: number; readonly valueAt: number }
  | {
      readonly kind: "equation";
      readonly name: Word;
      readonly groups: readonly (readonly Syntax[])[];
      readonly value: Syntax;
    };

const longestLine = 4000;
/** What a line has beside the signs of a formula. */
const further = ["[", "]", "=", ".."];

/**
 * What a line says; nothing where it is empty or a comment.
 *
 * @throws Refusal where it cannot be read
 */
export function parseLine(text: string): readonly Statement[] {
  const [code = ""] = text.split("#");
  if (code.length > longestLine) throw new Refusal(longestLine, `the line is longer than ${longestLine} characters`);
  const cursor = cursorOver([...scan(code, further)]);
  if (cursor.peek().kind === "end") return [];
  const { text: word } = cursor.peek();
  // A variable may be called as a line begins: it is one where = or [ follows.
  const isDeclaration = Object.hasOwn(declarations, word) && cursor.peek(1).kind === "name";
  const statements = isDeclaration ? declarations[word as keyof typeof declarations](cursor) : [equation(cursor)];
  expectEnd(cursor);
  return statements;
}

const declarations = {
  index: (cursor) => ranges(cursor, false),
  step: (cursor) => ranges(cursor, true),
  parameter: (cursor) => listed(cursor, (c) => tensor(c, "parameter")),
  input: (cursor) => listed(cursor, (c) => tensor(c, "input")),
  constant: (cursor) => listed(cursor, constant),
  function: (cursor) => {
    cursor.take();
    return [definition(cursor)];
  },
  output: (cursor) => {
    cursor.take();
    return [{ kind: "output", name: name(cursor, "the variable that is the output") }];
  },
  with: (cursor) => listed(cursor, sizeValue),
} satisfies Readonly<Record<string, (cursor: Cursor) => readonly Statement[]>>;

/** The word that begins the line, and what follows it, separated by commas. */
function listed(cursor: Cursor, read: (cursor: Cursor) => Statement): readonly Statement[] {
  const statements: Statement[] = [];
  do {
    cursor.take();
    statements.push(read(cursor));
  } while (cursor.peek().text === ",");
  return statements;
}

function name(cursor: Cursor, what: string): Word {
  const token = cursor.take();
  if (token.kind !== "name") throw new Refusal(token.at, `${spoken(token)} stands where ${what} is expected`);
  return { name: token.text, at: token.at };
}

const spoken = ({ kind, text }: Token): string => (kind === "end" ? "the end" : text);

/** `index j, k in 1..h, i in 1..n` */
function ranges(cursor: Cursor, isStep: boolean): readonly Statement[] {
  const statements: Statement[] = [];
  do {
    const letters: Word[] = [];
    do {
      cursor.take();
      letters.push(name(cursor, "an index letter"));
    } while (cursor.peek().text === ",");
    const size = range(cursor);
    statements.push(...letters.map((letter) => ({ kind: "index", isStep, name: letter, size }) as const));
  } while (cursor.peek().text === ",");
  return statements;
}

const rangeAdvice = "write a range as in index j in 1..h";

function range(cursor: Cursor): Size {
  cursor.expect("in", rangeAdvice);
  const from = cursor.take();
  if (from.text !== "1") throw new Refusal(from.at, `a range begins at ${spoken(from)}; it begins at 1`, rangeAdvice);
  cursor.expect("..", rangeAdvice);
  const to = cursor.take();
  const isSize = to.kind === "name" || (to.kind === "number" && /^\d+$/.test(to.text));
  if (!isSize)
    throw new Refusal(to.at, `${spoken(to)} stands where a range ends; it ends at a name or a number`, rangeAdvice);
  return { text: to.text, at: to.at };
}

/** `W2[j,i]`, or a scalar `alpha` */
function tensor(cursor: Cursor, kind: "parameter" | "input"): Statement {
  const word = name(cursor, `the name of ${kind === "input" ? "an input" : "a parameter"}`);
  const indices: Word[] = [];
  if (cursor.accept("[") !== null) {
    do indices.push(name(cursor, "an index letter"));
    while (cursor.accept(",") !== null);
    cursor.expect("]", "write the indices as in W[j,i]");
  }
  return { kind, name: word, indices };
}

function constant(cursor: Cursor): Statement {
  const word = name(cursor, "the name of a constant");
  cursor.expect("=", "write a constant as in constant eps = 1e-5");
  return { kind: "constant", name: word, value: parseExpression(cursor) };
}

function definition(cursor: Cursor): Statement {
  const advice = "write a function as in function swish(z) = z / (1 + exp(-z))";
  const word = name(cursor, "the name of a function");
  cursor.expect("(", advice);
  const argument = name(cursor, "the argument");
  cursor.expect(")", advice);
  cursor.expect("=", advice);
  return { kind: "function", name: word, argument, value: parseExpression(cursor) };
}

function sizeValue(cursor: Cursor): Statement {
  const word = name(cursor, "the name of a size");
  cursor.expect("=", "write sizes as in with n = 3, h = 4");
  const { at: valueAt } = cursor.peek();
  const sign = cursor.accept("-") === null ? 1 : -1;
  const token = cursor.take();
  if (token.kind !== "number") throw new Refusal(token.at, `${spoken(token)} stands where a number is expected`);
  return { kind: "size", name: word, value: sign * Number(token.text), valueAt };
}

function equation(cursor: Cursor): Statement {
  const advice = "write an equation as in z2[j] = sum(W2[j,i]*x[i], i) + b2[j]";
  const { kind, text, at } = cursor.take();
  if (kind !== "name") throw new Refusal(at, "the line does not begin with a variable or with index, input, …", advice);
  if (cursor.peek().text === "(")
    throw new Refusal(at, `${text}(…) is defined as a variable`, `write: function ${text}(z) = …`);
  const groups: (readonly Syntax[])[] = [];
  while (cursor.accept("[") !== null) groups.push(parseList(cursor, "]"));
  cursor.expect("=", advice);
  return { kind: "equation", name: { name: text, at }, groups, value: parseExpression(cursor) };
}
