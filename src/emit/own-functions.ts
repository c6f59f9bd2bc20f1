import { isElementary } from "../expression/index.ts";
import { erfCoefficients, type doubleFunctions } from "../exact/index.ts";
import { visitStatements, visitValue, valuesOf, type Exponential, type Program } from "../program/index.ts";
import { expText } from "./exp-text.ts";

type OwnFunction = keyof typeof doubleFunctions | "exp";

/** ((c₃·s + c₂)·s + c₁)·s + c₀, in the order in which exact/elementary.ts adds. */
const horner = (coefficients: readonly number[]): string =>
  coefficients.reduceRight((inner, c) => (inner === "" ? String(c) : `(${inner}) * s + ${c}`), "");

type Coefficients = (typeof erfCoefficients)[keyof typeof erfCoefficients];

/** Both polynomials in s, one over the other. */
const quotient = ({ over, under }: Coefficients): string => `(${horner(over)}) / (${horner(under)})`;

const { nearZero, nearOne, middle, far } = erfCoefficients;

/** tail, which is 1 − erf(size) from 1.25 on. */
const tail = `const s = 1 / (size * size);
  const quotient =
    size < 1 / 0.35
      ? ${quotient(middle)}
      : ${quotient(far)};
  const short = Math.fround(size);
  const tail = (Math.exp(-short * short - 0.5625) * Math.exp((short - size) * (short + size) + quotient)) / size;`;

/** What a module brings along for want of a Math function; each equals its definition in exact/ to the last bit. */
export const ownFunctions = {
  exp: expText,
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
    return sign * (0.8450629115104675 + ${quotient(nearOne)});
  }
  if (!(size < 6)) return Number.isNaN(x) ? x : sign;
  ${tail}
  return sign * (1 - tail);
}`,
  erfc: `/** 1 - erf(x) without cancellation, within three ulp, with the coefficients of fdlibm. */
function erfc(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) {
    const s = x * x;
    const rest = (x * (${horner(nearZero.over)})) / (${horner(nearZero.under)});
    return x < 0.25 ? 1 - (x + rest) : 0.5 - (x - 0.5 + rest);
  }
  if (size < 1.25) {
    const s = size - 1;
    const rest = ${quotient(nearOne)};
    return x < 0 ? 1 + (0.8450629115104675 + rest) : 0.15493708848953247 - rest;
  }
  if (!(size < 28)) return Number.isNaN(x) ? x : x < 0 ? 2 : 0;
  ${tail}
  return x < 0 ? 2 - tail : tail;
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

/** Those of a module's own functions that call exp. */
const builtOnExp: readonly string[] = ["logistic", "softplus"] satisfies readonly OwnFunction[];

/** The source text of one of a module's own functions. */
export const textOfFunction = (name: OwnFunction, exp: Exponential): string =>
  exp === "fast" && builtOnExp.includes(name) ? ownFunctions[name].replace("Math.exp(", "exp(") : ownFunctions[name];

/** How a function is called in code: `Math.exp`, or by the name of one of the module's own. */
export function nameOfFunction(name: string, exp: Exponential = "exact"): string {
  if (!isElementary(name)) throw new Error(`no code computes ${name}`);
  const isOurs = name === "exp" ? exp === "fast" : isOwn(name);
  return isOurs ? name : `Math.${name}`;
}

/** The functions of its own that a module for the program needs, in the order in which they are written. */
export function functionsUsed({ procedures, exp }: Pick<Program, "procedures" | "exp">): readonly OwnFunction[] {
  const used = new Set<string>();
  for (const { statements } of procedures)
    visitStatements(statements, (statement) =>
      valuesOf(statement).forEach((root) => visitValue(root, (v) => v.kind === "call" && used.add(v.name))),
    );
  if (builtOnExp.some((name) => used.has(name))) used.add("exp");
  if (exp === "exact") used.delete("exp");
  return (Object.keys(ownFunctions) as OwnFunction[]).filter((name) => used.has(name));
}
