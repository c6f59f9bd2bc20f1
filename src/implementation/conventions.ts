import type { Placement } from "../program/index.ts";
import { nest, sampleArguments, type Given, type Signature } from "./given.ts";
import { typedList, type Scalar } from "./scalars.ts";
import type { Rows } from "./storage.ts";

/** How a function takes its parameters. */
export type Form =
  "contract" | "flat-parameters" | "nested-parameters" | "flat-tensors" | "positional" | "flat-positional";

/** How a function is called. */
export interface Convention {
  readonly form: Form;
  readonly rows: Rows;
}

export type Callable = (...args: unknown[]) => unknown;

/** The conventions to try, rows = out before rows = in, those first that the number of declared parameters speaks for. */
export function conventionsFor(backward: Callable, signature: Signature): readonly Convention[] {
  const chosen = formsFor(backward, signature);
  const hasMatrix = signature.layout.some(
    ({ rows, columns, sizes }) => sizes.length === 2 && (rows > 1 || columns > 1),
  );
  const all = (rows: Rows): Convention[] => chosen.map((form) => ({ form, rows }));
  return hasMatrix ? [...all("out"), ...all("in")] : all("out");
}

function formsFor(backward: Callable, { layout, inputs }: Signature): readonly Form[] {
  const positional = ["positional", "flat-positional"] as const;
  const isPositional = backward.length === layout.length + inputs.length;
  if (backward.length === inputs.length + 2) return isPositional ? [...positional, "contract"] : ["contract"];
  const named = ["nested-parameters", "flat-tensors", "flat-parameters"] as const;
  // A model with one parameter tensor is called alike in both ways, but for what comes first.
  if (isPositional) return layout.length === 1 ? [...positional, ...named] : positional;
  // Rest parameters declare nothing, so that anything may fit.
  return backward.length === 0 ? [...named, ...positional, "contract"] : [...named, "contract"];
}

/** The parameters as arguments, made anew for each call so that a function cannot spoil the next one's. */
export function parameterArguments({ form, rows }: Convention, { theta }: Given, { layout }: Signature): unknown[] {
  const flat = (shape: Placement): Scalar[] => {
    const { offset, rows: height, columns } = shape;
    const entries = theta.slice(offset, offset + height * columns);
    return isTurned(rows, shape) ? transpose(entries, height, columns) : entries;
  };
  const nested = (shape: Placement): unknown =>
    nest(flat(shape), isTurned(rows, shape) ? shape.sizes.toReversed() : shape.sizes);
  const typed = (shape: Placement): unknown => typedList(flat(shape));
  const named = (make: (shape: Placement) => unknown): unknown =>
    Object.fromEntries(layout.map((shape) => [shape.name, make(shape)]));
  switch (form) {
    case "contract":
    case "flat-parameters":
      return [typedList(layout.flatMap(flat))];
    case "nested-parameters":
      return [named(nested)];
    case "flat-tensors":
      return [named(typed)];
    case "positional":
      return layout.map(nested);
    case "flat-positional":
      return layout.map(typed);
  }
}

const isTurned = (rows: Rows, { sizes }: Placement): boolean => rows === "in" && sizes.length === 2;

const transpose = (entries: readonly Scalar[], rows: number, columns: number): Scalar[] =>
  Array.from({ length: rows * columns }, (_, i) => entries[(i % rows) * columns + Math.floor(i / rows)]);

/** Inputs and targets, or some of them, as the convention passes them. */
export function inputArguments({ form }: Convention, values: Given, inputs: Signature["inputs"]): unknown[] {
  return sampleArguments(values, inputs, form === "nested-parameters" || form === "positional" ? "nested" : "flat");
}

/** The call as it is written: `backward({ W2, b2, … }, x, y)`. */
export function callInWords(name: string, { form }: Convention, { layout, inputs }: Signature): string {
  const given = inputs.map((input) => `, ${input.name}`).join("");
  const names = layout.slice(0, 2).map((shape) => shape.name);
  const more = layout.length > names.length ? ", …" : "";
  const tensors = `${names.join(", ")}${more}`;
  const written = {
    contract: `${name}(theta${given}, gradient)`,
    "flat-parameters": `${name}(theta${given})`,
    "nested-parameters": `${name}({ ${tensors} }${given})`,
    "flat-tensors": `${name}({ ${tensors} }${given}), each tensor a flat array`,
    positional: `${name}(${tensors}${given})`,
    "flat-positional": `${name}(${tensors}${given}), each tensor a flat array`,
  } satisfies Record<Form, string>;
  return written[form];
}
