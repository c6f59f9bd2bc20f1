import type { Elementary } from "../expression/index.ts";

/** Functions of doubles that JavaScript has no name for; an emitted module has the same ones, to the last bit. */
export const doubleFunctions = {
  logistic: (x: number): number => {
    const e = Math.exp(-Math.abs(x));
    return (x > 0 ? 1 : e) / (1 + e);
  },
  softplus: (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  xlogx: (x: number): number => (x === 0 ? 0 : x * Math.log(x)),
  erf,
  erfc,
} as const satisfies Partial<Record<Elementary, (x: number) => number>>;

/** c₀ + c₁x + c₂x² + … */
const polynomial = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

/**
 * The error function, within one ulp. Rational approximations on four intervals with the coefficients of Sun
 * Microsystems' fdlibm (s_erf.c, 1993); beyond 6 the value is 1.
 */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) {
    if (size < 3.7e-9) return x + 0.1283791670955126 * x;
    const s = x * x;
    return x + (x * polynomial(s, nearZero.over)) / polynomial(s, nearZero.under);
  }
  const sign = x < 0 ? -1 : 1;
  if (size < 1.25) {
    const s = size - 1;
    return sign * (0.8450629115104675 + polynomial(s, nearOne.over) / polynomial(s, nearOne.under));
  }
  if (!(size < 6)) return Number.isNaN(x) ? x : sign;
  return sign * (1 - tail(size));
}

/** 1 − erf(x), within three ulp, by the same approximations; beyond 28 it is below the smallest number. */
function erfc(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) {
    const s = x * x;
    const rest = (x * polynomial(s, nearZero.over)) / polynomial(s, nearZero.under);
    // From ¼ on the difference of x and ½ is exact.
    return x < 0.25 ? 1 - (x + rest) : 0.5 - (x - 0.5 + rest);
  }
  if (size < 1.25) {
    const s = size - 1;
    const rest = polynomial(s, nearOne.over) / polynomial(s, nearOne.under);
    return x < 0 ? 1 + (0.8450629115104675 + rest) : 0.15493708848953247 - rest;
  }
  if (!(size < 28)) return Number.isNaN(x) ? x : x < 0 ? 2 : 0;
  return x < 0 ? 2 - tail(size) : tail(size);
}

/** 1 − erf(size) from 1.25 on: exp(−size²)/size, but for a factor that varies little. */
function tail(size: number): number {
  const s = 1 / (size * size);
  const { over, under } = size < 1 / 0.35 ? middle : far;
  // The square of a number with half the digits is exact, so that exp(-x²) has no more than its own error.
  const short = Math.fround(size);
  const bell =
    Math.exp(-short * short - 0.5625) *
    Math.exp((short - size) * (short + size) + polynomial(s, over) / polynomial(s, under));
  return bell / size;
}

const nearZero = {
  over: [
    1.28379167095512558561e-1, -3.2504210724700149937e-1, -2.84817495755985104766e-2, -5.77027029648944159157e-3,
    -2.37630166566501626084e-5,
  ],
  under: [
    1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3, 1.32494738004321644526e-4,
    -3.9602282787753681232e-6,
  ],
};
const nearOne = {
  over: [
    -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1, 3.18346619901161753674e-1,
    -1.10894694282396677476e-1, 3.54783043256182359371e-2, -2.166375594868790843e-3,
  ],
  under: [
    1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2, 1.26171219808761642112e-1,
    1.36370839120290507362e-2, 1.1984499846799107417e-2,
  ],
};
const middle = {
  over: [
    -9.86494403484714822705e-3, -6.93858572707181764372e-1, -1.05586262253232909814e1, -6.23753324503260060396e1,
    -1.62396669462573470355e2, -1.84605092906711035994e2, -8.12874355063065934246e1, -9.81432934416914548592,
  ],
  under: [
    1, 1.96512716674392571292e1, 1.376577541435190426e2, 4.34565877475229228821e2, 6.45387271733267880336e2,
    4.29008140027567833386e2, 1.08635005541779435134e2, 6.57024977031928170135, -6.04244152148580987438e-2,
  ],
};
const far = {
  over: [
    -9.86494292470009928597e-3, -7.99283237680523006574e-1, -1.77579549177547519889e1, -1.60636384855821916062e2,
    -6.37566443368389627722e2, -1.02509513161107724954e3, -4.83519191608651397019e2,
  ],
  under: [
    1, 3.03380607434824582924e1, 3.25792512996573918826e2, 1.53672958608443695994e3, 3.19985821950859553908e3,
    2.55305040643316442583e3, 4.74528541206955367215e2, -2.24409524465858183362e1,
  ],
};

/** Numerators and denominators of the approximations, by interval. */
export const erfCoefficients = { nearZero, nearOne, middle, far };
