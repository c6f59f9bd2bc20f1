import { all, atom, num, sizeOf, type Expr } from "../expression/index.ts";
import type { Formula } from "../notation/index.ts";
import { boxOf, measure, type Label } from "./picture-formula.ts";
import { along, partWithin, type Place } from "./picture-geometry.ts";

/** A drawing of a network: shapes with coordinates in units of one gap between neurons, y downwards. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Of the circle that stands for a neuron. */
  readonly radius: number;
  /** The size of formulas: the length of one em. */
  readonly em: number;
  /** Circles, each with its name in it. */
  readonly neurons: readonly Label[];
  readonly edges: readonly Edge[];
  /** ⋮ where neurons, ⋯ where layers are left out. */
  readonly dots: readonly Dots[];
  /** Formulas below the columns. */
  readonly labels: readonly Label[];
}

/** A connection between two of the neurons. One is marked: it carries a label, the others null. */
export interface Edge {
  readonly from: Label;
  readonly to: Label;
  readonly label: Label | null;
}

export interface Dots extends Place {
  readonly direction: "down" | "across";
}

const radius = 0.36;
const em = 0.32;
/** Around everything, for half the width of a line. */
const margin = 0.06;
/** Below the middle of the lowest neuron: the middles of two lines of formulas. */
const footerLines = [0.85, 1.35] as const;
/** Of more layers or neurons than these, only the first and the last are shown. */
const mostLayers = 6;
const mostNeurons = 6;
/** Dots for layers left out stand closer to their neighbours than these to each other. */
const dotsGap = 0.55;

/** The network as it is usually drawn: a column of neurons for each layer and their connections, one of them named. */
export function drawNetwork(sizes: readonly number[]): Picture {
  const rows = Math.max(...shownLayers(sizes.length).map((l) => (l === null ? 1 : slots(sizeAt(sizes, l)).length)));
  const middle = margin + radius + (rows - 1) / 2;
  const lowest = middle + (rows - 1) / 2;
  const { columns, dotsAt, width } = placeColumns(sizes, middle);
  const across: readonly Dots[] = dotsAt === null ? [] : [{ x: dotsAt, y: middle, direction: "across" }];
  return {
    width,
    height: lowest + footerLines[1] + em / 2 + margin,
    radius,
    em,
    neurons: columns.flatMap(({ neurons }) => neurons),
    edges: connect(columns),
    dots: [...columns.flatMap(({ dots }) => dots), ...across],
    labels: columns.flatMap(({ x, layer, size }) =>
      footer(layer, size).map((formula, i) => ({ x, y: lowest + (footerLines[i] as number), formula, scale: 1 })),
    ),
  };
}

/** A layer that is shown. */
interface Column {
  readonly layer: number;
  readonly size: number;
  readonly x: number;
  readonly neurons: readonly Label[];
  readonly dots: readonly Dots[];
}

/** The layers from left to right; null where others are left out. */
const shownLayers = (count: number): readonly (number | null)[] =>
  count > mostLayers ? [1, 2, 3, null, count - 1, count] : numbersTo(count);

/** The neurons of a layer from top to bottom; null where others are left out. */
const slots = (size: number): readonly (number | null)[] => (size > mostNeurons ? [1, 2, null, size] : numbersTo(size));

const numbersTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
const sizeAt = (sizes: readonly number[], layer: number): number => sizes[layer - 1] as number;

interface Columns {
  readonly columns: readonly Column[];
  /** Where the dots for layers left out stand. */
  readonly dotsAt: number | null;
  readonly width: number;
}

function placeColumns(sizes: readonly number[], middle: number): Columns {
  const shown = shownLayers(sizes.length);
  const halfWidths = shown.map((l) => (l === null ? 0 : halfWidth(l, sizeAt(sizes, l))));
  const gap = shown.length === 2 ? 3.2 : shown.length === 3 ? 2.8 : 2.4;
  const places = [margin + (halfWidths[0] as number)];
  for (const [i, layer] of shown.slice(1).entries())
    places.push((places[i] as number) + gap * (layer === null || shown[i] === null ? dotsGap : 1));
  const at = (i: number): number => places[i] as number;
  return {
    columns: shown.flatMap((l, i) => (l === null ? [] : [column(l, sizeAt(sizes, l), at(i), middle)])),
    dotsAt: shown.includes(null) ? at(shown.indexOf(null)) : null,
    width: at(shown.length - 1) + (halfWidths.at(-1) as number) + margin,
  };
}

const halfWidth = (layer: number, size: number): number =>
  Math.max(radius, ...footer(layer, size).map((formula) => (measure(formula) * em) / 2));

function column(layer: number, size: number, x: number, middle: number): Column {
  const rows = slots(size);
  const placed = rows.map((number, i) => ({ number, y: middle + i - (rows.length - 1) / 2 }));
  return {
    layer,
    size,
    x,
    neurons: placed.flatMap(({ number, y }) => (number === null ? [] : [neuron(layer, number, x, y)])),
    dots: placed.flatMap(({ number, y }) => (number === null ? [{ x, y, direction: "down" }] : [])),
  };
}

/** Its name fills at most this much of a circle from left to right. */
const fill = 0.72;

function neuron(layer: number, number: number, x: number, y: number): Label {
  const formula = expression(entry(activation(layer), number));
  // In steps, so that circles with about as long a name have it in the same size.
  const scale = Math.floor((20 * fill * 2 * radius) / (measure(formula) * em)) / 20;
  return { x, y, formula, scale: Math.min(1, scale) };
}

/** What a layer as a whole is called, and how many neurons it has. */
const footer = (layer: number, size: number): readonly Formula[] => [
  expression(atom({ family: activation(layer), layer: null }, [all()])),
  { kind: "equality", left: sizeOf(num(layer)), right: num(size) },
];

const activation = (layer: number): string => (layer === 1 ? "x" : `a${layer}`);
const entry = (family: string, ...indices: readonly number[]): Expr => atom({ family, layer: null }, indices.map(num));
const expression = (expr: Expr): Formula => ({ kind: "expression", expr });

/** All connections between neighbours; none across layers that are left out. */
function connect(columns: readonly Column[]): readonly Edge[] {
  const plain = columns.flatMap((from, i) => {
    const to = columns[i + 1];
    if (to?.layer !== from.layer + 1) return [];
    return from.neurons.flatMap((start) => to.neurons.map((end): Edge => ({ from: start, to: end, label: null })));
  });
  const [first, second] = columns as readonly [Column, Column];
  // Two different numbers, so that the order of the indices is seen.
  const k = Math.min(2, first.size);
  const j = k === 2 ? 1 : Math.min(2, second.size);
  const [from, to] = [first.neurons[k - 1], second.neurons[j - 1]];
  return plain.map((edge) =>
    edge.from === from && edge.to === to
      ? { ...edge, label: nameOf(edge, expression(entry("W2", j, k)), plain) }
      : edge,
  );
}

/** The name of a connection, on its line where the fewest others pass. */
function nameOf(edge: Edge, formula: Formula, edges: readonly Edge[]): Label {
  const candidates = [0.5, 0.46, 0.54, 0.42, 0.58, 0.38].map((t) => {
    const label = { ...along(edge, t), formula, scale: 1 };
    const box = boxOf(label, em);
    return { label, crossings: edges.filter((other) => partWithin(other, box) !== null).length };
  });
  return candidates.reduce((best, next) => (next.crossings < best.crossings ? next : best)).label;
}
