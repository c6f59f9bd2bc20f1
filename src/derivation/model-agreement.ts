import { variableKey, withSizes, type Equation, type ForwardModel, type Model } from "../equations/index.ts";
import {
  bounded,
  digits64,
  dimensionsOf,
  drawTensors,
  evaluateModel,
  NearKink,
  seeded,
  type Digits,
  type Values,
} from "../exact/index.ts";
import { problem } from "../problem.ts";
import { adjointVariable } from "./adjoint-variable.ts";
import {
  compareTensor,
  cutWidth,
  mostEntries,
  mostParametersInFull,
  refuseDisagreement,
  type TensorAgreement,
} from "./agreement.ts";
import type { ModelDerivation } from "./model.ts";
import { neededSizes } from "./model-points.ts";

/** How well the derived gradient of a model agrees with differences, by parameter tensor. */
export interface ModelAgreement {
  /** The sizes at which they are compared. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Are these smaller than the model's own? */
  readonly isCut: boolean;
  readonly tensors: readonly TensorAgreement[];
}

/**
 * The derived gradient of a model at 64 digits against central differences of J, at a random point inside the
 * domain of every function and away from kinks; where the sizes are too large for that, at smaller ones.
 *
 * @throws RefusedStep naming a tensor that does not agree
 * @throws Problem where no such point is found
 */
export function compareModelWithDifferences(derivation: ModelDerivation): ModelAgreement {
  const { model, adjoints } = derivation;
  const sizes = agreementSizes(derivation);
  const own = withSizes(model, sizes);
  const equations = adjoints.map(({ target, ranges, evaluated }): Equation => {
    return { variable: adjointVariable(target), ranges, value: evaluated };
  });
  const whole = withSizes({ ...model, equations: [...model.equations, ...equations] }, sizes);
  const point = pointOf(whole);
  const computable = { model: own, functions: model.functions };
  const values = evaluateModel({ model: whole, functions: model.functions }, point, digits64);
  const parameters = model.tensors.filter(({ role }) => role === "parameter");
  const counts = parameters.map(({ variable }) => point.get(variableKey(variable))?.length ?? 0);
  const isSmall = counts.reduce((a, b) => a + b, 0) <= mostEntries;
  const random = seeded(1);
  const tensors = parameters.map(({ variable }) => {
    const gradient = values.get(variableKey(adjointVariable(variable))) ?? [];
    return compareTensor(variableKey(variable), gradient, { computable, point }, isSmall, random);
  });
  refuseDisagreement(tensors);
  const isCut = [...sizes].some(([name, size]) => size !== derivation.sizes.get(name));
  return { sizes, isCut, tensors };
}

/** The model's own sizes, or where these make too many numbers, small ones that every entry named by a number fits. */
function agreementSizes({ model, sizes }: ModelDerivation): ReadonlyMap<string, number> {
  const counts = [...dimensionsOf(withSizes(model, sizes)).values()].map((own) => own.reduce((a, b) => a * b, 1));
  if (counts.reduce((a, b) => a + b, 0) <= mostParametersInFull) return sizes;
  const needed = neededSizes(model);
  const cut = (name: string, size: number): number => Math.min(size, Math.max(cutWidth, needed.get(name) ?? 0));
  return new Map([...sizes].map(([name, size]) => [name, cut(name, size)]));
}

/** How often other numbers are drawn where the first leave a function's domain. */
const mostDraws = 48;
/** A value larger than this leaves too few digits to the differences. */
const largestValue = 1e4;

function pointOf(model: ForwardModel): Values<Digits> {
  for (let draw = 0; draw < mostDraws; draw++) {
    // Roots and logarithms have values for positive arguments only: the later draws have no negative parameters.
    const literals = drawLiterals(model, 1 + 1_000_003 * draw, draw < mostDraws / 2);
    if (isOrdinary(model, literals))
      return new Map([...literals].map(([key, list]) => [key, list.map(digits64.from)] as const));
  }
  throw problem(
    "model-no-point",
    "no numbers were found at which every value of the equations is finite and of moderate size",
    "leave the check out with --without check",
  );
}

/** Two digits for every entry, smaller where many are added up. */
function drawLiterals(model: Model, seed: number, areSigned: boolean): Values<number> {
  const random = seeded(seed);
  const roles = new Map(model.tensors.map(({ variable, role }) => [variableKey(variable), role]));
  const dimensions = dimensionsOf(model);
  return drawTensors(model, (key) => {
    const [, ...others] = dimensions.get(key) ?? [];
    const scale = Math.min(1, 2 / Math.sqrt(others.reduce((a, b) => a * b, 1)));
    const sign = roles.get(key) === "parameter" && areSigned && random.whole(0, 1) === 0 ? -1 : 1;
    return sign * Number(((random.whole(11, 99) / 100) * scale).toPrecision(2));
  });
}

/** Are all values and adjoints finite, and no comparison close to a tie? */
function isOrdinary(model: ForwardModel, literals: Values<number>): boolean {
  const tensors = new Map([...literals].map(([key, list]) => [key, list.map((value) => ({ value, error: 0 }))]));
  try {
    const values = evaluateModel({ model, functions: model.functions }, tensors, bounded);
    return [...values.values()].every((list) => list.every(({ value }) => Math.abs(value) <= largestValue));
  } catch (error) {
    if (error instanceof NearKink) return false;
    throw error;
  }
}
