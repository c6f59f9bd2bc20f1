import { divide, multiply, num, sum, type Expr } from "../expression/index.ts";
import {
  finished,
  forEach,
  gradientsOf,
  mutation,
  replaced,
  staged,
  tensorScopes,
  type Mutation,
  type Row,
} from "./mutation.ts";
import { activationKey, entry, sizeAt, type GradientStages, type Reduction } from "./parts.ts";

export const missingBiases: Row = (shape) =>
  tensorScopes(shape, ["b"]).map((scope) =>
    mutation(
      "bias-missing",
      scope.keys[0] as string,
      `${scope.text} is zero`,
      forEach(
        gradientsOf(scope),
        finished(shape, () => num(0)),
      ),
    ),
  );

/** A bias stepped once for each of the weights beside it. */
export const biasesPerWeight: Row = (shape) =>
  tensorScopes(shape, ["b"]).map((scope) =>
    mutation(
      "bias-per-weight",
      scope.keys[0] as string,
      `${scope.text} is added once for each incoming weight`,
      Object.fromEntries(
        scope.keys.map((key) => {
          const fanIn = sizeAt(shape, Number(key.slice(1)) - 1);
          return [`d${key}`, finished(shape, (gradient) => multiply(num(fanIn), gradient))];
        }),
      ),
    ),
  );

/** One sample's in the place of the sum over the batch. */
export const biasesOfOneSample: Row = (shape) =>
  shape.samples === 1
    ? []
    : tensorScopes(shape, ["b"]).flatMap((scope) =>
        oneSample.map(([reduction, which]) =>
          mutation(
            "bias-not-summed-over-batch",
            scope.keys[0] as string,
            `${scope.text} is that of the ${which} sample, not of the batch`,
            forEach(
              gradientsOf(scope),
              staged(shape, () => ({ reduction })),
            ),
          ),
        ),
      );

export const oneSample: readonly (readonly [Reduction, string])[] = [
  ["first", "first"],
  ["last", "last"],
  ["first-of-mean", "first"],
  ["last-of-mean", "last"],
];

/** All entries of a bias the sum or the mean of δ over the units. */
export const biasesOverUnits: Row = (shape) =>
  tensorScopes(shape, ["b"]).flatMap((scope) => {
    const over = (isMean: boolean): Mutation =>
      mutation(
        "bias-summed-over-units",
        scope.keys[0] as string,
        `every entry of ${scope.text} is the ${isMean ? "mean" : "sum"} over the neurons of the layer`,
        Object.fromEntries(
          scope.keys.map((key) => {
            const size = num(sizeAt(shape, Number(key.slice(1))));
            return [`d${key}`, staged(shape, (stages) => overUnits(stages, key, size, isMean))];
          }),
        ),
      );
    const isWide = scope.keys.some((key) => sizeAt(shape, Number(key.slice(1))) > 1);
    return isWide ? [over(false), over(true)] : [];
  });

function overUnits(
  { summand }: GradientStages,
  key: string,
  size: Expr,
  isMean: boolean,
): Partial<GradientStages> | null {
  const inner = replaced(summand, `delta${key.slice(1)}`, () => entry(`delta${key.slice(1)}`, "p"));
  if (inner === null) return null;
  const total = sum("p", size, inner);
  return { summand: isMean ? divide(total, size) : total };
}

/** z or an activation where δ belongs. */
export const biasesFromValues: Row = (shape) =>
  tensorScopes(shape, ["b"]).flatMap((scope) =>
    (["z", "a", "s", "before"] as const).flatMap((which): readonly Mutation[] => {
      const layers = scope.keys.map((key) => Number(key.slice(1)));
      if (which === "before" && layers.some((l) => sizeAt(shape, l) !== sizeAt(shape, l - 1))) return [];
      const keyAt = (l: number): string => (which === "before" ? activationKey(l - 1) : `${which}${l}`);
      const what = { z: "z", a: "the activation", s: "∂J/∂a", before: "the activation of the layer before" }[which];
      return [
        mutation(
          "bias-from-pre-activation",
          scope.keys[0] as string,
          `${scope.text} is made of ${what} in place of δ`,
          Object.fromEntries(
            layers.map((l) => [
              `db${l}`,
              staged(shape, ({ summand }) => {
                const changed = replaced(summand, `delta${l}`, keyAt(l));
                return changed === null ? null : { summand: changed };
              }),
            ]),
          ),
        ),
      ];
    }),
  );
