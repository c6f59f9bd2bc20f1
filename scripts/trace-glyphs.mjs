// Takes the outlines of the letters that pictures need from KaTeX's fonts, so that a picture can draw its formulas
// as paths: they look the same everywhere, like those of the page around it, and need no font.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import opentype from "opentype.js";

const alphabet = "abcdefghijklmnopqrstuvwxyz";
const fonts = [
  { file: "KaTeX_Math-Italic.ttf", characters: `${alphabet}${alphabet.toUpperCase()}δση` },
  { file: "KaTeX_Main-Regular.ttf", characters: "0123456789=+−," },
];

const folder = new URL("fonts/", `file://${createRequire(import.meta.url).resolve("katex")}`);
const entries = fonts.flatMap(({ file, characters }) => {
  const { buffer, byteOffset, byteLength } = readFileSync(new URL(file, folder));
  const font = opentype.parse(buffer.slice(byteOffset, byteOffset + byteLength));
  if (font.unitsPerEm !== 1000) throw new Error(`${file} has ${font.unitsPerEm} units in an em, not 1000`);
  return Array.from(characters, (character) => {
    const glyph = font.charToGlyph(character);
    if (glyph.index === 0) throw new Error(`${file} has no ${character}`);
    return `  ${JSON.stringify(character)}: { advance: ${glyph.advanceWidth}, path: "${outline(glyph.path.commands)}" },`;
  });
});

const text = `// @ts-nocheck
// Made from KaTeX's fonts by scripts/trace-glyphs.mjs.

/** Outlines in thousandths of an em, y downwards, the baseline at 0. */
export const glyphs: Readonly<Record<string, { readonly advance: number; readonly path: string }>> = {
${entries.join("\n")}
};
`;
writeFileSync(new URL("../src/glyphs.ts", import.meta.url), text);

/** Path data in whole units, relative to where the pen is: a third shorter than with absolute numbers. */
function outline(commands) {
  let pen = [0, 0];
  const parts = commands.map(({ type, x, y, x1, y1 }) => {
    if (type === "Z") return "z";
    const to = [Math.round(x), -Math.round(y)];
    const from = pen;
    pen = to;
    const relative = ([px, py]) => [px - from[0], py - from[1]];
    if (type === "M") return `M${numbers(to)}`;
    if (type === "Q") return `q${numbers([...relative([Math.round(x1), -Math.round(y1)]), ...relative(to)])}`;
    if (type !== "L") throw new Error(`a glyph has a segment of type ${type}`);
    const [dx, dy] = relative(to);
    if (dx === 0) return dy === 0 ? "" : `v${numbers([dy])}`;
    return dy === 0 ? `h${numbers([dx])}` : `l${numbers([dx, dy])}`;
  });
  return parts.join("");
}

/** A minus sign separates as well as a space does. */
function numbers(list) {
  return list.join(" ").replaceAll(" -", "-");
}
