// Puts the KaTeX fonts that formulas of ours are set in into src/typeface.ts, so that an HTML document can carry
// them: the library needs no files for it, and the document no network.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const families = {
  KaTeX_Main: "KaTeX_Main-Regular",
  KaTeX_Math: "KaTeX_Math-Italic",
  KaTeX_Size1: "KaTeX_Size1-Regular",
  KaTeX_Size2: "KaTeX_Size2-Regular",
  KaTeX_Size3: "KaTeX_Size3-Regular",
  KaTeX_Size4: "KaTeX_Size4-Regular",
};

const folder = new URL("fonts/", `file://${createRequire(import.meta.url).resolve("katex")}`);
const entries = Object.entries(families).map(
  ([family, file]) => `  ${family}: "${readFileSync(new URL(`${file}.woff2`, folder)).toString("base64")}",`,
);
const text = `// @ts-nocheck
// Made from KaTeX's fonts by scripts/embed-typeface.mjs.

/** Fonts by family, as WOFF2 in base64. */
export const typeface: Readonly<Record<${Object.keys(families)
  .map((family) => `"${family}"`)
  .join(" | ")}, string>> = {
${entries.join("\n")}
};
`;
writeFileSync(new URL("../src/typeface.ts", import.meta.url), text);
