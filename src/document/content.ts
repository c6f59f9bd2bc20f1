import type { Expr } from "../expression/index.ts";
import type { Formula } from "../notation/index.ts";
import type { Picture } from "./picture.ts";

/** What stands between words: a formula, or a name of the code. */
export type Inline = Formula | { readonly kind: "code"; readonly text: string };

/** Words with formulas in them, each in the place of its `{slot}`. */
export interface Rich {
  readonly words: string;
  readonly slots: Readonly<Record<string, Inline>>;
}

export const plain = (words: string): Rich => ({ words, slots: {} });

/** The parts of a derivation document, in their order; each can be left out. */
export const sections = [
  "conventions",
  "notation",
  "picture",
  "forward",
  "functions",
  "delta",
  "equations",
  "algorithm",
  "cost",
  "example",
  "check",
  "code",
] as const;
export type Section = (typeof sections)[number];

/** A document is a list of blocks; it knows nothing of the format that it will be printed in. */
export type Block =
  /** The heading of a section names it, so that it can be linked to. */
  | { readonly kind: "heading"; readonly level: 1 | 2; readonly text: Rich; readonly id: string }
  | { readonly kind: "paragraph"; readonly text: Rich }
  /** `tag` is the name of the equation; what is boxed is a result to remember. */
  | { readonly kind: "display"; readonly formula: Formula; readonly tag: string | null; readonly isBoxed: boolean }
  /** Formulas under each other, aligned at their first relation; null for rows left out, shown as ⋮. */
  | { readonly kind: "equations"; readonly rows: readonly (Formula | null)[] }
  /** left = line₁ = line₂ = …, a name beside each line and below them a sentence for each. */
  | {
      readonly kind: "steps";
      readonly left: Expr;
      readonly lines: readonly StepLine[];
      /** The number of the first line: 1, or more where a derivation goes on from one slide to the next. */
      readonly start: number;
    }
  /** `start` is the number of the first item. */
  | { readonly kind: "list"; readonly isOrdered: boolean; readonly start: number; readonly items: readonly Rich[] }
  | {
      readonly kind: "table";
      /** Cells of words may be broken into lines, numbers stand at the right. */
      readonly columns: readonly ("words" | "number" | "short")[];
      readonly head: readonly Rich[];
      readonly rows: readonly (readonly Rich[])[];
    }
  | { readonly kind: "picture"; readonly picture: Picture; readonly caption: Rich }
  /** Lines of the emitted module with their numbers in it. */
  | { readonly kind: "code"; readonly lines: readonly CodeLine[] };

export interface CodeLine {
  /** null for lines left out. */
  readonly number: number | null;
  readonly text: string;
}

export interface StepLine {
  readonly right: Expr;
  readonly name: Rich;
  readonly reason: Rich;
}

export interface Document {
  readonly title: string;
  readonly language: "en" | "zh";
  readonly blocks: readonly Block[];
}
