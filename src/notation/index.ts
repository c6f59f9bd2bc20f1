export { typesetFormula, relationSign, type Bounds, type Formula, type Link, type Relation } from "./formula.ts";
export { latex } from "./latex.ts";
export { breakLine, measure } from "./measure.ts";
export type { Notation, Piece } from "./notation.ts";
export { typeset } from "./typeset.ts";
export { typst } from "./typst.ts";
export { unicode } from "./unicode.ts";
export { readLatex } from "./read-latex.ts";
export type { Vocabulary } from "./vocabulary.ts";
