export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Segment {
  readonly from: Place;
  readonly to: Place;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The part of a segment within a box, as two fractions of the way; null where it passes by. */
export function partWithin({ from, to }: Segment, box: Box): readonly [number, number] | null {
  const across = span(from.x, to.x, box.left, box.right);
  const down = span(from.y, to.y, box.top, box.bottom);
  const [enters, leaves] = [Math.max(0, across[0], down[0]), Math.min(1, across[1], down[1])];
  return enters < leaves ? [enters, leaves] : null;
}

/** Where on its way from `a` to `b` a number is between `least` and `most`. */
function span(a: number, b: number, least: number, most: number): readonly [number, number] {
  if (a === b) return least < a && a < most ? [-Infinity, Infinity] : [Infinity, -Infinity];
  const [s, t] = [(least - a) / (b - a), (most - a) / (b - a)];
  return [Math.min(s, t), Math.max(s, t)];
}

/** What of a segment is outside a box. */
export function without(segment: Segment, box: Box): Segment[] {
  const part = partWithin(segment, box);
  if (part === null) return [segment];
  const [enters, leaves] = part;
  return [
    ...(enters > 0 ? [{ from: segment.from, to: along(segment, enters) }] : []),
    ...(leaves < 1 ? [{ from: along(segment, leaves), to: segment.to }] : []),
  ];
}

/** The place at a fraction of the way. */
export const along = ({ from, to }: Segment, t: number): Place => ({
  x: from.x + t * (to.x - from.x),
  y: from.y + t * (to.y - from.y),
});

/** A segment with its ends taken off. */
export function shorten(segment: Segment, atStart: number, atEnd: number): Segment {
  const length = lengthOf(segment);
  return { from: along(segment, atStart / length), to: along(segment, 1 - atEnd / length) };
}

/** One unit of the way. */
export function direction(segment: Segment): readonly [number, number] {
  const length = lengthOf(segment);
  return [(segment.to.x - segment.from.x) / length, (segment.to.y - segment.from.y) / length];
}

const lengthOf = ({ from, to }: Segment): number => Math.hypot(to.x - from.x, to.y - from.y);
