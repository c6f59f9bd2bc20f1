export { mathjs } from "./mathjs.ts";
export * from "./tree.ts";
export * from "./nodes.ts";
export { print, printEquality, read, readEquality, same, clone } from "./text.ts";
export {
  argumentsOf,
  elementaryCall,
  isTyped,
  lower,
  readFormula,
  typedFunctions,
  unknownName,
  type Scope,
} from "./formula.ts";
export {
  cursorOver,
  expectEnd,
  parseExpression,
  parseList,
  type Call,
  type Cursor,
  type Entry,
  type Name,
  type Syntax,
} from "./formula-syntax.ts";
export { pointAt, Refusal, scan, type Token } from "./formula-tokens.ts";
export * from "./elementary.ts";
export {
  allSymbols,
  freeSymbols,
  freshIndex,
  isBinder,
  type Binder,
  renameApart,
  some,
  substitute,
  transform,
  withNumberedBounds,
} from "./substitution.ts";
export { entriesMatrix, fillDots, fillMatrix, shown, spellOut, tensorEntries } from "./dots.ts";
export { constantValue, fold } from "./fold.ts";
export { nearest } from "./nearest.ts";
export { rational, fromDecimal, isNegative, isOne, nearestFraction, toNumber, type Rational } from "./rational.ts";
