/**
 * The functions of numbers that a tree may call, with the number of their arguments. Every folder that gives
 * them a meaning (a value in some arithmetic, a derivative, a notation) has a table with a row for each of
 * them, so that a missing one does not compile.
 */
export const elementary = {
  exp: 1,
  /** exp(x) − 1 without cancellation. */
  expm1: 1,
  log: 1,
  /** log(1 + x) without cancellation. */
  log1p: 1,
  sqrt: 1,
  tanh: 1,
  sinh: 1,
  cosh: 1,
  sech: 1,
  sin: 1,
  cos: 1,
  atan: 1,
  erf: 1,
  /** 1 − erf(x) without cancellation. */
  erfc: 1,
  abs: 1,
  /** −1, 0 or 1. */
  sign: 1,
  max: 2,
  min: 2,
  /** 1 / (1 + exp(−x)), on both sides without overflow. */
  logistic: 1,
  /** log(1 + exp(x)), on both sides without overflow. */
  softplus: 1,
  /** x·log(x), and 0 at 0. */
  xlogx: 1,
} as const satisfies Readonly<Record<string, number>>;

export type Elementary = keyof typeof elementary;

export const isElementary = (name: string): name is Elementary => Object.hasOwn(elementary, name);

/** Letters that stand for layers: size(l) is the number of neurons of a layer, size(h) a size with a name of its own. */
export const layerLetters: readonly string[] = ["l", "L", "i"];

/** Numbers that have a name; to the calculus they are numbers like any other. */
export const constants = { pi: "π" } as const;
export type Constant = keyof typeof constants;
export const isConstant = (name: string): name is Constant => Object.hasOwn(constants, name);
