import { variableKey, type Model, type ScalarFunction } from "../equations/index.ts";
import type { Decimal } from "decimal.js";
import { dual, type Arithmetic, type Dual } from "./arithmetic.ts";
import { digits64, type Digits } from "./decimal.ts";
import { forward } from "./evaluate.ts";
import type { Values } from "./valuation.ts";

/** A model with the definitions of the functions it calls: all that its values need. */
export interface Computable {
  readonly model: Model;
  readonly functions: readonly ScalarFunction[];
}

/** Every variable of a model, from its tensors. */
export function evaluateModel<T>(
  { model, functions }: Computable,
  tensors: Values<T>,
  arithmetic: Arithmetic<T>,
): Values<T> {
  return forward({ arithmetic, model, functions, layers: { l: 0, L: 0 }, adjoints: new Map() }, tensors);
}

/** The objective's value and its derivative along `direction`, by dual numbers: exact where the arithmetic is. */
export function directionalDerivative<T>(
  computable: Computable,
  tensors: Values<T>,
  direction: Values<T>,
  arithmetic: Arithmetic<T>,
): Dual<T> {
  const zero = arithmetic.constant({ numerator: 0n, denominator: 1n });
  const lifted = new Map(
    [...tensors].map(([key, entries]) => [
      key,
      entries.map((value, i): Dual<T> => ({ value, derivative: direction.get(key)?.[i] ?? zero })),
    ]),
  );
  return objectiveOf(computable, evaluateModel(computable, lifted, dual(arithmetic)));
}

/**
 * The same by central differences at 64 digits: no derivative rule takes part in it. The truncation error is
 * of the order of the step squared, the rounding error of 10⁻⁶⁴ over the step.
 */
export function centralDifference(
  computable: Computable,
  tensors: Values<Decimal.Value>,
  direction: Values<number>,
  step: Digits = digits64.from("1e-16"),
): Digits {
  const moved = (sign: number): Digits => {
    const shifted = [...tensors].map(([key, entries]) => {
      const along = direction.get(key);
      const at = (value: Decimal.Value, i: number): Digits =>
        digits64.add(digits64.from(value), digits64.multiply(step, digits64.from(sign * (along?.[i] ?? 0))));
      return [key, entries.map(along === undefined ? digits64.from : at)] as const;
    });
    return objectiveOf(computable, evaluateModel(computable, new Map(shifted), digits64));
  };
  return digits64.divide(digits64.subtract(moved(1), moved(-1)), digits64.multiply(step, digits64.from(2)));
}

function objectiveOf<T>({ model }: Computable, values: Values<T>): T {
  const [value] = values.get(variableKey(model.objective)) ?? [];
  if (value === undefined) throw new Error("the model has no objective");
  return value;
}
