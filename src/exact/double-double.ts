import type { Arithmetic } from "./arithmetic.ts";
import { digits64, type Digits } from "./decimal.ts";

/** The sum of two doubles, of which the second is less than half a unit in the last place of the first. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/**
 * About 31 digits, within the range of doubles, at a tenth of the time that decimals take (Dekker 1971; Hida, Li and
 * Bailey 2001). Constants and functions but exp are taken at 64 digits and rounded.
 */
export const doubleDouble: Arithmetic<DoubleDouble> & { readonly from: (x: number) => DoubleDouble } = {
  from: (x) => ({ high: x, low: 0 }),
  constant: (c) => rounded(digits64.constant(c)),
  add,
  subtract: (a, b) => add(a, negative(b)),
  multiply: (a, b) => {
    const high = a.high * b.high;
    return renormal(high, productError(a.high, b.high, high) + (a.high * b.low + a.low * b.high));
  },
  divide: (a, b) => {
    const first = a.high / b.high;
    const rest = add(a, negative(scaled(b, first)));
    const second = rest.high / b.high;
    const third = add(rest, negative(scaled(b, second))).high / b.high;
    return add(renormal(first, second), { high: third, low: 0 });
  },
  isGreater: (a, b) => a.high > b.high || (a.high === b.high && a.low > b.low),
  apply: (name, ...args) => {
    const [x] = args;
    if (name === "exp" && args.length === 1 && x !== undefined && Math.abs(x.high) < mostOfExp) return exponential(x);
    return rounded(digits64.apply(name, ...args.map(inDecimals)));
  },
};

/** Beyond, k·ln 2 takes too many of the digits that x has. */
const mostOfExp = 40;
const ln2: DoubleDouble = { high: 0.6931471805599453, low: 2.3190468138462996e-17 };
/** What is left of x is halved so often before the series, e^x − 1 doubled as often after it. */
const halvings = 9;
const terms = 8;

/** e^x = 2^k e^r with r in -ln 2/2 … ln 2/2; 1 is added last, so that no digit of e^r − 1 is lost before. */
function exponential(x: DoubleDouble): DoubleDouble {
  const k = Math.round(x.high / ln2.high);
  const rest = add(x, scaled(ln2, -k));
  const r: DoubleDouble = { high: rest.high / 2 ** halvings, low: rest.low / 2 ** halvings };
  let power: DoubleDouble = r;
  let sum: DoubleDouble = r;
  for (let n = 2; n <= terms; n++) {
    power = doubleDouble.divide(doubleDouble.multiply(power, r), doubleDouble.from(n));
    sum = add(sum, power);
  }
  for (let n = 0; n < halvings; n++) sum = add(scaled(sum, 2), doubleDouble.multiply(sum, sum));
  const { high, low } = add(sum, doubleDouble.from(1));
  return { high: high * 2 ** k, low: low * 2 ** k };
}

/** All 64 digits of both parts: a double written in the usual way has as many as tell it from its neighbours. */
export const inDecimals = ({ high, low }: DoubleDouble): Digits => digits64.add(allDigits(high), allDigits(low));

function allDigits(x: number): Digits {
  if (x === 0 || !Number.isFinite(x)) return digits64.from(x);
  const shift = 54 - Math.floor(Math.log2(Math.abs(x)));
  const half = Math.trunc(shift / 2);
  const whole = digits64.from(BigInt(x * 2 ** half * 2 ** (shift - half)).toString());
  return digits64.multiply(whole, digits64.from(2).pow(-shift));
}

function rounded(x: Digits): DoubleDouble {
  const high = x.toNumber();
  return { high, low: Number.isFinite(high) ? digits64.subtract(x, allDigits(high)).toNumber() : 0 };
}

function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = [a.high + b.high, a.low + b.low];
  const once = renormal(high, sumError(a.high, b.high, high) + low);
  return renormal(once.high, once.low + sumError(a.low, b.low, low));
}

const negative = ({ high, low }: DoubleDouble): DoubleDouble => ({ high: -high, low: -low });

function scaled({ high, low }: DoubleDouble, factor: number): DoubleDouble {
  const product = high * factor;
  return renormal(product, productError(high, factor, product) + low * factor);
}

/** The same sum, its greater part first. */
function renormal(high: number, low: number): DoubleDouble {
  const sum = high + low;
  return { high: sum, low: low - (sum - high) };
}

/** a + b − sum, exactly. */
function sumError(a: number, b: number, sum: number): number {
  const ofB = sum - a;
  return a - (sum - ofB) + (b - ofB);
}

/** a·b − product, exactly. */
function productError(a: number, b: number, product: number): number {
  const [aHigh, bHigh] = [upper(a), upper(b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** The upper 26 bits. */
function upper(x: number): number {
  const shifted = 134217729 * x;
  return shifted - (shifted - x);
}
