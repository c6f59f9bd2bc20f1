export { arrange } from "./arrange.ts";
export type { Block, Document, Rich } from "./content.ts";
export { toJson } from "./json.ts";
export { documentFormats, render, type DocumentFormat } from "./render.ts";
