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
  /** Where inputs and targets come: after the parameters, or before them. */
  readonly inputs: "after" | "before";
}

export type Callable = (...args: unknown[]) => unknown;

/**
 * The conventions to try: parameters before inputs first, rows = out before rows = in, and of these those first that
 * the number of declared parameters speaks for.
 */
export function conventionsFor(backward: Callable, signature: Signature): readonly Convention[] {
  const chosen = formsFor(backward, signature);
  const hasMatrix = signature.layout.some(
    ({ rows, columns, sizes }) => sizes.length === 2 && (rows > 1 || columns > 1),
  );
  return (["after", "before"] as const)
    .flatMap((inputs) =>
      (["out", "in"] as const).flatMap((rows) =>
        rows === "in" && !hasMatrix ? [] : chosen.map((form) => ({ form, rows, inputs })),
      ),
    )
    .filter(({ form, inputs }) => form !== "contract" || inputs === "after");
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

/** All arguments but the array for the gradient, made anew for each call so that a function cannot spoil the next one's. */
export function argumentsFor(convention: Convention, values: Given, signature: Signature): unknown[] {
  const parameters = parameterArguments(convention, values, signature);
  const isNested = convention.form === "nested-parameters" || convention.form === "positional";
  const inputs = sampleArguments(values, signature.inputs, isNested ? "nested" : "flat");
  return convention.inputs === "after" ? [...parameters, ...inputs] : [...inputs, ...parameters];
}

function parameterArguments({ form, rows }: Convention, { theta }: Given, { layout }: Signature): unknown[] {
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

/** The call as it is written: `backward({ W2, b2, … }, x, y)`. */
export function callInWords(name: string, convention: Convention, { layout, inputs }: Signature): string {
  const given = inputs.map((input) => input.name);
  const names = layout.slice(0, 2).map((shape) => shape.name);
  const more = layout.length > names.length ? ", …" : "";
  const tensors = `${names.join(", ")}${more}`;
  const written = {
    contract: "theta",
    "flat-parameters": "theta",
    "nested-parameters": `{ ${tensors} }`,
    "flat-tensors": `{ ${tensors} }`,
    positional: tensors,
    "flat-positional": tensors,
  } satisfies Record<Form, string>;
  const { form } = convention;
  const args = convention.inputs === "after" ? [written[form], ...given] : [...given, written[form]];
  const isFlat = form === "flat-tensors" || form === "flat-positional";
  return `${name}(${[...args, ...(form === "contract" ? ["gradient"] : [])].join(", ")})${isFlat ? ", each tensor a flat array" : ""}`;
}
