import { writeOut, type Derivation, type WrittenOut } from "../derivation/index.ts";
import { hasOneActivation, variableKey, type Range } from "../equations/index.ts";
import { shown, type Expr, type Variable } from "../expression/index.ts";

/** How much is written before dots take the place of the rest. */
export interface Elision {
  /** Terms of a sum, rows and columns of a matrix. */
  readonly terms: number;
  /** Layers that are gone through one by one. */
  readonly layers: number;
}

export const brief: Elision = { terms: 6, layers: 4 };
/** `--full`: beyond this a page holds no more. */
export const full: Elision = { terms: 40, layers: 64 };

/** Layers with activations of their own do not continue a pattern: each is shown. */
export const shownLayers = ({ network }: Derivation, count: number, { layers }: Elision): readonly (number | null)[] =>
  shown(count, hasOneActivation(network) ? layers : count);

/** The sizes of a variable of the numbered network; an error δ has those of its pre-activation. */
export function numberedSizes({ model }: Derivation, variable: Variable): readonly Expr[] {
  const key = variableKey(variable).replace(/^delta/, "z");
  const tensor = model.tensors.find((t) => variableKey(t.variable) === key);
  const equation = model.equations.find((e) => variableKey(e.variable) === key);
  return tensor?.sizes ?? equation?.ranges.map(({ size }) => size) ?? [];
}

export const writeEquation = (
  derivation: Derivation,
  { goal, value, ranges }: { readonly goal: Expr; readonly value: Expr; readonly ranges: readonly Range[] },
  { terms }: Elision,
): WrittenOut => writeOut(goal, value, ranges, (variable) => numberedSizes(derivation, variable), terms);
