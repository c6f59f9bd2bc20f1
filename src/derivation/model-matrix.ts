import { leftSide, variableKey, type Range } from "../equations/index.ts";
import { some, view, type Expr } from "../expression/index.ts";
import type { SizesOf } from "../exact/index.ts";
import { adjointVariable } from "./adjoint-variable.ts";
import type { MatrixForm } from "./derivation.ts";
import { matrixForm } from "./forms.ts";
import type { ModelDerivation } from "./model.ts";
import { localPoints } from "./model-points.ts";

/** The matrix forms of a model's equations and of its adjoints, in their order; null where there is none. */
export interface ModelMatrixForms {
  readonly equations: readonly (MatrixForm | null)[];
  readonly adjoints: readonly (MatrixForm | null)[];
}

/** @throws RefusedStep where a matrix form is not the equation that it was lifted from */
export function modelMatrixForms({ model, sizes, adjoints }: ModelDerivation): ModelMatrixForms {
  const points = localPoints(model, sizes);
  const own = new Map<string, readonly Expr[]>([
    ...model.tensors.map((t) => [variableKey(t.variable), t.sizes] as const),
    ...model.equations.map((e) => [variableKey(e.variable), e.ranges.map(({ size }) => size)] as const),
  ]);
  const bars = [...own].map(
    ([key, list]) => [variableKey(adjointVariable({ family: key, layer: null })), list] as const,
  );
  const known = new Map([...own, ...bars]);
  const sizesOf: SizesOf = (variable) => known.get(variableKey(variable)) ?? [];
  const form = (goal: Expr, value: Expr, ranges: readonly Range[]): MatrixForm | null =>
    isOfMatrices(value, ranges, sizesOf) ? matrixForm(goal, value, ranges, sizesOf, points) : null;
  return {
    equations: model.equations.map((e) => form(leftSide(e), e.value, e.ranges)),
    adjoints: adjoints.map(({ goal, evaluated, ranges }) => form(goal, evaluated, ranges)),
  };
}

/** Worth writing as matrices: vectors and matrices only, and more than the letters without their indices. */
function isOfMatrices(value: Expr, ranges: readonly Range[], sizesOf: SizesOf): boolean {
  const fits = (rank: number): boolean => rank <= 2;
  const isAtom = (node: Expr): boolean => view(node).kind === "atom";
  return (
    ranges.length > 0 &&
    fits(ranges.length) &&
    some(value, isAtom) &&
    !some(value, (node) => {
      const v = view(node);
      return v.kind === "atom" && !fits(sizesOf(v.variable).length);
    })
  );
}
