import type { Placement } from "../program/index.ts";
import { describeValue, Misfit } from "./misfit.ts";
import { isList, type Scalars } from "./scalars.ts";
import { isWeight, pieceAt, type Piece } from "./storage.ts";
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
  const empty = keys.find((key) => (value as Record<string, unknown>)[key] === undefined);
  if (empty !== undefined && lacking.length > 0)
    return new Misfit(code, `${empty} is undefined in the { ${keys.slice(0, 12).join(", ")} } that ${reading.source}`);
  return new Misfit(
    code,
    `${reading.source} { ${keys.slice(0, 12).join(", ")}${keys.length > 12 ? ", …" : ""} }, without ${d}${lacking[0]?.name ?? reading.layout[0]?.name}`,
  );
}

/** A tensor that is there, but is not of its shape. */
export function wrongShape(key: string, value: unknown, shape: Placement, reading: Reading): Misfit {
  const { scalars } = reading;
  const piece = pieceAt({ value }, "value", scalars);
  const other = piece === null ? null : otherSizes(piece, shape, reading);
  if (piece !== null && other !== null)
    return new Misfit(
      "wrong-shape",
      `network says ${other.said.join("-")}, but ${key} has ${other.found}: it is ${sizesText(piece)}; expected ${expectedShape(shape)}`,
      `make the network that \`create\` gives one of these sizes, or say network: "${other.fit.join("-")}" in the adapter`,
    );
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

interface OtherSizes {
  readonly said: readonly number[];
  readonly fit: readonly number[];
  readonly found: string;
}

/** A matrix of parameters that would fit a network with a layer of another size. */
function otherSizes(
  { sizes: found }: Piece,
  { name, rows, columns }: Placement,
  { layout, isGradient }: Reading,
): OtherSizes | null {
  const weights = layout.filter(isWeight);
  const layer = weights.findIndex((shape) => shape.name === name);
  const [height, width] = found;
  if (isGradient || layer < 0 || height === undefined || width === undefined || found.length !== 2) return null;
  const said = [weights[0]?.columns ?? 0, ...weights.map((shape) => shape.rows)];
  // Rows for neurons or for inputs; the other side is as the network says.
  const fits = [
    { at: layer + 1, size: height, found: `${height} rows`, isSo: width === columns },
    { at: layer, size: width, found: `${width} columns`, isSo: height === rows },
    { at: layer + 1, size: width, found: `${width} columns`, isSo: height === columns },
    { at: layer, size: height, found: `${height} rows`, isSo: width === rows },
  ];
  const fit = fits.find(({ isSo }) => isSo);
  return fit === undefined
    ? null
    : { said, fit: said.map((size, i) => (i === fit.at ? fit.size : size)), found: fit.found };
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
