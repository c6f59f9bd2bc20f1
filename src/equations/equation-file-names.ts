import {
  elementary,
  isConstant,
  num,
  print,
  Refusal,
  sizeOf,
  sym,
  unknownName,
  type Expr,
  layerLetters,
} from "../expression/index.ts";
import type { Size, Word } from "./equation-file-lines.ts";
import { objectiveVariable } from "./network-equations.ts";

/** What a name of an equation file stands for. */
export type Meaning =
  | { readonly kind: "index"; readonly size: Expr }
  | { readonly kind: "size" }
  | { readonly kind: "parameter" | "input" | "variable"; readonly sizes: readonly Expr[] }
  | { readonly kind: "constant"; readonly value: Expr }
  | { readonly kind: "function"; readonly argument: string; readonly value: Expr };

const spoken: Readonly<Record<Meaning["kind"], string>> = {
  index: "an index",
  size: "a size",
  parameter: "a parameter",
  input: "an input",
  variable: "a variable",
  constant: "a constant",
  function: "a function",
};

export interface Declared {
  readonly meaning: Meaning;
  /** The line, counted from 0. */
  readonly line: number;
}

export type Names = Map<string, Declared>;

/**
 * Gives a name its meaning.
 *
 * @throws Refusal where it has one, or must not have this one
 */
export function declare(names: Names, { name, at }: Word, line: number, meaning: Meaning): void {
  const known = names.get(name);
  const isSizeAgain = meaning.kind === "size" && known?.meaning.kind === "size";
  if (isSizeAgain) return;
  if (known !== undefined) {
    const [first, second] = [spoken[known.meaning.kind], spoken[meaning.kind]];
    throw new Refusal(
      at,
      first === second
        ? `${name} is defined twice, first in line ${known.line + 1}`
        : `${name} is both ${first} (line ${known.line + 1}) and ${second}`,
      "give the two different names",
    );
  }
  const why = reservedFor(name, meaning.kind);
  if (why !== null) throw new Refusal(at, `the name ${name} is taken: ${why}`, "choose another name");
  names.set(name, { meaning, line });
}

/** Names that a tree, the derivation or the code of a gradient has a use for. */
function reservedFor(name: string, kind: Meaning["kind"]): string | null {
  if (words.has(name)) return "it is a word of the language of formulas or of code";
  if (isConstant(name)) return "it is a constant";
  if (Object.hasOwn(elementary, name)) return "it is a function that every formula has";
  if (kind === "constant") return null;
  if (name === objectiveVariable.family && kind !== "variable") return "J is the objective";
  if (kind === "size" ? layerLetters.includes(name) : name === "l" || name === "L")
    return `${layerLetters.join(", ")} stand for layers`;
  if (/^delta/i.test(name)) return "names that begin with delta stand for errors";
  if (/_(prime|bar)$/.test(name)) return "names that end in _prime or _bar stand for derivatives";
  if (name.startsWith("__")) return "names do not begin with two underscores";
  return null;
}

const words = new Set(
  (
    "sum mean maximum size partial kronecker dots end true false null undefined NaN Infinity mod to in and or xor not " +
    "index step parameter input constant function output with " +
    "await break case catch class const continue debugger default delete do else enum export extends finally for if " +
    "implements import instanceof interface let new package private protected public return static super switch this " +
    "throw try typeof var void while yield eval arguments Math"
  ).split(" "),
);

/** The size that stands in a range. */
export const sizeExpr = ({ text }: Size): Expr => (/^\d/.test(text) ? num(Number(text)) : sizeOf(sym(text)));

/** A range for a reader: 1..n. */
export const spokenRange = (size: Expr): string => `1..${print(size).replace(/^size\((.*)\)$/, "$1")}`;

/**
 * The size of an index that is declared.
 *
 * @throws Refusal where it is not
 */
export function indexSize(names: Names, { name, at }: Word): Expr {
  const found = names.get(name);
  if (found?.meaning.kind === "index") return found.meaning.size;
  if (found !== undefined)
    throw new Refusal(at, `${name} is ${spoken[found.meaning.kind]}, no index`, "declare it: index j in 1..n");
  const letters = [...names].flatMap(([letter, { meaning }]) => (meaning.kind === "index" ? [letter] : []));
  const { message } = unknownName(name, at, "name", letters);
  throw new Refusal(at, message.replace("name", "index"), `declare it: index ${name} in 1..n`);
}
