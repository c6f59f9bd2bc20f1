import type { GradientPoint, Placement } from "../program/index.ts";
import type { Convention } from "./messages.ts";

/** A gradient read from what a function wrote or returned. */
export interface Extracted {
  readonly gradient: Float64Array;
  readonly loss: number | null;
}

/** Why a convention does not fit; of several, the highest rank tells most. */
export class Misfit extends Error {
  readonly rank: number;
  readonly code: string;

  constructor(rank: number, code: string, message: string) {
    super(message);
    this.rank = rank;
    this.code = code;
  }
}

type Backward = (...args: unknown[]) => unknown;

/** Arguments for one call, made anew each time so that a function cannot spoil the next one's. */
export function argumentsFor(
  convention: Convention,
  point: GradientPoint,
  layout: readonly Placement[],
  gradient: Float64Array,
): unknown[] {
  const flat = ({ offset, rows, columns }: Placement): Float64Array =>
    point.theta.slice(offset, offset + rows * columns);
  const nested = (shape: Placement): unknown => {
    const entries = Array.from(flat(shape));
    if (shape.name.startsWith("b")) return entries;
    return Array.from({ length: shape.rows }, (_, i) => entries.slice(i * shape.columns, (i + 1) * shape.columns));
  };
  const named = (form: (shape: Placement) => unknown): unknown =>
    Object.fromEntries(layout.map((shape) => [shape.name, form(shape)]));
  switch (convention) {
    case "contract":
      return [point.theta.slice(), point.x.slice(), point.y.slice(), gradient];
    case "flat-parameters":
      return [point.theta.slice(), point.x.slice(), point.y.slice()];
    case "nested-parameters":
      return [named(nested), Array.from(point.x), Array.from(point.y)];
    case "flat-tensors":
      return [named(flat), point.x.slice(), point.y.slice()];
    case "positional":
      return [...layout.map(nested), Array.from(point.x), Array.from(point.y)];
    case "flat-positional":
      return [...layout.map(flat), point.x.slice(), point.y.slice()];
  }
}

/** The conventions to try, those first that the number of declared parameters speaks for. */
export function conventionsFor(backward: Backward, layout: readonly Placement[]): readonly Convention[] {
  const positional = ["positional", "flat-positional"] as const;
  const isPositional = backward.length === layout.length + 2;
  if (backward.length === 4) return isPositional ? [...positional, "contract"] : ["contract"];
  if (isPositional) return positional;
  const named = ["nested-parameters", "flat-tensors", "flat-parameters"] as const;
  // Rest parameters declare nothing, so that anything may fit.
  return backward.length === 0 ? [...named, ...positional, "contract"] : [...named, "contract"];
}

/** Reads the gradient that a call has produced. Throws a Misfit where it is not of the convention's form. */
export function extract(
  convention: Convention,
  returned: unknown,
  gradient: Float64Array,
  layout: readonly Placement[],
): Extracted {
  if (convention === "contract") return { gradient, loss: typeof returned === "number" ? returned : null };
  if (typeof returned !== "object" || returned === null)
    throw new Misfit(
      1,
      "no-gradient",
      `it returns ${describe(returned)} where an object such as { dW2, db2, … } is expected`,
    );
  const total = layout.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  if (convention === "flat-parameters" && isList(returned) && returned.length === total) {
    return { gradient: Float64Array.from(Array.from(returned, Number)), loss: null };
  }
  const result = new Float64Array(total);
  for (const shape of layout) {
    const tensor = pick(returned as Record<string, unknown>, shape.name);
    result.set(flatten(tensor, shape), shape.offset);
  }
  return { gradient: result, loss: null };
}

function pick(returned: Record<string, unknown>, name: string): unknown {
  const found = [`d${name}`, name].find((key) => (returned[key] ?? null) !== null);
  if (found === undefined)
    throw new Misfit(2, "missing-gradient", `it returns { ${Object.keys(returned).join(", ")} }, without d${name}`);
  return returned[found];
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

function flatten(tensor: unknown, { name, rows, columns }: Placement): number[] {
  if (!isList(tensor))
    throw new Misfit(3, "wrong-shape", `d${name} is ${describe(tensor)}; expected ${rows} × ${columns} numbers`);
  const outer = Array.from(tensor);
  const isNested = outer.some(isList);
  const wrong = (found: string): Misfit =>
    new Misfit(
      3,
      "wrong-shape",
      `d${name} is ${found}; expected ${columns === 1 ? `${rows} numbers` : `${rows} × ${columns} (rows: neurons of layer ${name.slice(1)}) or ${rows * columns} numbers row by row`}`,
    );
  if (!isNested && outer.length !== rows * columns) throw wrong(`${outer.length} numbers`);
  const lists = outer.map((row) => (isList(row) ? Array.from(row) : [row]));
  if (isNested && (outer.length !== rows || lists.some((row) => row.length !== columns)))
    throw wrong(`${outer.length} × ${lists[0]?.length ?? 0}`);
  const entries = lists.flat();
  const bad = entries.find((entry) => typeof entry !== "number");
  if (bad !== undefined)
    throw new Misfit(3, "wrong-shape", `d${name} holds ${describe(bad)} where a number is expected`);
  return entries as number[];
}

const describe = (value: unknown): string =>
  value === null ? "null" : value === undefined ? "nothing" : `a ${typeof value}`;
