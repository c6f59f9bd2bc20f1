import type { typeface } from "../typeface.ts";
import { isElement, type Drawing, type Element, type Node } from "./html-tree.ts";

export type Family = keyof typeof typeface;
export type Align = "start" | "center" | "end";

/**
 * What a formula is made of once it is set: letters, boxes in a line, and boxes stacked on one baseline, each moved
 * down from it by its `shift`. Lengths are in em of what is around the box; its own letters are `size` times as large.
 */
export interface Box {
  readonly kind: "line" | "stack" | "rule" | "drawing";
  readonly size: number;
  readonly shift: number;
  readonly before: number;
  readonly after: number;
  /** Null for the letters' usual one: italic letters, upright digits and signs. */
  readonly family: Family | null;
  readonly align: Align;
  /** Thickness of a rule, height of a drawing. */
  readonly height: number;
  readonly width: number;
  readonly pieces: readonly Piece[];
}
export type Piece = string | Box;

/** A part of a formula that is not broken, as high and as deep as KaTeX says it is. */
export interface Base {
  readonly box: Box;
  readonly height: number;
  readonly depth: number;
}

type Loose = Piece | { readonly gap: number };

interface Around {
  readonly family: Family;
  readonly align: Align;
}

/**
 * KaTeX's layout of a formula, in fewer boxes. KaTeX takes eight elements to set a subscript, so that the formulas
 * of a document would take a megabyte; the measures are the same.
 *
 * @param breaksBefore whether a line may be broken before a relation or operation, rather than after it
 */
export function layOut(nodes: readonly Node[], breaksBefore: boolean): Base[] {
  const parts = findBases(nodes).map(({ children: [strut, ...content] }) => {
    const { style } = strut as Element;
    const depth = -em(style["vertical-align"]);
    return { content, height: em(style.height) - depth, depth };
  });
  return (breaksBefore ? partBeforeOperations(parts) : parts).map(({ content, ...extent }) => ({
    box: line(content.flatMap((node) => set(node, { family: "KaTeX_Main", align: "start" }))),
    ...extent,
  }));
}

interface Part {
  readonly content: readonly Node[];
  readonly height: number;
  readonly depth: number;
}

/** KaTeX ends a part with a relation or an operation. Here it begins the next; at a dot there is no break at all. */
function partBeforeOperations(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  let carried: readonly Node[] = [];
  for (const { content, ...extent } of parts) {
    const last = content.findLastIndex((node) => !isOperation(node));
    if (last < 0) {
      carried = [...carried, ...content];
      continue;
    }
    const part = { ...extent, content: [...carried, ...content.slice(0, last + 1)] };
    const before = result.at(-1);
    if (before !== undefined && (carried.some(isDot) || isShortlyOpen(before.content, part.content)))
      result[result.length - 1] = {
        content: [...before.content, ...part.content],
        height: Math.max(before.height, part.height),
        depth: Math.max(before.depth, part.depth),
      };
    else result.push(part);
    carried = content.slice(last + 1);
  }
  return carried.length === 0 ? result : [...result, { content: carried, height: 0, depth: 0 }];
}

/** Is a parenthesis open at the end of a part that the next one closes? (1 − a) and (3 × 2) stay on one line. */
const isShortlyOpen = (part: readonly Node[], next: readonly Node[]): boolean =>
  parenthesesOf(part) > 0 && parenthesesOf(part) + parenthesesOf(next) <= 0;

const parenthesesOf = (nodes: readonly Node[]): number =>
  nodes
    .filter(isElement)
    .reduce((n, { classes }) => n + (classes.includes("mopen") ? 1 : classes.includes("mclose") ? -1 : 0), 0);

const isDot = (node: Node): boolean => isElement(node) && node.children[0] === "⋅";

const findBases = (nodes: readonly Node[]): Element[] =>
  nodes.filter(isElement).flatMap((node) => (node.classes.includes("katex-base") ? [node] : findBases(node.children)));

const isOperation = (node: Node | undefined): boolean =>
  node !== undefined && isElement(node) && ["mspace", "mrel", "mbin"].some((name) => node.classes.includes(name));

const em = (length: string | undefined): number => (length === undefined ? 0 : Number.parseFloat(length));

/** Classes that say what something is, not how it looks. */
const silent = new Set(
  (
    "mord mbin mrel mopen mclose mpunct minner mop mtight mspace text textrm mathrm mainrm mfrac msupsub op-limits " +
    "op-symbol mtable arraycolsep delimsizing delimsizinginner delimcenter mult nulldelimiter katex-sizing cjk_fallback sqrt svg-align " +
    "hide-tail amp vlist-s"
  ).split(" "),
);
const alignments: Readonly<Record<string, Align>> = {
  "col-align-l": "start",
  "col-align-c": "center",
  "col-align-r": "end",
  mfrac: "center",
  "op-limits": "center",
  msupsub: "start",
  "svg-align": "start",
};
const families: Readonly<Record<string, Family>> = {
  mathnormal: "KaTeX_Math",
  "small-op": "KaTeX_Size1",
  "large-op": "KaTeX_Size2",
  "delim-size1": "KaTeX_Size1",
  "delim-size4": "KaTeX_Size4",
};
/** Of the sizes 1 to 11, in em of size 6. */
const scale = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488];
/** Either side of a fraction. */
const nullDelimiter = 0.12;

function set(node: Node, around: Around): Loose[] {
  if (typeof node === "string") return [letters(node, around.family)];
  if (!isElement(node)) throw new Error("a drawing stands in no box");
  const { classes, style, children } = node;
  if (classes.includes("vlist-t")) return [stack(node, around)];
  if (classes.includes("frac-line")) return [{ ...empty, kind: "rule", height: em(style["border-bottom-width"]) }];
  // KaTeX puts a strut of no width beside ⋮, which the height of the row has been measured with.
  if (classes.includes("katex-rule") && em(style["border-right-width"]) === 0) return [];
  const drawing = children.find((child): child is Drawing => typeof child === "object" && !isElement(child));
  if (drawing !== undefined) return [drawn(drawing, style)];
  const { size, within } = read(classes, around);
  const pieces = children.flatMap((child) => set(child, within));
  const shift = em(style.top);
  const box = line(pieces, size);
  return [
    { gap: em(style["margin-left"]) + em(style["padding-left"]) },
    ...(size === 1 && shift === 0 ? pieces : [{ ...box, shift: shift + box.shift }]),
    { gap: em(style["margin-right"]) + em(style.width) + (classes.includes("nulldelimiter") ? nullDelimiter : 0) },
  ];
}

function read(classes: readonly string[], around: Around): { readonly size: number; readonly within: Around } {
  let { family, align } = around;
  let size = 1;
  const sizes = classes.flatMap((name) => /^size(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  for (const name of classes) {
    const reset = /^reset-size(\d+)$/.exec(name)?.[1];
    if (reset !== undefined) size = scaleOf(sizes[0]) / scaleOf(Number(reset));
    else if (alignments[name] !== undefined) align = alignments[name];
    else if (families[name] !== undefined) family = families[name];
    else if (/^size[1-4]$/.test(name) && classes.includes("delimsizing")) family = `KaTeX_S${name.slice(1)}` as Family;
    else if (!silent.has(name) && !/^size\d+$/.test(name)) throw new Error(`no layout for KaTeX's class ${name}`);
  }
  return { size, within: { family, align } };
}

function scaleOf(size: number | undefined): number {
  const factor = scale[(size ?? 0) - 1];
  if (factor === undefined) throw new Error(`KaTeX has no size ${size}`);
  return factor;
}

const empty = {
  size: 1,
  shift: 0,
  before: 0,
  after: 0,
  family: null,
  align: "start",
  height: 0,
  width: 0,
  pieces: [],
} as const satisfies Omit<Box, "kind">;

/** The letters that stand italic unless another family is named: those of the font for mathematics. */
export const italicRange = "U+41-5A,U+61-7A,U+391-3C9,U+3D1,U+3D5,U+3F5";
const italic = /[A-Za-z\u0391-\u03c9\u03d1\u03d5\u03f5]/;

function letters(text: string, family: Family): Piece {
  const isUsual =
    family === "KaTeX_Math"
      ? Array.from(text).every((c) => italic.test(c))
      : family === "KaTeX_Main" && !italic.test(text);
  return isUsual ? text : { ...empty, kind: "line", family, pieces: [text] };
}

/** A stretched delimiter or root sign. */
const drawn = ({ svg }: Drawing, style: Element["style"]): Box => ({
  ...empty,
  kind: "drawing",
  height: em(style.height),
  width: em(style.width ?? style["min-width"]),
  pieces: [svg],
});

/** KaTeX sets each item upon a strut, so that its baseline is as far below the top of the strut as that is high. */
function stack(table: Element, around: Around): Box {
  const [row] = table.children.filter(isElement);
  const [list] = row?.children.filter(isElement) ?? [];
  if (list === undefined) throw new Error("KaTeX's stack has no items");
  const items = list.children.filter(isElement).map(({ style, children: [strut, ...content] }) => {
    const box = line(content.flatMap((node) => set(node, around)));
    return {
      ...box,
      shift: box.shift + em(style.top) + em((strut as Element).style.height),
      before: box.before + em(style["margin-left"]),
      after: box.after + em(style["margin-right"]),
    };
  });
  const [only] = items;
  return items.length === 1 && only !== undefined
    ? only
    : { ...empty, kind: "stack", align: around.align, pieces: items };
}

/** Boxes and letters in a line; gaps become margins of what stands beside them. */
function line(loose: readonly Loose[], size = 1): Box {
  const pieces: Piece[] = [];
  let [before, pending] = [0, 0];
  for (const piece of loose) {
    if (typeof piece === "object" && "gap" in piece) {
      pending += piece.gap;
      continue;
    }
    const last = pieces.at(-1);
    if (last === undefined) [before, pending] = [pending, 0];
    if (typeof piece === "object") pieces.push({ ...piece, before: piece.before + pending });
    else if (near(pending, 0)) {
      if (typeof last === "string") pieces[pieces.length - 1] = last + piece;
      else pieces.push(piece);
    } else if (typeof last === "object") {
      pieces[pieces.length - 1] = { ...last, after: last.after + pending };
      pieces.push(piece);
    } else pieces.push({ ...empty, kind: "line", before: pending, pieces: [piece] });
    pending = 0;
  }
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === "object")
    return {
      ...only,
      size: size * only.size,
      shift: size * only.shift,
      before: size * (before + only.before),
      after: size * (pending + only.after),
    };
  return { ...empty, kind: "line", size, before: size * before, after: size * pending, pieces };
}

export const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-5;
