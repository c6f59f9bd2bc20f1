import type { InputPlace, Placement } from "../program/index.ts";
import { isList, typedList, type Scalar, type Scalars } from "./scalars.ts";
import type { Call } from "./messages.ts";

/** What goes into one call: in a recorded run numbers of the recorder. */
export interface Given {
  readonly theta: readonly Scalar[];
  /** Of each sample its inputs and targets. */
  readonly samples: readonly (readonly (readonly Scalar[])[])[];
  readonly rate: Scalar;
}

/** What a function is told of the model: its parameters, inputs and targets. */
export interface Signature {
  readonly layout: readonly Placement[];
  readonly inputs: readonly InputPlace[];
}

/** Numbers its inputs by slot: θ entry by entry, then of each sample its inputs and targets, then the rate. */
export function given({ point, rate }: Call, index: number, scalars: Scalars): Given {
  let slot = 0;
  const take = (list: Float64Array): Scalar[] => Array.from(list, (value) => scalars.input(index, slot++, value));
  const theta = take(point.theta);
  const samples = point.samples.map((sample) => sample.map(take));
  return { theta, samples, rate: scalars.input(index, slot, rate) };
}

/** Entries as nested lists, one level for each size; those of a scalar are the number itself. */
export function nest(entries: readonly Scalar[], sizes: readonly number[]): unknown {
  const [count, ...inner] = sizes;
  if (count === undefined) return entries[0];
  if (inner.length === 0) return [...entries];
  const length = entries.length / count;
  return Array.from({ length: count }, (_, i) => nest(entries.slice(i * length, (i + 1) * length), inner));
}

/** Inputs and targets as arguments, made anew; where there are several samples, each as a list of them. */
export function sampleArguments(
  { samples }: Given,
  inputs: readonly InputPlace[],
  form: "nested" | "flat",
  isBatch = samples.length > 1,
): unknown[] {
  return inputs.map(({ sizes }, i) => {
    const lists = samples.map((sample) => sample[i] ?? []);
    const made = lists.map((list) => (form === "flat" ? typedList(list) : nest(list, sizes)));
    return isBatch ? made : made[0];
  });
}

/** All that a value holds, in order: two of the same are alike entry by entry. */
export function contents(value: unknown, found: unknown[] = []): unknown[] {
  if (isList(value)) {
    found.push(value.length);
    for (let i = 0; i < value.length; i++) contents(value[i], found);
  } else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, entry] of Object.entries(value)) {
      found.push(key);
      contents(entry, found);
    }
  } else found.push(value);
  return found;
}

export const areAlike = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((entry, i) => Object.is(entry, b[i]));
