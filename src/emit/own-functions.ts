import { isElementary } from "../expression/index.ts";
import type { doubleFunctions } from "../exact/index.ts";
import { visitStatements, visitValue, valuesOf, type Program } from "../program/index.ts";

type OwnFunction = keyof typeof doubleFunctions;

/** ((c₃·s + c₂)·s + c₁)·s + c₀, in the order in which exact/elementary.ts adds. */
const horner = (coefficients: readonly number[]): string =>
  coefficients.reduceRight((inner, c) => (inner === "" ? String(c) : `(${inner}) * s + ${c}`), "");

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

/** What a module brings along for want of a Math function; each equals its definition in exact/elementary.ts to the last bit. */
export const ownFunctions = {
  erf: `/** The error function, within one ulp, with the coefficients of fdlibm. */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) {
    if (size < 3.7e-9) return x + 0.1283791670955126 * x;
    const s = x * x;
    return x + (x * (${horner(nearZero.over)})) / (${horner(nearZero.under)});
  }
  const sign = x < 0 ? -1 : 1;
  if (size < 1.25) {
    const s = size - 1;
    return sign * (0.8450629115104675 + (${horner(nearOne.over)}) / (${horner(nearOne.under)}));
  }
  if (!(size < 6)) return Number.isNaN(x) ? x : sign;
  const s = 1 / (size * size);
  const quotient =
    size < 1 / 0.35
      ? (${horner(middle.over)}) / (${horner(middle.under)})
      : (${horner(far.over)}) / (${horner(far.under)});
  const short = Math.fround(size);
  const tail = Math.exp(-short * short - 0.5625) * Math.exp((short - size) * (short + size) + quotient);
  return sign * (1 - tail / size);
}`,
  logistic: `/** 1 / (1 + exp(-x)), without overflow. */
function logistic(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return (x > 0 ? 1 : e) / (1 + e);
}`,
  softplus: `/** log(1 + exp(x)), without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}`,
  xlogx: `/** x log x, and 0 at 0. */
function xlogx(x: number): number {
  return x === 0 ? 0 : x * Math.log(x);
}`,
} satisfies Record<OwnFunction, string>;

const isOwn = (name: string): name is OwnFunction => Object.hasOwn(ownFunctions, name);

/** How a function is called in code: `Math.exp`, or by the name of one of the module's own. */
export function nameOfFunction(name: string): string {
  if (!isElementary(name)) throw new Error(`no code computes ${name}`);
  return isOwn(name) ? name : `Math.${name}`;
}

/** The functions of its own that a module for the program needs. */
export function functionsUsed({ procedures }: Program): readonly OwnFunction[] {
  const used = new Set<string>();
  for (const { statements } of procedures)
    visitStatements(statements, (statement) =>
      valuesOf(statement).forEach((root) => visitValue(root, (v) => v.kind === "call" && used.add(v.name))),
    );
  return (Object.keys(ownFunctions) as OwnFunction[]).filter((name) => used.has(name));
}
