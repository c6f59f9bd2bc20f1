/** How strongly a printed piece holds together: an operand weaker than its place asks for is parenthesised. */
export const strength = { sum: 1, product: 2, prefix: 3, power: 4, whole: 5 } as const;
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
  readonly iverson: (left: string, right: string) => string;
  readonly exponential: (argument: Piece) => Piece;
  readonly call: (name: string, argument: Piece) => string;
  readonly root: (argument: string) => string;
  readonly prime: string;
  readonly minus: string;
  readonly atMost: string;
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
