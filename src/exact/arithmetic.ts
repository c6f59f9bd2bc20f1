import { derivativeName } from "../equations/index.ts";
import { isElementary, type Elementary, type Rational } from "../expression/index.ts";

/** Numbers of some kind: what an expression or a program can be evaluated in. */
export interface Arithmetic<T> {
  readonly constant: (value: Rational) => T;
  readonly add: (a: T, b: T) => T;
  readonly subtract: (a: T, b: T) => T;
  readonly multiply: (a: T, b: T) => T;
  readonly divide: (a: T, b: T) => T;
  /**
   * The function called `name` at its arguments: an elementary one, a constant such as pi at none, or an opaque
   * one where the kind has them.
   */
  readonly apply: (name: string, ...args: readonly T[]) => T;
  /** Which branch of a choice is taken. Kinds without an order answer the same whenever a − b is the same. */
  readonly isGreater: (a: T, b: T) => boolean;
}

/** aⁿ for a whole n ≥ 0. */
export function integerPower<T>(arithmetic: Arithmetic<T>, a: T, n: number): T {
  if (n === 0) return arithmetic.constant({ numerator: 1n, denominator: 1n });
  const half = integerPower(arithmetic, a, Math.floor(n / 2));
  const square = n < 2 ? null : arithmetic.multiply(half, half);
  if (square === null) return a;
  return n % 2 === 0 ? square : arithmetic.multiply(square, a);
}

/** value + derivative·ε with ε² = 0. */
export interface Dual<T> {
  readonly value: T;
  readonly derivative: T;
}

type Slopes = <T>(a: Arithmetic<T>, args: readonly T[], fx: T) => readonly T[];

/** From x and f(x). */
const slope =
  (of: <T>(a: Arithmetic<T>, x: T, fx: T) => T): Slopes =>
  <T>(a: Arithmetic<T>, args: readonly T[], fx: T) => [of(a, args[0] as T, fx)];

/**
 * Derivatives of the elementary functions by each argument. Dual numbers use these and nothing of mathjs. max and min
 * take the first argument only where it is the greater (the smaller).
 */
const elementaryDerivatives: Readonly<Record<Elementary, Slopes>> = {
  exp: slope((_, __, fx) => fx),
  expm1: slope((a, _, fx) => a.add(fx, integer(a, 1))),
  log: slope((a, x) => a.divide(integer(a, 1), x)),
  log1p: slope((a, x) => a.divide(integer(a, 1), a.add(integer(a, 1), x))),
  sqrt: slope((a, _, fx) => a.divide(integer(a, 1), a.multiply(integer(a, 2), fx))),
  tanh: slope((a, _, fx) => a.subtract(integer(a, 1), a.multiply(fx, fx))),
  sinh: slope((a, x) => a.apply("cosh", x)),
  cosh: slope((a, x) => a.apply("sinh", x)),
  sech: slope((a, x, fx) => a.subtract(integer(a, 0), a.multiply(fx, a.apply("tanh", x)))),
  sin: slope((a, x) => a.apply("cos", x)),
  cos: slope((a, x) => a.subtract(integer(a, 0), a.apply("sin", x))),
  atan: slope((a, x) => a.divide(integer(a, 1), a.add(integer(a, 1), a.multiply(x, x)))),
  erf: slope((a, x) => {
    const bell = a.apply("exp", a.subtract(integer(a, 0), a.multiply(x, x)));
    return a.multiply(a.divide(integer(a, 2), a.apply("sqrt", a.apply("pi"))), bell);
  }),
  abs: slope((a, x) => a.apply("sign", x)),
  sign: slope((a) => integer(a, 0)),
  max: <T>(a: Arithmetic<T>, [x, y]: readonly T[]) => picked(a, a.isGreater(x as T, y as T)),
  min: <T>(a: Arithmetic<T>, [x, y]: readonly T[]) => picked(a, !a.isGreater(x as T, y as T)),
  logistic: slope((a, _, fx) => a.multiply(fx, a.subtract(integer(a, 1), fx))),
  softplus: slope((a, x) => a.apply("logistic", x)),
  xlogx: slope((a, x) => a.add(a.apply("log", x), integer(a, 1))),
};

const picked = <T>(a: Arithmetic<T>, isFirst: boolean): readonly T[] =>
  isFirst ? [integer(a, 1), integer(a, 0)] : [integer(a, 0), integer(a, 1)];

/** The whole number n. */
export const integer = <T>(a: Arithmetic<T>, n: number): T => a.constant({ numerator: BigInt(n), denominator: 1n });

/**
 * Dual numbers over another kind: evaluating a function at x + ε gives f(x) + f′(x)ε by arithmetic alone.
 * An opaque function f takes its derivative from the opaque function f_prime.
 */
export function dual<T>(base: Arithmetic<T>): Arithmetic<Dual<T>> {
  const zero = integer(base, 0);
  return {
    constant: (c) => ({ value: base.constant(c), derivative: zero }),
    add: (a, b) => ({ value: base.add(a.value, b.value), derivative: base.add(a.derivative, b.derivative) }),
    subtract: (a, b) => ({
      value: base.subtract(a.value, b.value),
      derivative: base.subtract(a.derivative, b.derivative),
    }),
    multiply: (a, b) => ({
      value: base.multiply(a.value, b.value),
      derivative: base.add(base.multiply(a.derivative, b.value), base.multiply(a.value, b.derivative)),
    }),
    divide: (a, b) => {
      const value = base.divide(a.value, b.value);
      return {
        value,
        derivative: base.divide(base.subtract(a.derivative, base.multiply(value, b.derivative)), b.value),
      };
    },
    apply: (name, ...args) => {
      const values = args.map((x) => x.value);
      const value = base.apply(name, ...values);
      const slopes = isElementary(name)
        ? elementaryDerivatives[name](base, values, value)
        : values.map((x) => base.apply(derivativeName(name), x));
      const terms = args.map((x, i) => base.multiply(slopes[i] as T, x.derivative));
      return { value, derivative: terms.length === 0 ? zero : terms.reduce(base.add) };
    },
    isGreater: (a, b) => base.isGreater(a.value, b.value),
  };
}
