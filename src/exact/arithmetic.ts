import { derivativeName } from "../equations/index.ts";
import type { Elementary, Rational } from "../expression/index.ts";

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

type Slope = <T>(a: Arithmetic<T>, x: T, fx: T) => T;

/** Derivatives of the functions of one argument, from x and f(x). Dual numbers use these and nothing of mathjs. */
const slopes = {
  exp: (_, __, fx) => fx,
  expm1: (a, x) => a.apply("exp", x),
  log: (a, x) => a.divide(integer(a, 1), x),
  log1p: (a, x) => a.divide(integer(a, 1), a.add(integer(a, 1), x)),
  sqrt: (a, _, fx) => a.divide(integer(a, 1), a.multiply(integer(a, 2), fx)),
  tanh: (a, _, fx) => a.subtract(integer(a, 1), a.multiply(fx, fx)),
  sinh: (a, x) => a.apply("cosh", x),
  cosh: (a, x) => a.apply("sinh", x),
  sech: (a, x, fx) => negative(a, a.multiply(fx, a.apply("tanh", x))),
  sin: (a, x) => a.apply("cos", x),
  cos: (a, x) => negative(a, a.apply("sin", x)),
  atan: (a, x) => a.divide(integer(a, 1), a.add(integer(a, 1), a.multiply(x, x))),
  erf: bell,
  erfc: (a, x) => negative(a, bell(a, x)),
  abs: (a, x) => a.apply("sign", x),
  sign: (a) => integer(a, 0),
  logistic: (a, _, fx) => a.multiply(fx, a.subtract(integer(a, 1), fx)),
  softplus: (a, x) => a.apply("logistic", x),
  xlogx: (a, x) => a.add(a.apply("log", x), integer(a, 1)),
} as const satisfies Readonly<Record<Exclude<Elementary, keyof typeof branches>, Slope>>;

/** 2/√π·exp(−x²) */
function bell<T>(a: Arithmetic<T>, x: T): T {
  const exponential = a.apply("exp", negative(a, a.multiply(x, x)));
  return a.multiply(a.divide(integer(a, 2), a.apply("sqrt", a.apply("pi"))), exponential);
}

/**
 * The argument that max and min take: max(a, b) is b where b > a and else a, min(a, b) is b where a > b and else a.
 * Where both are equal, the derivative is that of a.
 */
export const branches = {
  max: (isGreater, a, b) => (isGreater(b, a) ? b : a),
  min: (isGreater, a, b) => (isGreater(a, b) ? b : a),
} as const satisfies Partial<Record<Elementary, <T>(isGreater: (a: T, b: T) => boolean, a: T, b: T) => T>>;

const hasSlope = (name: string): name is keyof typeof slopes => Object.hasOwn(slopes, name);
const isBranch = (name: string): name is keyof typeof branches => Object.hasOwn(branches, name);

/** The whole number n. */
export const integer = <T>(a: Arithmetic<T>, n: number): T => a.constant({ numerator: BigInt(n), denominator: 1n });
const negative = <T>(a: Arithmetic<T>, x: T): T => a.subtract(integer(a, 0), x);

/**
 * Dual numbers over another kind: evaluating a function at x + ε gives f(x) + f′(x)ε by arithmetic alone.
 * An opaque function f takes its derivative from the opaque function f_prime.
 */
export function dual<T>(base: Arithmetic<T>): Arithmetic<Dual<T>> {
  const zero = integer(base, 0);
  const isGreater = (a: Dual<T>, b: Dual<T>): boolean => base.isGreater(a.value, b.value);
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
      const [x, y] = args;
      if (x === undefined) return { value: base.apply(name), derivative: zero };
      if (isBranch(name) && y !== undefined) return branches[name](isGreater, x, y);
      if (y !== undefined || isBranch(name)) throw new Error(`no derivative of ${name} by ${args.length} arguments`);
      const value = base.apply(name, x.value);
      const slope = hasSlope(name) ? slopes[name](base, x.value, value) : base.apply(derivativeName(name), x.value);
      return { value, derivative: base.multiply(slope, x.derivative) };
    },
    isGreater,
  };
}
