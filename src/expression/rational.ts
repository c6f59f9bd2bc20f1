/** An exact fraction in lowest terms with a positive denominator. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** numerator / denominator in lowest terms. Throws on a zero denominator. */
export function rational(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
  const n = BigInt(numerator);
  const d = BigInt(denominator);
  if (d === 0n) throw new Error("rational: the denominator is zero");
  const divisor = gcd(n, d) * (d < 0n ? -1n : 1n);
  return { numerator: n / divisor, denominator: d / divisor };
}

export const zero = rational(0);
export const one = rational(1);

/** The exact value of a decimal literal such as `0.044715` or `1e-3`. */
export function fromDecimal(literal: string): Rational {
  const match = /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(literal);
  if (match === null || `${match[2]}${match[3]}` === "") throw new Error(`not a decimal literal: ${literal}`);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const scale = Number(exponent) - fraction.length;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  return scale >= 0 ? rational(digits * 10n ** BigInt(scale)) : rational(digits, 10n ** BigInt(-scale));
}

export const plus = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
export const times = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.numerator, a.denominator * b.denominator);
export const inverse = (a: Rational): Rational => rational(a.denominator, a.numerator);
export const negated = (a: Rational): Rational => rational(-a.numerator, a.denominator);
export const isZero = (a: Rational): boolean => a.numerator === 0n;
export const isOne = (a: Rational): boolean => a.numerator === 1n && a.denominator === 1n;
export const isNegative = (a: Rational): boolean => a.numerator < 0n;
export const isInteger = (a: Rational): boolean => a.denominator === 1n;
export const equals = (a: Rational, b: Rational): boolean =>
  a.numerator === b.numerator && a.denominator === b.denominator;
const limit = 2n ** 53n;
const isSmall = (n: bigint): boolean => n > -limit && n < limit;

/** The double nearest to a. */
export function toNumber({ numerator, denominator }: Rational): number {
  if (isSmall(numerator) && isSmall(denominator)) return Number(numerator) / Number(denominator);
  // A quotient of more than 64 bits, its last bit saying whether anything is left over, is rounded once.
  const bits = (n: bigint): number => n.toString(2).replace("-", "").length;
  const shift = Math.max(0, 66 + bits(denominator) - bits(numerator));
  const magnitude = numerator < 0n ? -numerator : numerator;
  const quotient = (magnitude << BigInt(shift)) / denominator;
  const isExact = quotient * denominator === magnitude << BigInt(shift);
  const half = Math.floor(shift / 2);
  const value = Number(isExact ? quotient : quotient | 1n) / 2 ** half / 2 ** (shift - half);
  return numerator < 0n ? -value : value;
}

/** aⁿ for an integer n; a negative n inverts. */
export function power(a: Rational, n: number): Rational {
  const base = n < 0 ? inverse(a) : a;
  const m = BigInt(Math.abs(n));
  return rational(base.numerator ** m, base.denominator ** m);
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}

const largestDenominator = 100_000n;
/**
 * The fraction of the smallest denominator that is as close to a number, by its continued fraction; null where none is
 * small.
 *
 * @param tolerance relative to the number
 */
export function nearestFraction(value: number, tolerance: number): Rational | null {
  if (!Number.isFinite(value)) return null;
  let before = { over: 0n, under: 1n };
  let last = { over: 1n, under: 0n };
  for (let rest = value; Number.isFinite(rest);) {
    const whole = BigInt(Math.floor(rest));
    const next = { over: whole * last.over + before.over, under: whole * last.under + before.under };
    if (next.under > largestDenominator) return null;
    if (Math.abs(Number(next.over) / Number(next.under) - value) <= tolerance * Math.abs(value))
      return rational(next.over, next.under);
    [before, last] = [last, next];
    rest = 1 / (rest - Number(whole));
  }
  return null;
}
