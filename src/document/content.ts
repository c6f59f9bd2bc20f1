import type { Expr, Variable } from "../expression/index.ts";

/** A formula as data: trees and what stands around them. Each output language prints it in its own notation. */
export type Formula =
  | { readonly kind: "expression"; readonly expr: Expr }
  /** left = right, for the indices within `where`, writing `with` */
  | {
      readonly kind: "equality";
      readonly left: Expr;
      readonly right: Expr;
      readonly where?: readonly Bounds[];
      readonly with?: { readonly left: Expr; readonly right: Expr };
    }
  | { readonly kind: "tensor"; readonly variable: Variable }
  | { readonly kind: "tensors-equal"; readonly left: Variable; readonly right: Variable }
  /** 3 × 2 */
  | { readonly kind: "shape"; readonly sizes: readonly Expr[] }
  | { readonly kind: "bounds"; readonly bounds: Bounds }
  | { readonly kind: "function"; readonly name: string }
  /** index = from, …, to */
  | { readonly kind: "countdown"; readonly index: Expr; readonly from: Expr; readonly to: Expr }
  /** left ← right */
  | { readonly kind: "update"; readonly left: Expr; readonly right: Expr };

/** least ≤ index ≤ most */
export interface Bounds {
  readonly least: Expr;
  readonly index: Expr;
  readonly most: Expr;
}

/** Words with formulas in them, each in the place of its `{slot}`. */
export interface Rich {
  readonly words: string;
  readonly slots: Readonly<Record<string, Formula>>;
}

export const plain = (words: string): Rich => ({ words, slots: {} });

/** A document is a list of blocks; it knows nothing of the format that it will be printed in. */
export type Block =
  | { readonly kind: "heading"; readonly level: 1 | 2; readonly text: Rich }
  | { readonly kind: "paragraph"; readonly text: Rich }
  | { readonly kind: "display"; readonly formula: Formula; readonly tag: string | null }
  /** left = line₁ = line₂ = …, a name beside each line and below them a sentence for each. */
  | { readonly kind: "steps"; readonly left: Expr; readonly lines: readonly StepLine[] }
  | { readonly kind: "list"; readonly items: readonly Rich[] }
  | { readonly kind: "table"; readonly head: readonly Rich[]; readonly rows: readonly (readonly Rich[])[] };

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
