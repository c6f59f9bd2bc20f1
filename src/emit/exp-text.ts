import { fastExpError, fastExpParts } from "../exact/index.ts";

const { least, greatest, shift, near, far, steps, coefficients } = fastExpParts;
const [c2, c3, c4, c5] = coefficients;

/** As prettier writes numbers: what is recognised when the module is checked is the text token by token. */
const listed = (numbers: readonly number[]): string => numbers.map((x) => String(x).replace("e+", "e")).join(", ");

/** The exp that a module brings along, with its tables: fastExp of exact/fast-exp.ts to the last bit. */
export const expText = `/**
 * e^x in a third of the time of Math.exp, within ${fastExpError.near.ulp} ulp for ${near.least} < x < ${near.greatest} and ${fastExpError.everywhere.ulp} elsewhere:
 * e^(64m) · e^(n/64) · e^r by tables and a polynomial, where |r| ≤ 1/128.
 */
function exp(x: number): number {
  // Beyond these it is 0 and Infinity.
  const z = x > ${greatest} ? ${greatest} : x < ${least} ? ${least} : x;
  // So large a sum is in whole 64ths, and how many of them there are from ${least} on is in its low bits.
  const s = z + ${shift};
  roundedSum[0] = s;
  const n = lowBits[0]!;
  const r = z - (s - ${shift});
  const e = farPowers[n >> 12]! * nearPowers[n & 4095]!;
  const r2 = r * r;
  // In pairs, which need not wait for each other.
  return e + e * (nearRests[n & 4095]! + r + (r2 * (${c2} + ${c3} * r) + r2 * r2 * (${c4} + ${c5} * r)));
}

const roundedSum = new Float64Array(1);
const lowBits = new Int32Array(roundedSum.buffer);

// e^(n/64) for n from ${-near.before} on, what rounding takes from these, and e^(64m) for m from ${-far.before} on.
const nearPowers = new Float64Array(${near.length});
const nearRests = new Float64Array(${near.length});
const farPowers = new Float64Array(${far.length});
fillPowers(nearPowers, nearRests, ${near.before}, 1, ${listed(steps.nearUp)});
fillPowers(nearPowers, nearRests, ${near.before}, -1, ${listed(steps.nearDown)});
fillPowers(farPowers, null, ${far.before}, 1, ${listed(steps.farUp)});
fillPowers(farPowers, null, ${far.before}, -1, ${listed(steps.farDown)});

/** table[one], table[one + by], … = 1, step + rest, … by products of sums of two doubles. */
function fillPowers(
  table: Float64Array,
  rests: Float64Array | null,
  one: number,
  by: number,
  step: number,
  rest: number,
): void {
  let high = 1;
  let low = 0;
  for (let n = one; n >= 0 && n < table.length; n += by) {
    table[n] = high;
    if (rests !== null) rests[n] = low / high;
    // 2^27 + 1 splits a double into halves whose products with step are exact.
    const top = high * 134217729 - (high * 134217729 - high);
    const product = top * step;
    const more = (high - top) * step + (high * rest + low * step);
    high = product + more;
    low = product - high + more;
  }
}`;
