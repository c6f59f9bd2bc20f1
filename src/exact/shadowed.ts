import type { Elementary } from "../expression/index.ts";
import { branches, integer, type Arithmetic } from "./arithmetic.ts";
import { double } from "./double.ts";

/** A number of another kind together with the double that it stands for. */
export interface Shadowed<T> {
  readonly exact: T;
  readonly shadow: number;
}

/**
 * Numbers without an order of their own take that of doubles computed alongside: every choice goes the way that it
 * goes in doubles, so that what is found holds for the pieces of the functions in which the doubles lie.
 */
export function shadowed<T>(base: Arithmetic<T>): Arithmetic<Shadowed<T>> {
  const both =
    (exact: (a: T, b: T) => T, shadow: (a: number, b: number) => number) =>
    (a: Shadowed<T>, b: Shadowed<T>): Shadowed<T> => ({
      exact: exact(a.exact, b.exact),
      shadow: shadow(a.shadow, b.shadow),
    });
  const arithmetic: Arithmetic<Shadowed<T>> = {
    constant: (c) => ({ exact: base.constant(c), shadow: double.constant(c) }),
    add: both(base.add, double.add),
    subtract: both(base.subtract, double.subtract),
    multiply: both(base.multiply, double.multiply),
    divide: both(base.divide, double.divide),
    isGreater: (a, b) => a.shadow > b.shadow,
    apply: (name, ...args) => {
      const [x, y] = args;
      if (x !== undefined && isPiecewise(name)) return pieces[name](arithmetic, x, y ?? x);
      return {
        exact: base.apply(name, ...args.map(({ exact }) => exact)),
        shadow: double.apply(name, ...args.map(({ shadow }) => shadow)),
      };
    },
  };
  return arithmetic;
}

type Piecewise = <T>(arithmetic: Arithmetic<T>, x: T, y: T) => T;

/** The functions that choose by the order. */
const pieces = {
  max: (a, x, y) => branches.max(a.isGreater, x, y),
  min: (a, x, y) => branches.min(a.isGreater, x, y),
  abs: (a, x) => (a.isGreater(x, integer(a, 0)) ? x : a.subtract(integer(a, 0), x)),
  sign: (a, x) => integer(a, a.isGreater(x, integer(a, 0)) ? 1 : a.isGreater(integer(a, 0), x) ? -1 : 0),
} as const satisfies Partial<Record<Elementary, Piecewise>>;

const isPiecewise = (name: string): name is keyof typeof pieces => Object.hasOwn(pieces, name);
