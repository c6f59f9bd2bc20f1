/** A piece of a text that a user typed; `at` is its place in it, counted from 0. */
export interface Token {
  readonly kind: "number" | "name" | "operator" | "end";
  readonly text: string;
  readonly at: number;
}

/** Why a text is refused, and the place in it. Who knows the text makes a `Problem` of it. */
export class Refusal extends Error {
  readonly at: number;
  readonly advice: string | null;

  constructor(at: number, why: string, advice: string | null = null) {
    super(why);
    this.at = at;
    this.advice = advice;
  }
}

/**
 * The tokens of one line, the last of kind "end". Only what a formula is made of passes.
 *
 * @param further operators that stand in this text besides those of every formula, such as `[`
 * @throws Refusal when what is reached is none of them
 */
export function* scan(text: string, further: readonly string[] = []): Generator<Token, void> {
  const allowed = [...operators, ...further];
  // The longest first: == is no two =, and >= no > before a =.
  const known = [...allowed, ...Object.keys(refused)].sort((a, b) => b.length - a.length);
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at, at + longestToken + 1);
    const [match, kind] = word(rest);
    if (match.length > longestToken) throw new Refusal(at, `a ${kind} is longer than ${longestToken} characters`);
    if (match !== "" && kind !== "space") yield { kind, text: match, at };
    at += match.length;
    if (match !== "") continue;
    const operator = known.find((o) => rest.startsWith(o));
    if (operator === undefined || !allowed.includes(operator)) throw refusedAt(text, at, operator);
    yield { kind: "operator", text: operator, at };
    at += operator.length;
  }
  yield { kind: "end", text: "", at: text.length };
}

const longestToken = 40;

function word(rest: string): readonly [string, "space" | "name" | "number"] {
  const space = /^[ \t]+/.exec(rest);
  if (space !== null) return [space[0], "space"];
  const name = /^[A-Za-z_]\w*/.exec(rest);
  if (name !== null) return [name[0], "name"];
  // 1..n is a range from 1, not the number 1. before a point.
  return [/^(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/.exec(rest)?.[0] ?? "", "number"];
}

const operators = ["(", ")", ",", "+", "-", "*", "/", "^", "?", ":", ">", ">=", "<", "<="] as const;

const equality = [
  "compares for equality, which holds at single points only",
  "compare by >, >=, < or <=, before ? and :",
] as const;
const entrywise = ["is an operator of tensors", "a formula is about numbers: write *, / or ^"] as const;
const text = ["begins a text", "a formula holds numbers only"] as const;
const logic = ["combines conditions", "a condition is one comparison; put one choice into the other: a > 0 ? (…) : …"];
const oneLine = ["ends the line", "a formula is one line"] as const;
const tensor = ["begins a matrix or an index", "a formula is about single numbers"] as const;

/** What users write that has another meaning, or none, each with the reason and what to write. */
const refused: Readonly<Record<string, readonly string[]>> = {
  "==": equality,
  "!=": equality,
  "≠": equality,
  "=": ["defines a name", "a formula is one expression, without ="],
  ";": ["begins a second formula", "write one"],
  "[": tensor,
  "]": tensor,
  "..": ["writes a range", "a formula is about single numbers"],
  "{": ["begins an object", "group by ( )"],
  "}": ["ends an object", "group by ( )"],
  '"': text,
  "`": text,
  "'": ["is a derivative, a transpose or a text", "write the derivative as a formula"],
  "!": ["is a factorial or a negation", "write the number, or turn the comparison around"],
  "%": ["is a remainder or a percentage", "it has no derivative that training could use; write 0.5 for 50%"],
  "&": logic,
  "|": logic,
  "~": logic,
  "**": ["is no power here", "write ^"],
  ".*": entrywise,
  "./": entrywise,
  ".^": entrywise,
  ".": ["takes a property of something", "a point stands between the digits of a number only"],
  "#": ["begins a comment", "write the formula only"],
  "\n": oneLine,
  "\r": oneLine,
  "−": ["is a typeset minus", "write -"],
  "–": ["is a dash", "write -"],
  "×": ["is a typeset multiplication sign", "write *"],
  "·": ["is a typeset multiplication sign", "write *"],
  "÷": ["is a typeset division sign", "write /"],
  "²": ["is a typeset exponent", "write ^2"],
  "³": ["is a typeset exponent", "write ^3"],
  "≤": ["is a typeset comparison", "write <="],
  "≥": ["is a typeset comparison", "write >="],
  π: ["is a letter outside ASCII", "write pi"],
  "\\": ["begins a LaTeX command", "write exp(z), not \\exp z"],
};

function refusedAt(text: string, at: number, operator: string | undefined): Refusal {
  const character = operator ?? String.fromCodePoint(text.codePointAt(at) as number);
  const code = `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
  const shown = /^[!-~]+$/.test(character)
    ? character
    : /^[\p{L}\p{N}\p{S}\p{P}]$/u.test(character)
      ? `${character} (${code})`
      : code;
  const [why = "is a character that no formula needs", advice = "write ASCII letters, digits and + - * / ^ ( ) ,"] =
    refused[character] ?? [];
  return new Refusal(at, `${shown} ${why}`, advice);
}

/** A place in a text for a reader: its column from 1 and the text around it above a caret. */
export function pointAt(text: string, at: number): { readonly column: number; readonly picture: string } {
  const characters = Array.from(text, (c) => (/[\p{C}\p{Z}\p{M}]/u.test(c) ? (c === "\n" ? "↵" : " ") : c));
  const column = Array.from(text.slice(0, at)).length;
  const from = Math.max(0, Math.min(column - 50, characters.length - 90));
  const [before, after] = [from > 0 ? "…" : "", from + 90 < characters.length ? "…" : ""];
  const line = `${before}${characters.slice(from, from + 90).join("")}${after}`;
  return { column: column + 1, picture: `    ${line}\n    ${" ".repeat(before.length + column - from)}^` };
}
