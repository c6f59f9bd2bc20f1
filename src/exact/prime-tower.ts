import { isElementary, type Elementary, type Rational } from "../expression/index.ts";
import { integer, integerPower, type Arithmetic } from "./arithmetic.ts";
import type { Random } from "./random.ts";

/** A field element: its residue in each field of the tower, the last of which is the one compared. */
export type Residues = readonly bigint[];

/** A random point at which a denominator happens to vanish; draw another. */
export class DivisionByZero extends Error {
  constructor() {
    super("division by zero");
    this.name = "DivisionByZero";
  }
}

/**
 * Arithmetic in prime fields p₁ | p₂−1, p₂ | p₃−1, … Every number has a residue in each field, drawn
 * independently, so that field identities hold in all of them. exp takes the residue one field below as its
 * exponent, exp(x)ᵢ₊₁ = g^(xᵢ) with g of order pᵢ: exp(x+y) = exp(x)·exp(y) then holds exactly, which no
 * table of random values would give. In the lowest field, and for every other function without a definition,
 * a function is a table of random values: the same argument, the same value, and nothing else is known of it.
 *
 * By the Schwartz–Zippel lemma a false polynomial identity of degree d passes a draw with probability at
 * most d/p, below 10⁻¹⁵ for all that is checked here.
 */
export function primeTower(
  levels: number,
  random: Random,
): Arithmetic<Residues> & { readonly draw: () => Residues; readonly same: (a: Residues, b: Residues) => boolean } {
  const fields = tower(levels, random);
  const tables = new Map<string, Residues>();
  const draw = (): Residues => fields.map(({ p }) => ((random.bits() << 64n) | random.bits()) % p);
  const each = (operate: (a: bigint, b: bigint, p: bigint) => bigint) => (a: Residues, b: Residues) =>
    fields.map(({ p }, i) => operate(a[i] as bigint, b[i] as bigint, p));
  const lookUp = (name: string, x: Residues): Residues => {
    const key = `${name} ${x.join(" ")}`;
    const known = tables.get(key);
    if (known !== undefined) return known;
    const value = draw();
    tables.set(key, value);
    return value;
  };
  const field: Arithmetic<Residues> = {
    constant: (c: Rational) => fields.map(({ p }) => (mod(c.numerator, p) * invert(mod(c.denominator, p), p)) % p),
    add: each((a, b, p) => (a + b >= p ? a + b - p : a + b)),
    subtract: each((a, b, p) => (a < b ? a - b + p : a - b)),
    multiply: each((a, b, p) => (a * b) % p),
    divide: each((a, b, p) => (a * invert(b, p)) % p),
    // Mostly so: where the other branch is 0, as relu's is, much has no value for it.
    isGreater: (a, b) => {
      const difference = field.subtract(a, b);
      return difference.some((r) => r !== 0n) && (lookUp("order", difference).at(-1) as bigint) % 8n !== 0n;
    },
    apply: (name, ...args) => {
      const [x, other = x] = args;
      if (x === undefined) return lookUp(name, []);
      const definition = isElementary(name) ? definitions[name] : null;
      if (definition !== null) return definition(field, x, other as Residues);
      const opaque = lookUp(name, x);
      if (name !== "exp") return opaque;
      const power = fields.map(({ p, generator }, i) =>
        i === 0 ? (opaque[0] as bigint) : modPower(generator, x[i - 1] as bigint, p),
      );
      // log(exp(x)) = x
      const logarithm = `log ${power.join(" ")}`;
      if (!tables.has(logarithm)) tables.set(logarithm, x);
      return power;
    },
  };
  return { ...field, draw, same: (a, b) => a.at(-1) === b.at(-1) };
}

type Definition = <T>(a: Arithmetic<T>, x: T, other: T) => T;

/**
 * Functions by others, so that their identities are exact as well: those that are rational in exp, and those that choose
 * by the order. null where a function is a table of its own, or exp.
 */
const definitions: Readonly<Record<Elementary, Definition | null>> = {
  exp: null,
  log: null,
  sqrt: null,
  sin: null,
  cos: null,
  atan: null,
  erf: null,
  sinh: (a, x) => a.divide(a.subtract(exp(a, x), reciprocalExp(a, x)), two(a)),
  cosh: (a, x) => a.divide(a.add(exp(a, x), reciprocalExp(a, x)), two(a)),
  sech: (a, x) => a.divide(two(a), a.add(exp(a, x), reciprocalExp(a, x))),
  tanh: (a, x) => a.divide(a.subtract(exp(a, x), reciprocalExp(a, x)), a.add(exp(a, x), reciprocalExp(a, x))),
  expm1: (a, x) => a.subtract(exp(a, x), integer(a, 1)),
  log1p: (a, x) => a.apply("log", a.add(integer(a, 1), x)),
  logistic: (a, x) => a.divide(integer(a, 1), a.add(integer(a, 1), reciprocalExp(a, x))),
  softplus: (a, x) => a.apply("log", a.add(integer(a, 1), exp(a, x))),
  xlogx: (a, x) => a.multiply(x, a.apply("log", x)),
  abs: (a, x) => (a.isGreater(x, integer(a, 0)) ? x : a.subtract(integer(a, 0), x)),
  sign: (a, x) => integer(a, a.isGreater(x, integer(a, 0)) ? 1 : -1),
  max: (a, x, other) => (a.isGreater(other, x) ? other : x),
  min: (a, x, other) => (a.isGreater(x, other) ? other : x),
};
const exp = <T>(a: Arithmetic<T>, x: T): T => a.apply("exp", x);
const two = <T>(a: Arithmetic<T>): T => integer(a, 2);
const reciprocalExp = <T>(a: Arithmetic<T>, x: T): T => a.divide(integerPower(a, x, 0), exp(a, x));

interface Field {
  readonly p: bigint;
  /** An element whose order is the prime of the field below. */
  readonly generator: bigint;
}

/** p₁ = 2⁶¹−1; each next p is the least prime k·p+1 above it. */
function tower(levels: number, random: Random): readonly Field[] {
  const fields: Field[] = [{ p: (1n << 61n) - 1n, generator: 1n }];
  while (fields.length < levels) {
    const below = (fields.at(-1) as Field).p;
    const k = cofactor(below);
    const p = k * below + 1n;
    // Drawn anew each time: a fixed generator would give exp(1) a fixed value, and with it identities that do not hold.
    let generator = 1n;
    while (generator === 1n) generator = modPower(random.bits() % p, k, p);
    fields.push({ p, generator });
  }
  return fields;
}

const cofactors = new Map<bigint, bigint>();

/** The least even k for which k·p+1 is prime. */
function cofactor(p: bigint): bigint {
  let k = cofactors.get(p) ?? 2n;
  while (!isPrime(k * p + 1n)) k += 2n;
  cofactors.set(p, k);
  return k;
}

const mod = (a: bigint, p: bigint): bigint => ((a % p) + p) % p;

function modPower(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n;
  for (let b = base % p, e = exponent; e > 0n; e >>= 1n, b = (b * b) % p) if (e & 1n) result = (result * b) % p;
  return result;
}

function invert(a: bigint, p: bigint): bigint {
  if (a === 0n) throw new DivisionByZero();
  if (a === 1n) return 1n;
  let [r, s, x, y] = [a, p, 1n, 0n];
  while (s !== 0n) {
    const q = r / s;
    [r, s, x, y] = [s, r - q * s, y, x - q * y];
  }
  return mod(x, p);
}

/** Miller–Rabin on the first 24 primes as bases; deterministic below 2^81, overwhelming above. */
function isPrime(n: bigint): boolean {
  const bases = [
    2n,
    3n,
    5n,
    7n,
    11n,
    13n,
    17n,
    19n,
    23n,
    29n,
    31n,
    37n,
    41n,
    43n,
    47n,
    53n,
    59n,
    61n,
    67n,
    71n,
    73n,
    79n,
    83n,
    89n,
  ];
  if (bases.some((b) => n % b === 0n)) return bases.includes(n);
  let [d, twos] = [n - 1n, 0];
  while (d % 2n === 0n) [d, twos] = [d / 2n, twos + 1];
  return bases.every((b) => {
    let x = modPower(b, d, n);
    if (x === 1n || x === n - 1n) return true;
    for (let i = 1; i < twos; i++) {
      x = (x * x) % n;
      if (x === n - 1n) return true;
    }
    return false;
  });
}
