import type { Placement } from "../program/index.ts";
import { describeValue, Misfit } from "./misfit.ts";
import { isList, type Scalars } from "./scalars.ts";
import { pieceAt, type Piece } from "./storage.ts";
import { nameOf, type TensorName } from "./tensor-names.ts";

/** What is read, and how it is spoken of. */
export interface Reading {
  readonly layout: readonly Placement[];
  readonly scalars: Scalars;
  /** Are these gradients, which may have names such as dW2, or the parameters themselves? */
  readonly isGradient: boolean;
  /** Where the numbers come from: "it returns", "`parameters` gives". */
  readonly source: string;
}

export interface Named {
  readonly key: string;
  readonly name: TensorName;
}

/** Where both W2 and dW2 are there, the gradient is the latter. */
export function preferred(value: object, { isGradient }: Reading): readonly Named[] {
  const named = Object.keys(value)
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .map((key) => ({ key, name: nameOf(key) }));
  if (!isGradient) return named.filter(({ name }) => !name.isGradient || name.kind === null);
  return named.toSorted((a, b) => Number(b.name.isGradient) - Number(a.name.isGradient));
}

export const listed = ({ layout, isGradient }: Reading): string => {
  const names = layout.slice(0, 2).map(({ name }) => (isGradient ? `d${name}` : name));
  return `an object such as { ${names.join(", ")}${layout.length > 2 ? ", …" : ""} }`;
};

export function missing(value: unknown, reading: Reading): Misfit {
  const code = reading.isGradient ? "missing-gradient" : "missing-parameter";
  const d = reading.isGradient ? "d" : "";
  if (isList(value)) {
    const total = reading.layout.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    return new Misfit(
      "wrong-shape",
      `${reading.source} a list of ${value.length} entries; expected ${listed(reading)} or all ${total} numbers in one list`,
    );
  }
  const named = preferred(value as object, reading);
  const lacking = reading.layout.filter(
    (shape) => !named.some(({ name }) => name.exact.includes(shape.name.toLowerCase())),
  );
  const keys = Object.keys(value as object);
  return new Misfit(
    code,
    `${reading.source} { ${keys.slice(0, 12).join(", ")}${keys.length > 12 ? ", …" : ""} }, without ${d}${lacking[0]?.name ?? reading.layout[0]?.name}`,
  );
}

/** A tensor that is there, but is not of its shape. */
export function wrongShape(
  key: string,
  value: unknown,
  shape: Placement,
  { scalars }: Pick<Reading, "scalars">,
): Misfit {
  const piece = pieceAt({ value }, "value", scalars);
  if (piece !== null)
    return new Misfit("wrong-shape", `${key} is ${sizesText(piece)}; expected ${expectedShape(shape)}`);
  const odd = isList(value) ? firstOdd(value, scalars) : undefined;
  if (odd !== undefined)
    return new Misfit("wrong-shape", `${key} holds ${describeValue(odd.value)} where a number is expected`);
  const found = isList(value) ? `${value.length} rows that are not of one length` : describeValue(value);
  return new Misfit("wrong-shape", `${key} is ${found}; expected ${expectedShape(shape)}`);
}

function firstOdd(list: ArrayLike<unknown>, scalars: Scalars): { readonly value: unknown } | undefined {
  for (const value of Array.from(list)) {
    const odd = isList(value) ? firstOdd(value, scalars) : scalars.isScalar(value) ? undefined : { value };
    if (odd !== undefined) return odd;
  }
  return undefined;
}

const sizesText = ({ sizes }: Piece): string =>
  sizes.length === 0 ? "a number" : sizes.length === 1 ? `${sizes[0]} numbers` : sizes.join(" × ");

function expectedShape({ name, rows, columns, sizes }: Placement): string {
  if (sizes.length === 0) return "a number";
  if (sizes.length === 1) return `${rows} numbers`;
  const layer = /^W(\d+)$/.exec(name)?.[1];
  const rowsAre = layer === undefined ? "" : ` (rows: neurons of layer ${layer})`;
  return `${sizes.join(" × ")}${rowsAre} or ${rows * columns} numbers row by row`;
}
