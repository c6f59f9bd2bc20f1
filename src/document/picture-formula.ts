import { glyphs } from "../glyphs.ts";
import { typesetFormula, unicode, type Formula, type Notation } from "../notation/index.ts";
import type { Box, Place } from "./picture-geometry.ts";

/** A formula with its middle at a place; `scale` makes a long one small enough for its circle. */
export interface Label extends Place {
  readonly formula: Formula;
  readonly scale: number;
}

/** A formula as letters in their places, in thousandths of an em; the baseline is y = 0, y downwards. */
export interface Line {
  readonly width: number;
  readonly letters: readonly Letter[];
}

export interface Letter {
  readonly character: string;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** TeX's measures, in thousandths of an em: how far scripts are raised and lowered, and the space around =. */
const scripts = { scale: 0.7, above: -413, below: 247, belowAlone: 150 };
const space = 278;
/** Above the baseline, the height at which = and − stand: the middle of a formula. */
export const axis = 250;
/** How far any of our formulas reaches above and below the baseline. */
const reach = { above: 880, below: 270 };
/** Free space around a name, in units of the picture. */
const clearance = 0.06;

/** Scripts in marks that `pieces` finds again; all else is as in text. */
const marked: Notation = { ...unicode, scripts: (base, below, above) => `${base}_{${below}}^{${above}}` };
const pieces = /(.)_\{([^{}]*)\}\^\{([^{}]*)\}|(.)/gsu;

/**
 * Sets a formula from letters and their scripts, such as w_{12}^{2} or n_{1} = 784: all that a picture needs.
 *
 * @throws where a formula has anything else in it, for which there is no outline
 */
export function setLine(formula: Formula): Line {
  const letters: Letter[] = [];
  let width = 0;
  const put = (text: string, from: number, y: number, scale: number): number => {
    let x = from;
    for (const character of text) {
      if (character !== " ") letters.push({ character, x, y, scale });
      x += scale * advanceOf(character);
    }
    return x;
  };
  for (const [, base, below = "", above = "", single = ""] of typesetFormula(formula, marked).matchAll(pieces)) {
    width = put(base ?? single, width, 0, 1);
    width = Math.max(
      put(below, width, above === "" ? scripts.belowAlone : scripts.below, scripts.scale),
      put(above, width, scripts.above, scripts.scale),
    );
  }
  return { width, letters };
}

/** The width of a formula in em. */
export const measure = (formula: Formula): number => setLine(formula).width / 1000;

/** The rectangle that a formula takes, with some space around it. */
export function boxOf({ x, y, formula, scale }: Label, em: number, around = clearance): Box {
  const half = (measure(formula) * em * scale) / 2 + around;
  const thousandth = (em * scale) / 1000;
  return {
    left: x - half,
    right: x + half,
    top: y - (reach.above - axis) * thousandth - around,
    bottom: y + (reach.below + axis) * thousandth + around,
  };
}

/** The outline of a character. */
export function outlineOf(character: string): string {
  return glyphOf(character).path;
}

const advanceOf = (character: string): number => (character === " " ? space : glyphOf(character).advance);

function glyphOf(character: string): { readonly advance: number; readonly path: string } {
  const glyph = glyphs[character];
  if (glyph === undefined) throw new Error(`a picture has no outline for ${character}`);
  return glyph;
}
