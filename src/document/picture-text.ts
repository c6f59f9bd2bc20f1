import { typesetFormula, unicode, type Formula } from "../notation/index.ts";
import type { Place } from "./picture-geometry.ts";
import type { Picture } from "./picture.ts";

/** Columns of a terminal that a picture may take. */
const room = 72;
/** Columns between two layers: where there is room, the arrow grows. */
const gap = { least: 3, most: 9 };

/**
 * A picture in lines of text. Characters cannot draw many lines that cross, so one arrow stands for all connections
 * between two layers, and the marked one is named below. Layers that do not fit beside the others go on below them.
 */
export function toText(picture: Picture): readonly string[] {
  const bands = inBands(columnsOf(picture)).map(printBand);
  const marked = picture.edges.flatMap(({ from, to, label }) =>
    label === null ? [] : [`${print(label.formula)}: ${print(from.formula)} → ${print(to.formula)}`],
  );
  return [...bands, marked].flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));
}

const print = (formula: Formula): string => typesetFormula(formula, unicode);

interface Column {
  /** From top to bottom; an empty line where nothing stands. */
  readonly lines: readonly string[];
  readonly width: number;
  /** The line in which an arrow comes in from the column before; null where none does. */
  readonly arrowAt: number | null;
  readonly isFirst: boolean;
}

function columnsOf({ neurons, dots, labels, edges }: Picture): readonly Column[] {
  const rowOf = rowsOf([...neurons, ...dots.filter(({ direction }) => direction === "down")]);
  const lowest = Math.max(...neurons.map(rowOf));
  const footerAt = [...new Set(labels.map(({ y }) => y))].sort((a, b) => a - b);
  const cells = [
    ...neurons.map((neuron) => ({ x: neuron.x, row: rowOf(neuron), text: `(${print(neuron.formula)})` })),
    ...dots.map((dot) => ({ x: dot.x, row: rowOf(dot), text: dot.direction === "down" ? "⋮" : "⋯" })),
    ...labels.map(({ x, y, formula }) => ({ x, row: lowest + 2 + footerAt.indexOf(y), text: print(formula) })),
  ];
  const height = lowest + 2 + footerAt.length;
  const places = [...new Set(cells.map(({ x }) => x))].sort((a, b) => a - b);
  return places.map((x, i) => {
    const own = cells.filter((cell) => cell.x === x);
    const isEntered = edges.some(({ from, to }) => to.x === x && from.x === places[i - 1]);
    return {
      lines: Array.from({ length: height }, (_, row) => own.find((cell) => cell.row === row)?.text ?? ""),
      width: Math.max(...own.map(({ text }) => text.length)),
      arrowAt: isEntered ? Math.floor(lowest / 2) : null,
      isFirst: i === 0,
    };
  });
}

/** The line for a height: half a gap each where columns stand between each other's neurons, else a whole one. */
function rowsOf(places: readonly Place[]): (place: Place) => number {
  const top = Math.min(...places.map(({ y }) => y));
  const halves = places.map(({ y }) => Math.round(2 * (y - top)));
  const step = halves.some((half) => half % 2 !== 0) ? 1 : 2;
  return ({ y }) => Math.floor(Math.round(2 * (y - top)) / step);
}

function inBands(columns: readonly Column[]): readonly (readonly Column[])[] {
  const bands: Column[][] = [];
  for (const column of columns) {
    const band = bands.at(-1);
    if (band !== undefined && widthOf([...band, column], gap.least) <= room) band.push(column);
    else bands.push([column]);
  }
  return bands;
}

const widthOf = (band: readonly Column[], between: number): number =>
  band.reduce((total, { width, isFirst }) => total + width + (isFirst ? 0 : between), 0);

function printBand(band: readonly Column[]): readonly string[] {
  const gaps = band.filter(({ isFirst }) => !isFirst).length;
  const left = Math.floor((room - widthOf(band, 0)) / Math.max(1, gaps));
  const between = Math.max(gap.least, Math.min(gap.most, left));
  const height = band[0]?.lines.length ?? 0;
  return Array.from({ length: height }, (_, row) =>
    band
      .map((column) => {
        const arrow = row === column.arrowAt ? ` ${"─".repeat(between - 3)}→ ` : " ".repeat(between);
        return (column.isFirst ? "" : arrow) + centred(column.lines[row] as string, column.width);
      })
      .join("")
      .trimEnd(),
  );
}

function centred(text: string, width: number): string {
  const before = Math.floor((width - text.length) / 2);
  return " ".repeat(before) + text + " ".repeat(width - before - text.length);
}
