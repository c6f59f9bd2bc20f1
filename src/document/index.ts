export { arrange, defaultSeed, type ArrangeOptions } from "./arrange.ts";
export { sections, type Block, type Document, type Rich, type Section } from "./content.ts";
export { toJson } from "./json.ts";
export { targets, type Target } from "./markdown.ts";
export type { CodeReference, EmittedCode } from "./numbers.ts";
export { documentFormats, render, type DocumentFormat, type RenderOptions } from "./render.ts";
export { defaultWidth } from "./text.ts";
export { brief, full, type Elision } from "./written.ts";
