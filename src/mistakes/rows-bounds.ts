import {
  add,
  build,
  call,
  choose,
  divide,
  kronecker,
  multiply,
  negate,
  num,
  power,
  renameApart,
  substitute,
  subtract,
  sum,
  sym,
  view,
  type Expr,
} from "../expression/index.ts";
import {
  allTensors,
  allLayers,
  finished,
  firstOf,
  forEach,
  formula,
  gradientsOf,
  hiddenLayers,
  mutation,
  scopesOf,
  staged,
  tensorScopes,
  type Edit,
  type Mutation,
  type Row,
} from "./mutation.ts";
import { depthOf, type Part, type Parts, type Reduction, type Shape } from "./parts.ts";

/** A loop that ends too early or begins too late. */
export const loopBounds: Row = (shape) => [
  ...[...tensorScopes(shape, ["W"]), ...tensorScopes(shape, ["b"])].flatMap((scope) =>
    (scope.keys[0]?.startsWith("W") === true ? (["j", "k"] as const) : (["j"] as const)).flatMap((index) =>
      (["last", "first"] as const).map((end) =>
        mutation(
          "loop-bound",
          scope.keys[0] as string,
          `${scope.text} lacks its ${end} ${nameOf(scope.keys[0] as string, index)}`,
          forEach(
            gradientsOf(scope),
            finished(shape, (gradient, part) => without(gradient, index, end, part)),
          ),
        ),
      ),
    ),
  ),
  ...(["last", "first"] as const).flatMap((end) => [
    ...scopesOf(hiddenLayers(shape), shape).map((scope) =>
      mutation(
        "loop-bound",
        `s${firstOf(scope)}`,
        `the sum in what is passed back to ${scope.text} lacks its ${end} term`,
        forEach(
          scope.layers.map((l) => `s${l}`),
          formula((value) => shortened(value, end)),
        ),
      ),
    ),
    ...[depthOf(shape), ...hiddenLayers(shape)].map((l) =>
      mutation("loop-bound", `delta${l}`, `the δ of layer ${l} lacks its ${end} neuron`, {
        [`delta${l}`]: formula((value, part) => without(value, "j", end, part)),
      }),
    ),
    ...(shape.samples === 1 ? [] : [samplesLeftOut(shape, end)]),
  ]),
];

function samplesLeftOut(shape: Shape, end: "first" | "last"): Mutation {
  const scope = allTensors(shape);
  const reduction: Reduction = `${shape.reduction}-without-${end}`;
  return mutation(
    "loop-bound",
    scope.keys[0] as string,
    `the loop over the batch leaves out its ${end} sample`,
    forEach(
      gradientsOf(scope),
      staged(shape, () => ({ reduction })),
    ),
  );
}

const nameOf = (key: string, index: "j" | "k"): string =>
  key.startsWith("b") ? "entry" : index === "j" ? "row" : "column";

/** The value, but 0 at one end of an index. */
function without(value: Expr, index: "j" | "k", end: "first" | "last", { ranges }: Part): Expr {
  const size = ranges.find((range) => range.index === index)?.size;
  const at = end === "first" || size === undefined ? num(1) : size;
  return multiply(subtract(num(1), kronecker(sym(index), at)), value);
}

/** The sum without one of its ends. */
function shortened(value: Expr, end: "first" | "last"): Expr | null {
  const v = view(value);
  if (v.kind !== "sum") return null;
  const at = end === "first" ? num(1) : v.to;
  return build({ ...v, body: multiply(subtract(num(1), kronecker(sym(v.index), at)), v.body) });
}

/** ±c where the value is beyond it. */
export function clippings(bounds: readonly number[]): Row {
  return (shape) =>
    bounds.flatMap((bound) => {
      const text = `is clipped to ±${bound}`;
      const clip: Edit = formula((value) => clipped(value, bound));
      return [
        ...[allTensors(shape), ...tensorScopes(shape)].map((scope) =>
          mutation(
            "clipped",
            scope.keys[0] as string,
            `${scope.text} ${text}`,
            forEach(
              gradientsOf(scope),
              finished(shape, (gradient) => clipped(gradient, bound)),
            ),
          ),
        ),
        mutation("clipped", `s${depthOf(shape)}`, `the error of the outputs ${text}`, { [`s${depthOf(shape)}`]: clip }),
        ...scopesOf(allLayers(shape), shape).map((scope) =>
          mutation(
            "clipped",
            `delta${firstOf(scope)}`,
            `the δ of ${scope.text} ${text}`,
            forEach(
              scope.layers.map((l) => `delta${l}`),
              clip,
            ),
          ),
        ),
      ];
    });
}

/** A norm to which the whole gradient, or that of one tensor, is shortened. */
export interface NormBound {
  readonly tensor: string | null;
  readonly bound: number;
}

/** The gradient shortened where its norm is above a bound. */
export function clippedNorms(shape: Shape, parts: Parts, bounds: readonly NormBound[]): readonly Mutation[] {
  return bounds.map(({ tensor, bound }) => {
    const scope = tensor === null ? allTensors(shape) : { keys: [tensor], text: `the gradient of ${tensor}` };
    const squares = gradientsOf(scope).map((key) => squareOf(parts.get(key) as Part));
    const square = add(...squares);
    return mutation(
      "clipped",
      scope.keys[0] as string,
      `${scope.text} is shortened to the norm ${bound}`,
      forEach(
        gradientsOf(scope),
        finished(shape, (gradient) => {
          const norm = call("sqrt", null, square);
          const shortened = multiply(gradient, divide(num(bound), norm));
          return choose(norm, ">", num(bound), shortened, gradient);
        }),
      ),
    );
  });
}

/** Σ g² over the entries of a gradient. */
function squareOf({ ranges, value }: Part): Expr {
  const letters = ["q", "r"];
  const named = new Map(ranges.map(({ index }, i) => [index, sym(letters[i] as string)]));
  const entry = power(substitute(renameApart(value, new Set(letters)), named), num(2));
  return ranges.reduceRight((inner, { size }, i) => sum(letters[i] as string, size, inner), entry);
}

const clipped = (value: Expr, bound: number): Expr =>
  choose(value, ">", num(bound), num(bound), choose(value, "<", negate(num(bound)), negate(num(bound)), value));
