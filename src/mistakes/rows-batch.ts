import { add, atom, sym, type Expr } from "../expression/index.ts";
import {
  allTensors,
  finished,
  forEach,
  gradientsOf,
  mutation,
  staged,
  tensorScopes,
  type Mutation,
  type Row,
} from "./mutation.ts";
import type { Reduction } from "./parts.ts";
import { oneSample } from "./rows-bias.ts";

/** The sum over the batch for its mean, the mean for the sum, or divided twice. */
export const batchSums: Row = (shape) => {
  if (shape.samples === 1) return [];
  const wrong: readonly (readonly [Reduction, string])[] =
    shape.reduction === "mean"
      ? [
          ["sum", "summed over the batch, not averaged"],
          ["mean-of-mean", "divided by the number of samples twice"],
        ]
      : [["mean", "averaged over the batch, not summed"]];
  return [allTensors(shape), ...tensorScopes(shape)].flatMap((scope) =>
    wrong.map(([reduction, how]) =>
      mutation(
        "batch-sum",
        scope.keys[0] as string,
        `${scope.text} is ${how}`,
        forEach(
          gradientsOf(scope),
          staged(shape, () => ({ reduction })),
        ),
      ),
    ),
  );
};

/** What an accumulator still holds from the call before, or the batch overwritten sample by sample. */
export const accumulators: Row = (shape) => {
  const added = (gradient: Expr, key: string): Expr =>
    add(
      gradient,
      atom({ family: `${key}_before`, layer: null }, key.startsWith("dW") ? [sym("j"), sym("k")] : [sym("j")]),
    );
  const scopes = [allTensors(shape), ...tensorScopes(shape)];
  const kept = scopes.map((scope) =>
    mutation(
      "accumulator-not-cleared",
      scope.keys[0] as string,
      `${scope.text} still holds that of the call before: its accumulator is not set to zero`,
      forEach(
        gradientsOf(scope),
        finished(shape, (gradient, { key }) => added(gradient, key)),
      ),
    ),
  );
  const overwritten = (): readonly Mutation[] =>
    scopes.flatMap((scope) =>
      [...oneSample].reverse().map(([reduction, which]) =>
        mutation(
          "accumulator-not-cleared",
          scope.keys[0] as string,
          `${scope.text} is that of the ${which} sample only: each sample overwrites it`,
          forEach(
            gradientsOf(scope),
            staged(shape, () => ({ reduction })),
          ),
        ),
      ),
    );
  return shape.samples === 1 ? kept : [...kept, ...overwritten()];
};
