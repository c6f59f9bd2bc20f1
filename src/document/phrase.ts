import type { Language } from "../derivation/index.ts";
import type { LayerSpan, Range } from "../equations/index.ts";
import { num, sym, type Expr, type Variable } from "../expression/index.ts";
import type { Bounds, Formula } from "../notation/index.ts";
import type { Block, Inline, Rich } from "./content.ts";
import { say, words } from "./words.ts";

/** The letters of the equations for a generic layer. */
export const [l, L, j, k] = ["l", "L", "j", "k"].map(sym) as [Expr, Expr, Expr, Expr];

export const at = (family: string, layer: Expr): Variable => ({ family, layer });
export const expression = (expr: Expr): Formula => ({ kind: "expression", expr });
export const equality = (left: Expr, right: Expr, where: readonly Bounds[] = []): Formula => ({
  kind: "equality",
  left,
  right,
  where,
});
export const shapeFormula = (sizes: readonly Expr[]): Formula => ({ kind: "shape", sizes });
export const code = (text: string): Inline => ({ kind: "code", text });

export const between = (least: Expr, index: Expr, most: Expr): Bounds => ({ least, index, most });
export const boundsFormula = (bounds: Bounds): Formula => ({ kind: "bounds", bounds });
export const overRanges = (ranges: readonly Range[]): Bounds[] =>
  ranges.map(({ index, size }) => between(num(1), sym(index), size));

/** For which layers an equation holds, as bounds on l; the output layer needs none. */
export const layerBounds = (spans: readonly LayerSpan[]): Bounds[] => spans.map(({ from, to }) => between(from, l, to));
/** From the second layer on. */
export const everyLayer: readonly LayerSpan[] = [{ from: num(2), to: L }];

export type Slots = Readonly<Record<string, Inline | string | number>>;

/** Says an entry of the table of words in one language. */
export interface Speak {
  (entry: keyof typeof words, slots?: Slots): Rich;
  readonly language: Language;
}

export const speaker = (language: Language): Speak =>
  Object.assign((entry: keyof typeof words, slots: Slots = {}) => fillWords(say(words[entry], language), slots), {
    language,
  });

/** Several formulas in the place of one slot, separated by commas. */
export function withList(rich: Rich, name: string, items: readonly (Inline | null)[]): Rich {
  const places = items.map((item, i) => (item === null ? "…" : `{${name}${i}}`)).join(", ");
  const slots = items.flatMap((item, i) => (item === null ? [] : [[`${name}${i}`, item] as const]));
  return {
    words: rich.words.replace(`{${name}}`, places),
    slots: { ...rich.slots, ...Object.fromEntries(slots) },
  };
}

/** Words and numbers are put in at once; formulas and code stay slots, since each format has its own marks for them. */
function fillWords(text: string, slots: Slots): Rich {
  const inline = Object.entries(slots).filter((pair): pair is [string, Inline] => typeof pair[1] === "object");
  const filled = text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const slot = slots[name];
    return typeof slot === "string" || typeof slot === "number" ? String(slot) : place;
  });
  return { words: filled, slots: Object.fromEntries(inline) };
}

export const heading = (level: 1 | 2, text: Rich, id: string): Block => ({ kind: "heading", level, text, id });
export const paragraph = (text: Rich): Block => ({ kind: "paragraph", text });
export const display = (formula: Formula, tag: string | null = null, isBoxed = false): Block => ({
  kind: "display",
  formula,
  tag,
  isBoxed,
});
/** Formulas under each other; one alone has nothing to be aligned with, but a chain may go on in the next line. */
export function equations(rows: readonly (Formula | null)[]): Block[] {
  const [first] = rows;
  if (rows.length === 1 && first?.kind === "equality") return [display(first)];
  return rows.length === 0 ? [] : [{ kind: "equations", rows }];
}
