export { mathjs } from "./mathjs.ts";
export * from "./tree.ts";
export * from "./nodes.ts";
export { print, printEquality, read, readEquality, same, clone } from "./text.ts";
export { readFormula } from "./formula.ts";
export * from "./elementary.ts";
export {
  allSymbols,
  freeSymbols,
  freshIndex,
  isBinder,
  renameApart,
  some,
  substitute,
  transform,
} from "./substitution.ts";
export { entriesMatrix, fillDots, fillMatrix, shown, spellOut, tensorEntries } from "./dots.ts";
export { constantValue, fold } from "./fold.ts";
export { rational, fromDecimal, isNegative, isOne, toNumber, type Rational } from "./rational.ts";
