import { nearestFraction, type Rational } from "../expression/index.ts";

/** The rational that a ratio of doubles is within rounding of, or null. */
export const nearestRational = (value: number): Rational | null => nearestFraction(value, 1e-9);

export const rationalText = ({ numerator, denominator }: Rational): string =>
  denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
