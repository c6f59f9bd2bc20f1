import { numberText, type NumberType, type Precision } from "./wasm-numbers.ts";

/**
 * exp(x) = 2ⁿ·exp(r) with n the whole number next to x/ln 2 (Cody and Waite), and exp(r) = 1 + (r + r²·q(r)),
 * q a polynomial. Within one ulp; 0 where the result is below twice the least normal number.
 */
interface ExpConstants {
  /** Greater arguments are taken for this one: the result overflows. */
  readonly most: number;
  /** Of smaller arguments the result is 0. */
  readonly least: number;
  readonly perLn2: number;
  /** Adding it rounds to whole numbers, and leaves n − 1 in the lowest bits. */
  readonly rounder: number;
  /** ln 2 in two parts; n times the first is exact. */
  readonly ln2: readonly [number, number];
  /** q, lowest power first. */
  readonly q: readonly number[];
  /** Where the exponent begins. */
  readonly exponentAt: number;
}

export const expConstants = {
  f64: {
    most: 710,
    least: -707.7,
    perLn2: 1.4426950408889634,
    rounder: 6755399441055743,
    ln2: [0.6931471803691238, 1.9082149292705877e-10],
    q: [
      0.5000000000000001, 0.16666666666666669, 0.041666666666624094, 0.00833333333333006, 0.0013888888917230724,
      0.00019841269863066696, 2.4801521269532122e-5, 2.7557268439678e-6, 2.7620101012098e-7, 2.5100395159429243e-8,
    ],
    exponentAt: 52,
  },
  f32: {
    most: 89,
    least: -86.64,
    perLn2: 1.4426950408889634,
    rounder: 12582911,
    ln2: [0.693359375, -2.12194440054690583e-4],
    q: [0.5, 0.1666657695378877, 0.04166655457234514, 0.008363185031533224, 0.0013926191056242137],
    exponentAt: 23,
  },
} as const satisfies Record<Precision, ExpConstants>;

/** The constants in the order in which they lie in memory, a vector of equals each. */
export const expTable = (type: Precision): readonly number[] => {
  const { most, least, perLn2, rounder, ln2, q } = expConstants[type];
  return [most, least, perLn2, rounder, ...ln2, 1, ...q];
};

/** What the constants of {@link expTable} are called in code. */
export const expNames = (type: Precision): readonly string[] =>
  [
    ...["most", "least", "perLn2", "rounder", "ln2high", "ln2low", "one"],
    ...expConstants[type].q.map((_, i) => `q${i}`),
  ].map((name) => `exp.${name}`);

/** Text that loads the nth constant. */
export const expConstantAt = (table: number, nth: number): string =>
  `(v128.load offset=${table + 16 * nth} (i32.const 0))`;

/** Locals that {@link expLines} sets on the way. */
export const expLocals: readonly string[] = ["x", "t", "n", "r", "r2", "r4"].map((name) => `exp.${name}`);

/**
 * Statements that compute exp in each lane, and the expression that they end in.
 *
 * @param constant the text of a constant, by its place in {@link expTable}
 */
export function expLines(
  { type, vector, integers }: NumberType,
  x: string,
  constant: (nth: number) => string,
): { readonly lines: readonly string[]; readonly result: string } {
  const { q, exponentAt } = expConstants[type];
  const [most, least, perLn2, rounder, high, low, one] = [0, 1, 2, 3, 4, 5, 6].map(constant) as [
    ...[string, string, string, string, string, string, string],
  ];
  const c = q.map((_, i) => constant(7 + i));
  const get = (name: string): string => `(local.get $exp.${name})`;
  const set = (name: string, value: string): string => `(local.set $exp.${name} ${value})`;
  const op: Instruction = (name, a, b) => `(${vector}.${name} ${a} ${b})`;
  const pairs = c.flatMap((even, i) => {
    const odd = c[i + 1];
    return i % 2 === 1 ? [] : [odd === undefined ? even : op("add", even, op("mul", odd, get("r")))];
  });
  return {
    lines: [
      set("x", op("pmin", x, most)),
      set("t", op("add", op("mul", get("x"), perLn2), rounder)),
      set("n", op("sub", get("t"), rounder)),
      set("r", op("sub", op("sub", get("x"), op("mul", get("n"), high)), op("mul", get("n"), low))),
      set("r2", op("mul", get("r"), get("r"))),
      set("r4", op("mul", get("r2"), get("r2"))),
      set("r", op("add", one, op("add", get("r"), op("mul", get("r2"), estrin(pairs, op, get))))),
      // The exponent of t is n − 1, so that the double of the greatest results overflows.
      set("r", `(${integers}.add ${get("r")} (${integers}.shl ${get("t")} (i32.const ${exponentAt})))`),
    ],
    result: `(v128.andnot ${op("add", get("r"), get("r"))} ${op("lt", get("x"), least)})`,
  };
}

type Instruction = (name: string, a: string, b: string) => string;

/**
 * Text of the function exp of a vector, for where it is not written out.
 *
 * @param table where {@link expTable} lies in memory
 */
export function expFunction(number: NumberType, table: number): string {
  const { lines, result } = expLines(number, "(local.get $x)", (nth) => expConstantAt(table, nth));
  const locals = expLocals.map((name) => `(local $${name} v128)`).join(" ");
  return `;; e to the power of each lane: 2^n * (1 + (r + r^2 q(r)))
(func $exp (param $x v128) (result v128)
  ${locals}
${[...lines, result].map((line) => `  ${line}`).join("\n")})`;
}

/** (p₀ + p₁r²) + r⁴·((p₂ + p₃r²) + r⁴·p₄): short chains. */
function estrin(pairs: readonly string[], op: Instruction, get: (name: string) => string): string {
  const [first = "", second, ...rest] = pairs;
  if (second === undefined) return first;
  const head = op("add", first, op("mul", second, get("r2")));
  return rest.length === 0 ? head : op("add", head, op("mul", estrin(rest, op, get), get("r4")));
}

/** Text of the function logistic of a vector. */
export const logisticFunction = ({ vector, type }: NumberType): string => {
  const one = `(v128.const ${vector} ${Array.from({ length: type === "f64" ? 2 : 4 }, () => numberText(1)).join(" ")})`;
  const zero = one.replaceAll(" 1", " 0");
  return `;; 1 / (1 + exp(-x)) in each lane, without overflow
(func $logistic (param $x v128) (result v128)
  (local $e v128)
  (local.set $e (call $exp (${vector}.neg (${vector}.abs (local.get $x)))))
  (${vector}.div
    (v128.bitselect ${one} (local.get $e) (${vector}.gt (local.get $x) ${zero}))
    (${vector}.add ${one} (local.get $e))))`;
};

/** What the module's exp computes, to the last bit, in doubles. */
export function exp64(x: number): number {
  const { most, least, perLn2, rounder, ln2, q } = expConstants.f64;
  const bounded = most < x ? most : x;
  const t = bounded * perLn2 + rounder;
  const n = t - rounder;
  const r = bounded - n * ln2[0] - n * ln2[1];
  const p = power(r, q, (v) => v);
  numbers64[0] = t;
  const exponent = words64[0] as number;
  numbers64[0] = p;
  words64[1] = ((words64[1] as number) + (exponent << 20)) | 0;
  const half = numbers64[0];
  return bounded < least ? 0 : half + half;
}

const numbers64 = new Float64Array(1);
const words64 = new Int32Array(numbers64.buffer);

/** The same in single precision: every operation rounds. */
export function exp32(x: number): number {
  const { most, perLn2, rounder, q, exponentAt } = expConstants.f32;
  const f = Math.fround;
  const [least, high, low] = [f(expConstants.f32.least), f(expConstants.f32.ln2[0]), f(expConstants.f32.ln2[1])];
  const bounded = most < x ? most : x;
  const t = f(f(bounded * f(perLn2)) + rounder);
  const n = f(t - rounder);
  const r = f(f(bounded - f(n * high)) - f(n * low));
  numbers32[0] = t;
  const exponent = words32[0] as number;
  numbers32[0] = power(r, q.map(f), f);
  words32[0] = ((words32[0] as number) + (exponent << exponentAt)) | 0;
  const half = numbers32[0];
  return bounded < least ? 0 : f(half + half);
}

const numbers32 = new Float32Array(1);
const words32 = new Int32Array(numbers32.buffer);

/** 1 + (r + r²·q(r)), in the order of {@link expFunction}. */
function power(r: number, q: readonly number[], f: (value: number) => number): number {
  const r2 = f(r * r);
  const r4 = f(r2 * r2);
  const pairs = q.flatMap((even, i) => {
    const odd = q[i + 1];
    return i % 2 === 1 ? [] : [odd === undefined ? even : f(even + f(odd * r))];
  });
  const sum = ([first = 0, second, ...rest]: readonly number[]): number => {
    if (second === undefined) return first;
    const head = f(first + f(second * r2));
    return rest.length === 0 ? head : f(head + f(sum(rest) * r4));
  };
  return f(1 + f(r + f(r2 * sum(pairs))));
}
