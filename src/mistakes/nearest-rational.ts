import { rational, type Rational } from "../expression/index.ts";

const largestDenominator = 100_000n;
const tolerance = 1e-9;

/** The rational of the smallest denominator within rounding of a number, by its continued fraction; null where none is small. */
export function nearestRational(value: number): Rational | null {
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

export const rationalText = ({ numerator, denominator }: Rational): string =>
  denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
