import katex from "katex";
import { latex } from "../notation/index.ts";
import { typeface } from "../typeface.ts";
import { italicRange, layOut, near, type Base, type Box, type Family, type Piece } from "./html-boxes.ts";
import { readTree } from "./html-tree.ts";

/** Sets the formulas of one document, and keeps what they need of its style sheet. */
export interface Typesetter {
  /** Within words, which then go through {@link joinPunctuation}. */
  readonly inline: (formula: string) => string;
  /** On lines of its own, which may be broken before a relation or an operation. */
  readonly display: (formula: string) => string;
  /** The same in two parts, which may stand in two columns. */
  readonly row: (left: string, right: string) => string;
  /** The style of all that has been set so far, its fonts included. */
  readonly styleSheet: () => string;
}

/**
 * A formula is written twice: as it looks, hidden from screen readers, and as MathML, hidden from sight. There are
 * thousands of elements, so that their names are short (`<u>` for what is not broken, `<b>` for a stack, `<i>` for
 * the rest) and attributes unquoted where HTML allows it.
 */
export function typesetter(): Typesetter {
  const needs: Needs = {
    classes: new Map(),
    outlines: new Map(),
    families: new Set(["KaTeX_Main", "KaTeX_Math"]),
  };
  const set = (formula: string): string => {
    const bases = basesOf(formula, false);
    return `${writeBases(bases.slice(0, -1), needs)}${lastPart}${writeBases(bases.slice(-1), needs)}`;
  };
  const setLines = (formula: string): string => {
    const [first = "", ...conditions] = apart(formula);
    const others = conditions.map((condition) => `<i class=c>${writeBases(basesOf(condition, true), needs)}</i>`);
    return writeBases(basesOf(first, true), needs) + others.join("");
  };
  return {
    inline: (formula) => `<span class=k>${mathml(formula, false)}${set(formula)}</span>`,
    display: (formula) => `<span class=k>${mathml(formula, true)}${setLines(formula)}</span>`,
    row: (left, right) => {
      const columns = [left, right].map((part) => `<div>${part === "" ? "" : setLines(part)}</div>`);
      return `<div class=k>${mathml(`${left} ${right}`, true)}${columns.join("")}</div>`;
    },
    styleSheet: () =>
      [
        ...Array.from(needs.families, fontFace),
        ...Array.from(needs.classes, ([rules, name]) => rules.replaceAll("&", `.${name}`)),
      ].join("\n"),
  };
}

/** Stands before what must not be parted from punctuation after the formula. */
const lastPart = "\ue000";

/** No line may start with the punctuation after a formula, though browsers would break one there. */
export const joinPunctuation = (text: string): string =>
  text.replace(/\ue000([^\ue000]*?)<\/span>([，。；：、！？）」,.;:!?)]*)/g, (_, part: string, marks: string) =>
    marks === "" ? `${part}</span>` : `<span class=n>${part}<span class=p>${marks}</span></span></span>`,
  );

/** What the formulas so far need of the document around them. */
interface Needs {
  /** Names of classes by their rules, in which `&` stands for the name. */
  readonly classes: Map<string, string>;
  /** Ids of the drawings' outlines: each is in the document once. */
  readonly outlines: Map<string, string>;
  readonly families: Set<Family>;
}

/** The name of what is new to a map is its number there. */
function nameOf(value: string, names: Map<string, string>, prefix: string): string {
  const name = names.get(value) ?? `${prefix}${names.size.toString(36)}`;
  names.set(value, name);
  return name;
}

/** An equality and the conditions on it: these are not broken, but may stand in a line of their own. */
function apart(formula: string): string[] {
  const parts = formula.split(`,${latex.gap}`);
  return parts.map((part, i) => (i < parts.length - 1 ? `${part},` : part));
}

/** Rows of a matrix stand apart far enough for their indices. */
const macros = { "\\arraystretch": "1.25" };
const options = { strict: "error", throwOnError: true, trust: false, macros } as const;

const basesOf = (formula: string, displayMode: boolean): Base[] =>
  layOut(readTree(katex.renderToString(formula, { ...options, displayMode, output: "html" })), displayMode);

/** For ears: how things are drawn, and the source, are left out. */
function mathml(formula: string, displayMode: boolean): string {
  const text = katex.renderToString(formula, { ...options, displayMode, output: "mathml" });
  const inside = /<semantics>([\s\S]*)<annotation/.exec(text)?.[1];
  if (inside === undefined) throw new Error(`KaTeX writes no MathML for ${formula}`);
  const plain = inside
    .replace(/<mspace[^>]*\/>|<mspace[^>]*><\/mspace>/g, "")
    .replace(/<(\w+)\s[^>]*>/g, "<$1>")
    .replace(/<mpadded><\/mpadded>/g, "")
    .replace(/(<\/?)mstyle>/g, "$1mrow>")
    .replace(/^<mrow>([\s\S]*)<\/mrow>$/, "$1")
    .replace(/<mtd><mrow>((?:(?!<mrow>|<\/mtd>)[\s\S])*)<\/mrow><\/mtd>/g, "<mtd>$1</mtd>");
  return `<math>${plain}</math>`;
}

function fontFace(family: Family): string {
  const range = family === "KaTeX_Math" ? `;unicode-range:${italicRange}` : "";
  return `@font-face{font-family:${family};src:url(data:font/woff2;base64,${typeface[family]}) format("woff2")${range}}`;
}

function writeBases(bases: readonly Base[], needs: Needs): string {
  const hide = " aria-hidden=true";
  const [first] = bases;
  if (first === undefined) return "";
  if (bases.length === 1) return writeBase(first, needs, hide);
  return `<i${hide}>${bases.map((base) => writeBase(base, needs, "")).join("")}</i>`;
}

function writeBase({ box, height, depth }: Base, needs: Needs, hide: string): string {
  const isPlain = box.kind === "line" && box.family === null && near(box.size, 1) && near(box.shift, 0);
  const margins = isPlain ? marginStyle(box) : "";
  const verticalAlign = near(depth, 0) ? "" : `;vertical-align:${ems(-depth)}`;
  const rules = [
    ...(margins === "" ? [] : [`&{${margins}}`]),
    ...(height <= lineHeight && depth <= lineDepth ? [] : [`&:before{height:${ems(height + depth)}${verticalAlign}}`]),
  ];
  const attribute = rules.length === 0 ? "" : ` class=${nameOf(rules.join("\n"), needs.classes, "_")}`;
  return `<u${hide}${attribute}>${isPlain ? content(box, needs) : write(box, needs)}</u>`;
}

/** A line of the formula's font reaches as far by itself, in em. */
const [lineHeight, lineDepth] = [0.75, 0.25];

function write(piece: Piece, needs: Needs): string {
  if (typeof piece === "string") return piece.replaceAll("<", "&lt;");
  const declarations = boxStyle(piece);
  return declarations === "" && piece.kind === "line" ? content(piece, needs) : element(declarations, piece, needs);
}

/** The document's style sheet makes every `<b>` a stack, whose items share one cell and one baseline. */
function element(declarations: string, box: Box, needs: Needs): string {
  const tag = box.kind === "stack" ? "b" : "i";
  const attribute = declarations === "" ? "" : ` class=${nameOf(`&{${declarations}}`, needs.classes, "_")}`;
  return `<${tag}${attribute}>${content(box, needs)}</${tag}>`;
}

function content(box: Box, needs: Needs): string {
  if (box.family !== null) needs.families.add(box.family);
  if (box.kind === "drawing") return box.pieces.map((svg) => drawing(svg as string, needs)).join("");
  return box.pieces
    .map((piece) =>
      box.kind === "stack" && typeof piece === "object" ? element(itemStyle(piece), piece, needs) : write(piece, needs),
    )
    .join("");
}

function drawing(svg: string, { outlines }: Needs): string {
  const {
    frame,
    ratio = "",
    outline,
  } = /(?<frame> viewBox="[^"]*")(?<ratio> preserveAspectRatio="[^"]*")?.*? d="(?<outline>[^"]*)"/s.exec(svg)?.groups ??
  {};
  if (frame === undefined || outline === undefined)
    throw new Error(`a drawing that KaTeX is not known to make: ${svg}`);
  const isNew = !outlines.has(outline);
  const id = nameOf(outline, outlines, "outline-");
  return `<svg${frame}${ratio}>${isNew ? `<path id="${id}" d="${outline}"/>` : `<use href="#${id}"/>`}</svg>`;
}

const ems = (length: number): string => `${String(Number(length.toFixed(4))).replace(/^(-?)0\./, "$1.")}em`;

const join = (declarations: readonly (string | false)[]): string => declarations.filter(Boolean).join(";");

/** Margins and shift are in em of the box itself, since that is what CSS goes by. */
const marginStyle = ({ size, before, after }: Box): string =>
  join([
    !near(before, 0) && `margin-left:${ems(before / size)}`,
    !near(after, 0) && `margin-right:${ems(after / size)}`,
  ]);

const placeStyle = (box: Box): string =>
  join([
    box.family !== null && `font-family:${box.family}`,
    !near(box.size, 1) && `font-size:${ems(box.size)}`,
    !near(box.shift, 0) && `top:${ems(box.shift / box.size)}`,
    marginStyle(box),
    box.kind === "stack" && box.align !== "start" && `justify-items:${box.align}`,
  ]);

const boxStyle = (box: Box): string =>
  join([placeStyle(box), box.kind === "drawing" && `display:inline-block;width:${ems(box.width)};${drawnStyle(box)}`]);

const itemStyle = (box: Box): string =>
  join([
    placeStyle(box),
    box.kind === "rule" && `justify-self:stretch;border-bottom:${ems(box.height)} solid`,
    box.kind === "drawing" && `justify-self:stretch;min-width:${ems(box.width)};${drawnStyle(box)}`,
  ]);

/** A drawing stands on its lower edge; the margin takes its height from the line, which has a strut for that. */
const drawnStyle = ({ height }: Box): string => `overflow:hidden;height:${ems(height)};margin-top:${ems(-height)}`;
