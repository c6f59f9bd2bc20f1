import { variableKey, type Model, type ScalarFunction } from "../equations/index.ts";
import type { Decimal } from "decimal.js";
import { dual, integer, type Arithmetic, type Dual } from "./arithmetic.ts";
import { digits64, type Digits } from "./decimal.ts";
import { forward } from "./evaluate.ts";
import { dependents } from "./perturb.ts";
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
  return forward({ arithmetic, model, functions, layers, adjoints: new Map() }, tensors);
}

/** All layers of a computable model are numbers. */
const layers = { l: 0, L: 0 } as const;

/** The same in dual numbers, with derivatives along `direction`: exact where the arithmetic is. */
export function evaluateAlong<T>(
  computable: Computable,
  tensors: Values<T>,
  direction: Values<T>,
  arithmetic: Arithmetic<T>,
): Values<Dual<T>> {
  const zero = integer(arithmetic, 0);
  const lifted = new Map(
    [...tensors].map(([key, entries]) => [
      key,
      entries.map((value, i): Dual<T> => ({ value, derivative: direction.get(key)?.[i] ?? zero })),
    ]),
  );
  return evaluateModel(computable, lifted, dual(arithmetic));
}

/** The objective's value and its derivative along `direction`. */
export const directionalDerivative = <T>(
  computable: Computable,
  tensors: Values<T>,
  direction: Values<T>,
  arithmetic: Arithmetic<T>,
): Dual<T> => objectiveOf(computable, evaluateAlong(computable, tensors, direction, arithmetic));

/**
 * The same by central differences at 64 digits: no derivative rule takes part in it. The truncation error is
 * of the order of the step squared, the rounding error of 10⁻⁶⁴ over the step.
 */
export const centralDifference = (
  computable: Computable,
  tensors: Values<Decimal.Value>,
  direction: Values<number>,
  step?: Digits,
): Digits => centralDifferences(computable, tensors)(direction, step);

/** The same along several directions: what does not depend on the tensors that a direction moves is computed once. */
export function centralDifferences(
  computable: Computable,
  tensors: Values<Decimal.Value>,
): (direction: Values<number>, step?: Digits) => Digits {
  const lifted = new Map([...tensors].map(([key, entries]) => [key, entries.map(digits64.from)]));
  const along = differencesIn(digits64, computable, lifted);
  return (direction, step = digits64.from("1e-16")) => along(direction, step);
}

/** The same in another arithmetic, whose digits and whose step say how exact it is. */
export function differencesIn<T>(
  arithmetic: Arithmetic<T> & { readonly from: (x: number) => T },
  computable: Computable,
  tensors: Values<T>,
): (direction: Values<number>, step: T) => T {
  const { add, subtract, multiply, divide, from } = arithmetic;
  const here = evaluateModel(computable, tensors, arithmetic);
  const nowhere = from(0);
  return (direction, step) => {
    const changed = dependents(direction.keys(), computable.model, layers);
    const kept = [...here].filter(([key]) => !changed.has(key));
    const shifts = [...direction].map(([key, along]) => [key, along.map((v) => multiply(step, from(v)))] as const);
    const moved = (move: (value: T, shift: T) => T): T => {
      const shifted = shifts.map(([key, by]) => {
        const entries = tensors.get(key);
        if (entries === undefined) throw new Error(`the model has no tensor ${key}`);
        return [key, entries.map((value, i) => move(value, by[i] ?? nowhere))] as const;
      });
      return objectiveOf(computable, evaluateModel(computable, new Map([...kept, ...shifted]), arithmetic));
    };
    return divide(subtract(moved(add), moved(subtract)), multiply(step, from(2)));
  };
}

function objectiveOf<T>({ model }: Computable, values: Values<T>): T {
  const [value] = values.get(variableKey(model.objective)) ?? [];
  if (value === undefined) throw new Error("the model has no objective");
  return value;
}
