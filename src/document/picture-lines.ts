import { boxOf, type Label } from "./picture-formula.ts";
import { direction, shorten, without, type Place, type Segment } from "./picture-geometry.ts";
import type { Dots, Edge, Picture } from "./picture.ts";

/** The connections of a picture as they are drawn. */
export interface Lines {
  readonly thin: readonly Segment[];
  /** The one that is marked: two parts, its name between them. */
  readonly thick: readonly Segment[];
  /** Its arrowhead: the tip and the two other corners. */
  readonly arrowhead: readonly [Place, Place, Place];
}

const arrow = { length: 0.2, halfWidth: 0.075 };
const dotsApart = 0.16;

/**
 * Lines end at the circles and leave out the name of the marked one. So neither needs a background painted over
 * lines, and the picture looks the same on paper of any colour.
 */
export function linesOf({ edges, radius, em }: Picture): Lines {
  const marked = edges.find(({ label }) => label !== null) as Edge;
  const hole = boxOf(marked.label as Label, em);
  const rim = shorten(marked, radius, radius);
  const [tip, back] = [rim.to, shorten(rim, 0, arrow.length).to];
  const [dx, dy] = direction(rim);
  const corner = (side: 1 | -1): Place => ({
    x: back.x - side * dy * arrow.halfWidth,
    y: back.y + side * dx * arrow.halfWidth,
  });
  const thin = edges.filter((edge) => edge !== marked).flatMap((edge) => without(shorten(edge, radius, radius), hole));
  return { thin, thick: without({ from: rim.from, to: back }, hole), arrowhead: [tip, corner(1), corner(-1)] };
}

/** The middles of the dots that ⋮ or ⋯ consists of. */
export const threeDots = ({ x, y, direction }: Dots): readonly Place[] =>
  [-dotsApart, 0, dotsApart].map((step) => (direction === "down" ? { x, y: y + step } : { x: x + step, y }));
