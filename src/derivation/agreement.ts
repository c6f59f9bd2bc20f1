import { networkFunctions, networkModel, variableKey } from "../equations/index.ts";
import {
  centralDifferences,
  digits64,
  evaluate,
  seeded,
  tuples,
  wholeNumber,
  type Computable,
  type Digits,
  type Random,
  type Values,
} from "../exact/index.ts";
import { countParameters } from "../network/index.ts";
import { RefusedStep } from "./certify.ts";
import type { Derivation } from "./derivation.ts";
import { derive } from "./derive.ts";
import { seededExample, type ExampleData } from "./example-data.ts";
import { numberedValue, runExample } from "./run-example.ts";

/** How well the derived gradient of one tensor agrees with differences. */
export interface TensorAgreement {
  readonly tensor: string;
  /** Leading decimal digits that agree, in the worst of what was compared. */
  readonly digits: number;
  readonly compared: "entries" | "directions";
  /** Nothing but noise on both sides: there is no digit to agree. */
  readonly isZero: boolean;
}

export interface Agreement {
  readonly sizes: readonly number[];
  readonly tensors: readonly TensorAgreement[];
}

/** The most that are worked with at 64 digits. */
export const mostParametersInFull = 5_000;
export const mostEntries = 40;
const directionsCompared = 2;
/** Wide networks are compared with each layer cut to this many neurons. */
export const cutWidth = 4;
/** Truncation of order 10⁻⁴⁰, rounding of order 10⁻⁴⁴. */
const step = digits64.from("1e-20");

/**
 * The derived gradient at 64 digits against central differences of the loss, at the example's point; where
 * the network is too wide for that, the same network with narrower layers at a point of its own.
 */
export function compareWithDifferences(derivation: Derivation, data: ExampleData): Agreement {
  const { network } = derivation;
  if (countParameters(network) > mostParametersInFull) {
    const cut = derive({ ...network, sizes: network.sizes.map((size) => Math.min(size, cutWidth)) });
    return compareWithDifferences(cut, seededExample(cut, 1));
  }
  const valuation = runExample(derivation, data.literals);
  const computable = { model: networkModel(network), functions: networkFunctions(network) };
  const point: Values<Digits> = new Map([...data.literals].map(([key, list]) => [key, list.map(digits64.from)]));
  const random = seeded(1);
  const tensors = [...derivation.layers].reverse().flatMap(({ weight, bias }) =>
    [weight, bias].map(({ target, ranges, value }): TensorAgreement => {
      const all = tuples(ranges.map(({ size }) => wholeNumber(size)));
      const gradient = all.map((tuple) => evaluate(numberedValue({ ranges, value }, tuple), valuation, new Map()));
      return compareTensor(
        variableKey(target),
        gradient,
        { computable, point },
        countParameters(network) <= mostEntries,
        random,
      );
    }),
  );
  return { sizes: network.sizes, tensors };
}

/**
 * The gradient of one tensor against central differences of the objective at a point.
 *
 * @param isSmall compare every entry, rather than along a few random directions
 */
export function compareTensor(
  tensor: string,
  gradient: readonly Digits[],
  { computable, point }: { readonly computable: Computable; readonly point: Values<Digits> },
  isSmall: boolean,
  random: Random,
): TensorAgreement {
  const directions = isSmall
    ? gradient.map((_, at) => gradient.map((__, i) => (i === at ? 1 : 0)))
    : Array.from({ length: directionsCompared }, () => gradient.map(() => random.real(-1, 1)));
  const difference = centralDifferences(computable, point);
  const results = directions.map((direction) => {
    const derived = direction.map((v, i) => (gradient[i] as Digits).mul(v)).reduce((a, b) => a.add(b));
    const found = difference(new Map([[tensor, direction]]), step);
    return { digits: agreeingDigits(derived, found), size: derived.abs().add(found.abs()) };
  });
  // A tensor is as good as its worst direction in which there is something to compare.
  const telling = results.filter(({ size }) => size.gt(noise));
  return {
    tensor,
    digits: Math.min(...(telling.length > 0 ? telling : results).map(({ digits }) => digits)),
    compared: isSmall ? "entries" : "directions",
    isZero: telling.length === 0,
  };
}

/** What the differences may be off by where there is no derivative at all. */
const noise = digits64.from("1e-30");
const leastDigits = 8;

/**
 * The same, refused where a tensor does not agree.
 *
 * @throws RefusedStep naming the tensor
 */
export function confirmedAgreement(derivation: Derivation, data: ExampleData): Agreement {
  const agreement = compareWithDifferences(derivation, data);
  refuseDisagreement(agreement.tensors);
  return agreement;
}

/** @throws RefusedStep naming the first tensor whose gradient does not agree */
export function refuseDisagreement(tensors: readonly TensorAgreement[]): void {
  const wrong = tensors.find(({ digits, isZero }) => !isZero && digits < leastDigits);
  if (wrong !== undefined)
    throw new RefusedStep(
      "agreement",
      `the gradient of ${wrong.tensor} is refused: it agrees with differences of the loss in ${wrong.digits} digits only`,
    );
}

/** −log₁₀ of the relative difference, rounded down. */
function agreeingDigits(a: Digits, b: Digits): number {
  const difference = a.sub(b).abs();
  if (difference.isZero()) return 64;
  return Math.max(0, Math.floor(a.abs().div(difference).log(10).toNumber()));
}
