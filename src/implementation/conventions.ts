import type { GradientPoint, Placement } from "../program/index.ts";
import type { CheckRequest, Convention } from "./messages.ts";

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

/** What a function is told of the model: its parameters, inputs and targets. */
export type Signature = Pick<CheckRequest, "layout" | "inputs">;

/** Arguments for one call, made anew each time so that a function cannot spoil the next one's. */
export function argumentsFor(
  convention: Convention,
  point: GradientPoint,
  { layout, inputs }: Signature,
  gradient: Float64Array,
): unknown[] {
  const flat = ({ offset, rows, columns }: Placement): Float64Array =>
    point.theta.slice(offset, offset + rows * columns);
  const nested = (shape: Placement): unknown => nest(Array.from(flat(shape)), shape.sizes);
  const named = (form: (shape: Placement) => unknown): unknown =>
    Object.fromEntries(layout.map((shape) => [shape.name, form(shape)]));
  const flatInputs = (): Float64Array[] => point.inputs.map((values) => values.slice());
  const nestedInputs = (): unknown[] =>
    point.inputs.map((values, i) => nest(Array.from(values), inputs[i]?.sizes ?? [values.length]));
  switch (convention) {
    case "contract":
      return [point.theta.slice(), ...flatInputs(), gradient];
    case "flat-parameters":
      return [point.theta.slice(), ...flatInputs()];
    case "nested-parameters":
      return [named(nested), ...nestedInputs()];
    case "flat-tensors":
      return [named(flat), ...flatInputs()];
    case "positional":
      return [...layout.map(nested), ...nestedInputs()];
    case "flat-positional":
      return [...layout.map(flat), ...flatInputs()];
  }
}

/** Entries as nested lists, one level for each size; those of a scalar are the number itself. */
function nest(entries: readonly number[], sizes: readonly number[]): unknown {
  const [count, ...inner] = sizes;
  if (count === undefined) return entries[0];
  if (inner.length === 0) return [...entries];
  const length = entries.length / count;
  return Array.from({ length: count }, (_, i) => nest(entries.slice(i * length, (i + 1) * length), inner));
}

/** The conventions to try, those first that the number of declared parameters speaks for. */
export function conventionsFor(backward: Backward, { layout, inputs }: Signature): readonly Convention[] {
  const positional = ["positional", "flat-positional"] as const;
  const isPositional = backward.length === layout.length + inputs.length;
  if (backward.length === inputs.length + 2) return isPositional ? [...positional, "contract"] : ["contract"];
  const named = ["nested-parameters", "flat-tensors", "flat-parameters"] as const;
  // A model with one parameter tensor is called alike in both ways, but for what comes first.
  if (isPositional) return layout.length === 1 ? [...positional, ...named] : positional;
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

function flatten(tensor: unknown, shape: Placement): number[] {
  const { name, rows, columns, sizes } = shape;
  const wrong = (found: string): Misfit =>
    new Misfit(3, "wrong-shape", `d${name} is ${found}; expected ${expectedShape(shape)}`);
  if (sizes.length === 0 && typeof tensor === "number") return [tensor];
  if (!isList(tensor)) throw wrong(describe(tensor));
  const isNested = Array.from(tensor).some(isList);
  const entries = isNested ? unnest(tensor, sizes, wrong) : Array.from(tensor);
  if (entries.length !== rows * columns) throw wrong(`${entries.length} numbers`);
  const bad = entries.find((entry) => typeof entry !== "number");
  if (bad !== undefined)
    throw new Misfit(3, "wrong-shape", `d${name} holds ${describe(bad)} where a number is expected`);
  return entries as number[];
}

/** A vector may come as a column. */
function unnest(tensor: ArrayLike<unknown>, sizes: readonly number[], wrong: (found: string) => Misfit): unknown[] {
  const [count = 1, ...inner] = sizes.length === 1 ? [...sizes, 1] : sizes;
  const parts = Array.from(tensor).map((part) => (isList(part) ? Array.from(part) : [part]));
  const length = inner[0] ?? 1;
  if (parts.length !== count || parts.some((part) => part.length !== length))
    throw wrong(`${parts.length} × ${parts[0]?.length ?? 0}`);
  return inner.length < 2 ? parts.flat() : parts.flatMap((part) => unnest(part, inner, wrong));
}

function expectedShape({ name, rows, columns, sizes }: Placement): string {
  if (sizes.length === 0) return "a number";
  if (sizes.length === 1) return `${rows} numbers`;
  const layer = /^W(\d+)$/.exec(name)?.[1];
  const rowsAre = layer === undefined ? "" : ` (rows: neurons of layer ${layer})`;
  return `${sizes.join(" × ")}${rowsAre} or ${rows * columns} numbers row by row`;
}

const describe = (value: unknown): string =>
  value === null ? "null" : value === undefined ? "nothing" : `a ${typeof value}`;
