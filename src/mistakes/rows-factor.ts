import { choose, divide, multiply, negate, num, rational, type Expr, type Rational } from "../expression/index.ts";
import {
  allLayers,
  allTensors,
  finished,
  forEach,
  formula,
  gradientsOf,
  hiddenLayers,
  mutation,
  replaced,
  staged,
  tensorScopes,
  type Mutation,
  type Row,
} from "./mutation.ts";
import { depthOf, entry, sizeAt, type Parts, type Shape } from "./parts.ts";
import { rate } from "./reduction.ts";
import { isSquared } from "./rows-loss.ts";

/** A factor with the reason why code may have it. */
export interface Factor {
  readonly value: Rational;
  /** "2", "1/3 (the number of outputs)". */
  readonly text: string;
}

export const signs: Row = (shape, { isStep }) => {
  const L = depthOf(shape);
  const flipped = formula((value) => negate(value));
  const whole = mutation(
    "sign",
    `W${L}`,
    isStep ? "the step goes up the gradient: its sign is the opposite" : "the whole gradient has the opposite sign",
    forEach(gradientsOf(allTensors(shape)), finished(shape, negate)),
  );
  const error = mutation(
    "sign",
    `s${L}`,
    `the error of the outputs has the opposite sign: y − a where the loss gives a − y`,
    {
      [`s${L}`]: flipped,
    },
  );
  const absolute = mutation(
    "sign",
    `s${L}`,
    "the error of the outputs is |a − y|: its sign is wrong wherever a is less than y",
    { [`s${L}`]: formula((value) => choose(value, ">", num(0), value, negate(value))) },
  );
  return [
    ...(isStep ? [whole, error] : [error, whole]),
    ...(isSquared(shape) ? [absolute] : []),
    ...hiddenLayers(shape).flatMap((l) => [
      mutation("sign", `delta${l}`, `the δ of layer ${l} has the opposite sign`, { [`delta${l}`]: flipped }),
    ]),
    ...tensorScopes(shape).map((scope) =>
      mutation(
        "sign",
        scope.keys[0] as string,
        `${scope.text} has the opposite sign`,
        forEach(gradientsOf(scope), finished(shape, negate)),
      ),
    ),
  ];
};

export const constantFactors: Row = (shape) => factorsOf(shape).flatMap((factor) => scaled(shape, factor));

/** The mistakes that come to a factor: on the error of the outputs, on the whole, on a δ, on gradients. */
export function scaled(shape: Shape, { value, text }: Factor): readonly Mutation[] {
  const L = depthOf(shape);
  const times = (expr: Expr): Expr => multiply(num(value), expr);
  const row = (wrong: string, what: string, edits: Mutation["edits"] | Record<string, never>): Mutation => ({
    id: "constant-factor",
    wrong,
    message: `${what} is ${text} times what it should be`,
    edits: edits as Mutation["edits"],
  });
  const edits = (keys: readonly string[], edit = finished(shape, times)): Mutation["edits"] =>
    new Map(Object.entries(forEach(keys, edit)));
  return [
    row(`s${L}`, "the error of the outputs", edits([`s${L}`], formula(times))),
    row(`W${L}`, "the whole gradient", edits(gradientsOf(allTensors(shape)))),
    ...hiddenLayers(shape).map((l) => row(`delta${l}`, `the δ of layer ${l}`, edits([`delta${l}`], formula(times)))),
    ...tensorScopes(shape).map((scope) => row(scope.keys[0] as string, scope.text, edits(gradientsOf(scope)))),
  ];
}

/** Factors that code is known to have or to lack. */
function factorsOf(shape: Shape): readonly Factor[] {
  const { samples: N } = shape;
  const k = sizeAt(shape, depthOf(shape));
  const outputs = `${k} is the number of outputs`;
  const list: Factor[] = [
    { value: rational(2n), text: "2" },
    { value: rational(1n, 2n), text: "1/2" },
    ...whole(k, outputs),
    { value: rational(2n, BigInt(k)), text: `2/${k} (${outputs})` },
    { value: rational(BigInt(k), 2n), text: `${k}/2 (${outputs})` },
    { value: rational(1n, 2n * BigInt(k)), text: `1/${2 * k} (${outputs})` },
    { value: rational(2n * BigInt(k)), text: `${2 * k} (${outputs})` },
    ...(N === 1 ? [] : whole(N, `${N} is the number of samples`)),
    ...(N === 1 ? [] : whole(N * k, `${N * k} is the number of outputs of all samples`)),
    ...allLayers(shape).flatMap((l) =>
      whole(sizeAt(shape, l - 1), `layer ${l - 1} has ${sizeAt(shape, l - 1)} neurons`),
    ),
  ];
  const keyOf = ({ value }: Factor): string => `${value.numerator}/${value.denominator}`;
  return list.filter((f, i) => keyOf(f) !== "1/1" && list.findIndex((other) => keyOf(other) === keyOf(f)) === i);
}

const whole = (n: number, why: string): readonly Factor[] => [
  { value: rational(BigInt(n)), text: `${n} (${why})` },
  { value: rational(1n, BigInt(n)), text: `1/${n} (${why})` },
];

/** The step takes the rate twice, or not at all. */
export const learningRates: Row = (shape, { hasRate }) => {
  if (!hasRate) return [];
  const scopes = [allTensors(shape), ...tensorScopes(shape)];
  return scopes.flatMap((scope) => [
    mutation(
      "learning-rate",
      scope.keys[0] as string,
      `the step of ${scope.text} does not depend on the learning rate`,
      forEach(
        gradientsOf(scope),
        finished(shape, (gradient) => divide(gradient, rate)),
      ),
    ),
    mutation(
      "learning-rate",
      scope.keys[0] as string,
      `the step of ${scope.text} takes the learning rate twice`,
      forEach(
        gradientsOf(scope),
        finished(shape, (gradient) => multiply(rate, gradient)),
      ),
    ),
  ]);
};

/** The penalty left out, on the biases too, or with a factor. */
export const regularisers: Row = (shape, _, parts) => {
  const { penalties = {} } = shape.network;
  if (Object.keys(penalties).length === 0) return [];
  const N = BigInt(shape.samples);
  const weights = [...tensorScopes(shape, ["W"])].reverse();
  const change = (keys: readonly string[], text: string, edit: (penalty: Expr) => Expr | null): Mutation =>
    mutation(
      "regulariser",
      keys[0] as string,
      text,
      forEach(
        keys.map((key) => `d${key}`),
        staged(shape, ({ penalty }) => (penalty === null ? null : { penalty: edit(penalty) })),
      ),
    );
  const factors: readonly (readonly [Rational, string])[] = [
    [rational(2n), "twice what it should be"],
    [rational(1n, 2n), "half of what it should be"],
    ...(N === 1n
      ? []
      : ([
          [rational(1n, N), `divided by the ${N} samples`],
          [rational(N), `added once for each of the ${N} samples`],
        ] as const)),
  ];
  return [
    ...weights.flatMap(({ keys, text }) => [
      change(keys, `${text} lacks the penalty's derivative`, () => null),
      change(keys, `the penalty in ${text} has the opposite sign`, (penalty) => negate(penalty)),
      ...factors.map(([value, how]) =>
        change(keys, `the penalty in ${text} is ${how}`, (penalty) => multiply(num(value), penalty)),
      ),
    ]),
    ...onBiases(shape, parts),
  ];
};

const onBiases = (shape: Shape, parts: Parts): readonly Mutation[] =>
  [...tensorScopes(shape, ["b"])]
    .reverse()
    .map(({ keys, text }) =>
      mutation(
        "regulariser",
        keys[0] as string,
        `${text} has the penalty in it, which is on the weights only`,
        Object.fromEntries(
          keys.map((key) => [`d${key}`, staged(shape, () => ({ penalty: biasPenalty(parts, key.slice(1)) }))]),
        ),
      ),
    );

/** What the derivative of the penalty would be by a bias. */
function biasPenalty(parts: Parts, layer: string): Expr | null {
  const penalty = parts.get(`dW${layer}`)?.stages?.penalty ?? null;
  return penalty === null ? null : replaced(penalty, `W${layer}`, () => entry(`b${layer}`, "j"));
}
