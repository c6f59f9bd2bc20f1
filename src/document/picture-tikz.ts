import { latex, typesetFormula } from "../notation/index.ts";
import type { Label } from "./picture-formula.ts";
import type { Place, Segment } from "./picture-geometry.ts";
import { linesOf, threeDots } from "./picture-lines.ts";
import type { Picture } from "./picture.ts";

/** Centimetres: what a page has room for, and one gap between neurons where that is no limit. */
const room = { width: 15, height: 9 };
const gap = 1.2;

/** A picture as a tikzpicture; `\usepackage{tikz}` is all that it needs. */
export function toTikz(picture: Picture): string {
  const unit = Math.min(gap, room.width / picture.width, room.height / picture.height);
  // Rounded down: nothing may stick out of the page.
  const cm = Math.floor(unit * 1000) / 1000;
  const { thin, thick, arrowhead } = linesOf(picture);
  const names = picture.edges.flatMap(({ label }) => (label === null ? [] : [label]));
  return [
    `\\begin{tikzpicture}[x=${cm}cm, y=-${cm}cm, inner sep=0pt, line width=0.5pt]`,
    // A frame of its own, so that the picture is as large as it says and is not moved by what sticks out of letters.
    `\\useasboundingbox (0,0) rectangle ${at({ x: picture.width, y: picture.height })};`,
    ...(thin.length === 0 ? [] : [`\\draw[gray, line width=0.3pt]`, ...thin.map((s) => `  ${line(s)}`), `;`]),
    `\\draw[line width=1.2pt] ${thick.map(line).join(" ")};`,
    `\\fill ${arrowhead.map(at).join(" -- ")} -- cycle;`,
    ...picture.neurons.map((neuron) => `\\draw ${at(neuron)} circle[radius=${round(picture.radius)}] ${node(neuron)};`),
    ...picture.dots.flatMap(threeDots).map((dot) => `\\fill ${at(dot)} circle[radius=1pt];`),
    ...[...names, ...picture.labels].map((label) => `\\path ${at(label)} ${node(label)};`),
    `\\end{tikzpicture}`,
  ].join("\n");
}

const line = ({ from, to }: Segment): string => `${at(from)} -- ${at(to)}`;
const at = ({ x, y }: Place): string => `(${round(x)},${round(y)})`;
const round = (length: number): number => Math.round(length * 1000) / 1000;

/** `mid` is the height at which a minus stands, so that formulas beside each other share their line. */
const node = ({ formula, scale }: Label): string =>
  `node[anchor=mid${scale === 1 ? "" : `, scale=${scale}`}] {$${typesetFormula(formula, latex)}$}`;
