import { type Constant, type Elementary, type Relation } from "../expression/index.ts";

/** How strongly a printed piece holds together: an operand weaker than its place asks for is parenthesised. */
export const strength = { choice: 0, sum: 1, product: 2, prefix: 3, power: 4, whole: 5 } as const;
export type Strength = (typeof strength)[keyof typeof strength];

/** A printed piece of mathematics. */
export interface Piece {
  readonly text: string;
  readonly strength: Strength;
  /** A sum sign at its left end or right end reaches to the end of the product it stands in. */
  readonly endsOpen?: boolean;
  /** Taller than a line: parentheses around it grow. */
  readonly isTall?: boolean;
}

export const whole = (text: string): Piece => ({ text, strength: strength.whole });

/** Where dots stand: between terms of a sum, or in a row, a column or the middle of a matrix. */
export type DotsPlace = "sum" | "row" | "column" | "diagonal";

/** Names that have a notation of their own: a letter, or a function that is written by name. */
type Named = Constant | Exclude<Elementary, "abs" | "exp" | "sqrt"> | Greek;

/** Letters by name; `eps` is the small number that keeps a denominator from zero. */
export const greek = [
  ...["alpha", "beta", "gamma", "delta", "eps", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi"],
  ...["rho", "sigma", "tau", "phi", "chi", "psi", "omega"],
  ...["Gamma", "Theta", "Lambda", "Xi", "Sigma", "Phi", "Psi", "Omega"],
] as const;
export type Greek = (typeof greek)[number];

/** The letters of a notation; `other` spells the names that have none of their own. */
export const letters =
  (named: Readonly<Record<Named, string>>, other: (name: string) => string): Notation["letter"] =>
  (name) =>
    Object.hasOwn(named, name) ? named[name as Named] : other(name);

/** A value, and when it is the one. */
export interface Case {
  readonly value: string;
  readonly condition: string;
}

/** The marks of one output language. What they mean and where parentheses go is decided once, in `typeset`. */
export interface Notation {
  readonly letter: (name: string) => string;
  readonly scripts: (base: string, below: string, above: string) => string;
  readonly parentheses: (inside: string, isTall: boolean) => string;
  readonly fraction: (over: Piece, under: Piece) => Piece;
  readonly differential: (of: string) => string;
  /** Where there is one variable only: d rather than ∂. */
  readonly ordinaryDifferential: (of: string) => string;
  /** ∇ with the tensor by which one differentiates. */
  readonly gradient: (by: string) => string;
  readonly matrix: (rows: readonly (readonly string[])[]) => string;
  readonly dots: Readonly<Record<DotsPlace, string>>;
  readonly transposed: string;
  readonly hadamard: string;
  readonly sum: (index: string, to: string) => string;
  /** The greatest for an index from 1 on. */
  readonly maximum: (index: string, to: string) => string;
  /** One of two values; the conditions are each other's opposites. */
  readonly choice: (first: Case, other: Case) => Piece;
  readonly absolute: (argument: string) => string;
  readonly iverson: (left: string, right: string) => string;
  readonly exponential: (argument: Piece) => Piece;
  readonly call: (name: string, argument: Piece) => string;
  readonly root: (argument: string) => string;
  readonly prime: string;
  readonly minus: string;
  readonly comparisons: Readonly<Record<Relation, string>>;
  readonly approximately: string;
  readonly times: string;
  readonly arrow: string;
  /** Between the first and the last of a list. */
  readonly listDots: string;
  /** Space between a formula and the conditions on it. */
  readonly gap: string;
  /** Between two factors; `needsDot` where juxtaposition would read as one number. */
  readonly product: (left: string, right: string, needsDot: boolean) => string;
}
