export { arrange } from "./arrange.ts";
export type { Block, Document, Formula, Rich } from "./content.ts";
export { typesetFormula } from "./formula.ts";
export { toJson } from "./json.ts";
export { latex, typeset, unicode, type Notation } from "./notation.ts";
export { documentFormats, render, type DocumentFormat } from "./render.ts";
