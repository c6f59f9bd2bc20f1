import { substitute, transform, view, atom, type Expr } from "../expression/index.ts";
import type { CauseId } from "./finding.ts";
import { depthOf, type GradientStages, type Part, type Parts, type Shape } from "./parts.ts";
import { gradientPart } from "./reduction.ts";

/** A change of one part of the backward pass; null where the part has nothing to be changed so. */
export type Edit = (part: Part) => Part | null;

/** A mistake as a change of the derivation. */
export interface Mutation {
  readonly id: CauseId;
  readonly message: string;
  /** The first quantity that comes out wrong, in the order of the backward pass: a parameter stands for its gradient. */
  readonly wrong: string;
  readonly edits: ReadonlyMap<string, Edit>;
}

/** What is known of the code before its gradient is looked at. */
export interface Facts {
  /** Is the loss that the code reports the one claimed, another, or does it report none? */
  readonly loss: "claimed" | "other" | "unknown";
  readonly hasRate: boolean;
  readonly isStep: boolean;
}

export type Row = (shape: Shape, facts: Facts, parts: Parts) => readonly Mutation[];

/** The parts with all edits made, or null where one of them finds nothing to change. */
export function mutated(parts: Parts, mutation: Mutation): Parts | null {
  const changed = new Map(parts);
  for (const [key, edit] of mutation.edits) {
    const part = parts.get(key);
    const next = part === undefined ? null : editedOnce(edit, part);
    if (next === null) return null;
    changed.set(key, next);
  }
  return changed;
}

/** Pairs of mistakes make the same edit of the same part again and again. */
function editedOnce(edit: Edit, part: Part): Part | null {
  const known = edited.get(edit) ?? new WeakMap<Part, { readonly part: Part | null }>();
  edited.set(edit, known);
  const found = known.get(part) ?? { part: edit(part) };
  known.set(part, found);
  return found.part;
}

const edited = new WeakMap<Edit, WeakMap<Part, { readonly part: Part | null }>>();

/** An edit of the formula of a quantity of samples. */
export const formula =
  (change: (value: Expr, part: Part) => Expr | null): Edit =>
  (part) => {
    const value = change(part.value, part);
    return value === null ? null : { ...part, value };
  };

/** Another formula in the place of a quantity's, whatever that is. */
export function instead(value: () => Expr): Edit {
  let known: Part | null = null;
  return (part) => (known ??= { ...part, value: value() });
}

/** An edit of a stage of a gradient. */
export const staged =
  (shape: Shape, change: (stages: GradientStages, part: Part) => Partial<GradientStages> | null): Edit =>
  (part) => {
    if (part.stages === undefined) return null;
    const next = change(part.stages, part);
    return next === null ? null : gradientPart(part, { ...part.stages, ...next }, shape);
  };

/** An edit of a gradient as a whole. */
export const finished = (shape: Shape, change: (gradient: Expr, part: Part) => Expr): Edit =>
  staged(shape, ({ outer }, part) => ({ outer: [...outer, (gradient) => change(gradient, part)] }));

/** One mutation from its edits by key. */
export const mutation = (
  id: CauseId,
  wrong: string,
  message: string,
  edits: Readonly<Record<string, Edit>>,
): Mutation => ({
  id,
  wrong,
  message,
  edits: new Map(Object.entries(edits)),
});

/** The same edit for several keys. */
export const forEach = (keys: readonly string[], edit: Edit): Readonly<Record<string, Edit>> =>
  Object.fromEntries(keys.map((key) => [key, edit]));

/** One variable in the place of another, at the same indices or at those made from them; null where there is none. */
export const replaced = (expr: Expr, key: string, by: string | ((indices: readonly Expr[]) => Expr)): Expr | null => {
  const result = transform(expr, (node) => {
    const v = view(node);
    if (v.kind !== "atom" || v.variable.family !== key) return node;
    return typeof by === "string" ? atom({ family: by, layer: null }, v.indices) : by(v.indices);
  });
  return result === expr ? null : result;
};

/** A formula in one letter, at an entry. */
export const at = (expr: Expr, letter: string, value: Expr): Expr => substitute(expr, new Map([[letter, value]]));

/** Layers in which a mistake may be made at once, the most particular first. */
export interface Scope {
  readonly layers: readonly number[];
  /** "layer 2", "the hidden layers", "every layer". */
  readonly text: string;
}

export function scopesOf(layers: readonly number[], shape: Shape): readonly Scope[] {
  const hidden = layers.filter((l) => l < depthOf(shape));
  const singles = layers.map((l) => ({ layers: [l], text: `layer ${l}` }));
  const several = [
    ...(hidden.length > 1 ? [{ layers: hidden, text: "every hidden layer" }] : []),
    ...(layers.length > 1 && layers.length > hidden.length ? [{ layers, text: "every layer" }] : []),
  ];
  return [...singles, ...several];
}

export const allLayers = (shape: Shape): readonly number[] =>
  Array.from({ length: depthOf(shape) - 1 }, (_, i) => i + 2);
export const hiddenLayers = (shape: Shape): readonly number[] => allLayers(shape).slice(0, -1);
/** The layer of a scope whose quantities the backward pass computes first. */
export const firstOf = ({ layers }: Scope): number => Math.max(...layers);

/** Parameters in which a mistake may be made at once. */
export interface TensorScope {
  /** Of the parameters, W2, b2, … */
  readonly keys: readonly string[];
  readonly text: string;
}

export function tensorScopes(shape: Shape, families: readonly ("W" | "b")[] = ["W", "b"]): readonly TensorScope[] {
  const layers = allLayers(shape);
  const down = [...layers].reverse();
  const singles = down.flatMap((l) => families.map((f) => ({ keys: [`${f}${l}`], text: `the gradient of ${f}${l}` })));
  if (layers.length === 1) return singles;
  const ofLayers =
    families.length === 1 ? [] : down.map((l) => ({ keys: [`W${l}`, `b${l}`], text: `the gradient of layer ${l}` }));
  const names = { W: "every gradient of weights", b: "every gradient of biases" };
  return [...singles, ...ofLayers, ...families.map((f) => ({ keys: down.map((l) => `${f}${l}`), text: names[f] }))];
}

export const allTensors = (shape: Shape): TensorScope => ({
  keys: [...allLayers(shape)].reverse().flatMap((l) => [`W${l}`, `b${l}`]),
  text: "the whole gradient",
});

export const gradientsOf = ({ keys }: TensorScope): readonly string[] => keys.map((key) => `d${key}`);
