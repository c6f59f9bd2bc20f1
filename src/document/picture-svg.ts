import { axis, outlineOf, setLine, type Label } from "./picture-formula.ts";
import type { Place, Segment } from "./picture-geometry.ts";
import { linesOf, threeDots } from "./picture-lines.ts";
import type { Picture } from "./picture.ts";

/** Pixels to one gap between neurons, where there is room. */
const gap = 60;
/** Widths of lines and radius of dots, in units of the picture. */
const pen = { edge: 0.016, marked: 0.045, circle: 0.022, dot: 0.028 };

/**
 * A picture as SVG within a page, in the colour of the text around it. Formulas are outlines, so that it needs no
 * font; and no text stands in it, which a place that takes out SVG would leave behind. It has no blank line and no
 * indentation, either of which would end it in Markdown.
 */
export function toSvg(picture: Picture, alt: string): string {
  // One unit of the drawing is a thousandth of an em: outlines keep their size, and whole numbers are exact enough.
  const unit = 1000 / picture.em;
  const at = (length: number): number => Math.round(length * unit);
  const [width, height] = [picture.width, picture.height].map((length) => Math.round(length * gap)) as [number, number];
  const letters = setLetters(picture, at);
  const prefix = `g${hash(JSON.stringify(letters))}-`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeXml(alt)}" width="${width}" height="${height}" viewBox="0 0 ${at(picture.width)} ${at(picture.height)}" style="max-width:100%;height:auto">`,
    ...outlines(letters, prefix),
    ...strokes(picture, at),
    `<g fill="currentColor">`,
    `<path d="${polygon(linesOf(picture).arrowhead, at)}"/>`,
    ...picture.dots.flatMap(threeDots).map(({ x, y }) => `<circle cx="${at(x)}" cy="${at(y)}" r="${at(pen.dot)}"/>`),
    ...uses(letters, prefix),
    `</g>`,
    `</svg>`,
  ].join("\n");
}

const escapeXml = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

type Measure = (length: number) => number;

/** A letter in its place on the drawing. */
interface Placed {
  readonly character: string;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

function setLetters({ neurons, edges, labels }: Picture, at: Measure): readonly Placed[] {
  const names = edges.flatMap(({ label }) => (label === null ? [] : [label]));
  return [...neurons, ...names, ...labels].flatMap((label) => setLabel(label, at));
}

function setLabel({ x, y, formula, scale }: Label, at: Measure): readonly Placed[] {
  const { width, letters } = setLine(formula);
  return letters.map((letter) => ({
    character: letter.character,
    x: at(x) + scale * (letter.x - width / 2),
    y: at(y) + scale * (letter.y + axis),
    scale: Math.round(100 * scale * letter.scale) / 100,
  }));
}

/** Each outline once, to be used wherever its character stands. */
function outlines(letters: readonly Placed[], prefix: string): readonly string[] {
  const characters = [...new Set(letters.map(({ character }) => character))].sort();
  return [
    "<defs>",
    ...characters.map((character) => `<path id="${prefix}${nameOf(character)}" d="${outlineOf(character)}"/>`),
    "</defs>",
  ];
}

const nameOf = (character: string): string =>
  /[a-z0-9]/i.test(character) ? character : (character.codePointAt(0) as number).toString(16);

/** Letters of one size together, so that the size is said once. */
function uses(letters: readonly Placed[], prefix: string): readonly string[] {
  return [...new Set(letters.map(({ scale }) => scale))].flatMap((size) => [
    size === 1 ? "<g>" : `<g transform="scale(${size})">`,
    ...letters
      .filter(({ scale }) => scale === size)
      .map(
        ({ character, x, y }) =>
          `<use href="#${prefix}${nameOf(character)}" x="${Math.round(x / size)}" y="${Math.round(y / size)}"/>`,
      ),
    "</g>",
  ]);
}

function strokes(picture: Picture, at: Measure): readonly string[] {
  const { thin, thick } = linesOf(picture);
  return [
    `<g fill="none" stroke="currentColor">`,
    ...(thin.length === 0 ? [] : [`<path stroke-width="${at(pen.edge)}" stroke-opacity=".45" d="${path(thin, at)}"/>`]),
    `<path stroke-width="${at(pen.marked)}" d="${path(thick, at)}"/>`,
    `<g stroke-width="${at(pen.circle)}">`,
    ...picture.neurons.map(({ x, y }) => `<circle cx="${at(x)}" cy="${at(y)}" r="${at(picture.radius)}"/>`),
    `</g>`,
    `</g>`,
  ];
}

const path = (segments: readonly Segment[], at: Measure): string =>
  segments.map(({ from, to }) => `M${at(from.x)} ${at(from.y)}L${at(to.x)} ${at(to.y)}`).join("");

const polygon = (corners: readonly Place[], at: Measure): string =>
  `M${corners.map(({ x, y }) => `${at(x)} ${at(y)}`).join("L")}z`;

/** Two pictures on one page must not share names for different outlines: FNV-1a of what they show. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36);
}
