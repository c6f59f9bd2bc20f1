import { isElementary, type Elementary, type Rational } from "../expression/index.ts";
import { branches, integer, integerPower, type Arithmetic } from "./arithmetic.ts";
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
 * a function is a table of random values in each field: the same argument, the same value, and nothing else is
 * known of it. Numbers are the same, and in the same order, where they are so in the highest field.
 *
 * By the Schwartz–Zippel lemma a false polynomial identity of degree d passes a draw with probability at
 * most d/p, below 10⁻¹⁵ for all that is checked here: p is the number of elements that points are drawn from, at least
 * those of the lowest field.
 *
 * @param eighths how many of eight comparisons hold, as they are first asked
 */
export function primeTower(levels: number, random: Random, eighths = 7): Tower {
  const fields = tower(levels, random);
  const top = fields.length - 1;
  const highest = (fields[top] as Field).p;
  const tables = fields.map(() => new Map<string, Map<bigint, bigint>>());
  const [first, second] = fields as readonly [Field, Field];
  // Two fields make up nearly all of the work: their residues are put together without a function between.
  const each = (operate: (a: bigint, b: bigint, p: bigint) => bigint): Operation =>
    fields.length === 2
      ? (a, b) => [operate(a[0] as bigint, b[0] as bigint, first.p), operate(a[1] as bigint, b[1] as bigint, second.p)]
      : (a, b) => fields.map(({ p }, i) => operate(a[i] as bigint, b[i] as bigint, p));
  const lookUp = (name: string, x: bigint, i: number): bigint => {
    const table = tableOf(tables[i] as Map<string, Map<bigint, bigint>>, name);
    const value = table.get(x) ?? randomBelow((fields[i] as Field).p, random);
    table.set(x, value);
    return value;
  };
  const logarithms = fields.map(({ p }) => new Logarithm(p, random));
  const { isPositive } = order(highest, random, eighths);
  const exponential = (x: Residues): Residues => {
    const power = fields.map(({ p, generator }, i) =>
      i === 0 ? lowestExp(x[0] as bigint, p, (y) => lookUp("exp", y, 0)) : modPower(generator, x[i - 1] as bigint, p),
    );
    power.forEach((value, i) => (logarithms[i] as Logarithm).remember(value, x[i] as bigint));
    return power;
  };
  const field: Arithmetic<Residues> = {
    constant: (c: Rational) => fields.map(({ p }) => (mod(c.numerator, p) * invert(mod(c.denominator, p), p)) % p),
    add: each((a, b, p) => (a + b >= p ? a + b - p : a + b)),
    subtract: each((a, b, p) => (a < b ? a - b + p : a - b)),
    multiply: each((a, b, p) => (a * b) % p),
    divide: (a, b) =>
      fields.map(({ p }, i) => {
        const quotient = ((a[i] as bigint) * invert(b[i] as bigint, p)) % p;
        (logarithms[i] as Logarithm).rememberQuotient(quotient, a[i] as bigint, b[i] as bigint);
        return quotient;
      }),
    isGreater: (a, b) => isPositive(field.subtract(a, b)[top] as bigint),
    apply: (name, ...args) => {
      const [x, other = x as Residues, ...surplus] = args;
      if (x === undefined) return fields.map((_, i) => lookUp(name, 0n, i));
      const definition = isElementary(name) ? definitions[name] : "table";
      if (surplus.length > 0 || (args.length > 1 && (definition === "table" || definition === "odd")))
        throw new Error(`no table of ${name} of ${args.length} arguments`);
      if (definition === "exp") return exponential(x);
      if (definition === "log") return x.map((u, i) => (logarithms[i] as Logarithm).of(u));
      if (definition === "table") return x.map((u, i) => lookUp(name, u, i));
      if (definition === "odd") return fields.map(({ p }, i) => oddTable(x[i] as bigint, p, (u) => lookUp(name, u, i)));
      return definition(field, x, other);
    },
  };
  const draw = (): Residues =>
    fields.length === 2
      ? [random.bits() % first.p, random.bits() % second.p]
      : fields.map(({ p }) => random.bits() % p);
  const drawHighest = (): Residues =>
    fields.length === 2
      ? [0n, random.bits() % second.p]
      : fields.map((_, i) => (i === top ? random.bits() % highest : 0n));
  return { ...field, draw, drawHighest, same: (a, b) => a[top] === b[top] };
}

type Operation = (a: Residues, b: Residues) => Residues;

/** See {@link primeTower}. */
export interface Tower extends Arithmetic<Residues> {
  /** Random in each field. */
  readonly draw: () => Residues;
  /** Random in the highest field and 0 below: enough for what no function is taken of, such as a direction. */
  readonly drawHighest: () => Residues;
  readonly same: (a: Residues, b: Residues) => boolean;
}

const randomBelow = (p: bigint, random: Random): bigint => ((random.bits() << 64n) | random.bits()) % p;

function tableOf(tables: Map<string, Map<bigint, bigint>>, name: string): Map<bigint, bigint> {
  const table = tables.get(name) ?? new Map<bigint, bigint>();
  tables.set(name, table);
  return table;
}

/** In the lowest field a table, of which no more is known than exp(0) = 1 and exp(−x) = 1/exp(x). */
function lowestExp(x: bigint, p: bigint, table: (x: bigint) => bigint): bigint {
  if (x === 0n) return 1n;
  return x > p / 2n ? invert(table(p - x), p) : table(x);
}

/** A table of which no more is known than f(−x) = −f(x), and with it f(0) = 0. */
function oddTable(x: bigint, p: bigint, table: (x: bigint) => bigint): bigint {
  if (x === 0n) return 0n;
  return x > p / 2n ? p - table(p - x) : table(x);
}

/**
 * A table of logarithms in one field, in which log(1) = 0, the logarithm of what exp has returned is its argument
 * and that of a quotient the difference of two: nothing that is not so for real numbers, but not all that is.
 */
class Logarithm {
  private readonly known = new Map<bigint, bigint>([[1n, 0n]]);
  private readonly quotients = new Map<bigint, readonly [bigint, bigint]>();
  private readonly p: bigint;
  private readonly random: Random;

  constructor(p: bigint, random: Random) {
    this.p = p;
    this.random = random;
  }

  remember(u: bigint, logarithm: bigint): void {
    if (!this.known.has(u)) this.known.set(u, logarithm);
  }

  rememberQuotient(quotient: bigint, over: bigint, under: bigint): void {
    if (!this.quotients.has(quotient)) this.quotients.set(quotient, [over, under]);
  }

  of(u: bigint): bigint {
    const found = this.known.get(u);
    if (found !== undefined) return found;
    const parts = this.quotients.get(u);
    // Two quotients may each be a part of the other: the second time, a number has a logarithm of its own.
    this.quotients.delete(u);
    const value =
      parts === undefined ? randomBelow(this.p, this.random) : mod(this.of(parts[0]) - this.of(parts[1]), this.p);
    this.remember(u, value);
    return this.known.get(u) as bigint;
  }
}

/**
 * How many of eight comparisons hold, attempt by attempt: a bounded activation is mostly at its bound, where a loss may
 * divide by 0, if they mostly hold, relu mostly 0 if they mostly do not.
 */
export const leaning = (attempt: number): number => leanings[attempt % leanings.length] as number;
const leanings = [7, 1, 4];

/** Whole numbers up to this size are in their own order: no random element of a field is among them. */
const largestOrdered = 1n << 20n;

/**
 * A random order that depends on the difference alone, d > 0 or −d > 0 for every d but 0. What is asked first is
 * mostly so, unless it is said otherwise: where the other branch of a choice is 0, as relu's is, much has no value for
 * it.
 */
function order(p: bigint, random: Random, eighths: number): { readonly isPositive: (d: bigint) => boolean } {
  const known = new Map<bigint, boolean>();
  const isPositive = (d: bigint): boolean => {
    if (d <= largestOrdered) return d > 0n;
    if (p - d <= largestOrdered) return false;
    const found = known.get(d);
    if (found !== undefined) return found;
    const drawn = random.bits() % 8n >= 8n - BigInt(eighths);
    known.set(d, drawn).set(p - d, !drawn);
    return drawn;
  };
  return { isPositive };
}

type Definition = <T>(a: Arithmetic<T>, x: T, other: T) => T;

/**
 * Functions by others, so that their identities are exact as well: those that are rational in exp, and those that choose
 * by the order. Of a table no more is known than that it is a function, of an odd one that it is odd as well.
 */
const definitions: Readonly<Record<Elementary, Definition | "exp" | "log" | "table" | "odd">> = {
  exp: "exp",
  log: "log",
  sqrt: "table",
  sin: "table",
  cos: "table",
  atan: "table",
  erf: "odd",
  erfc: (a, x) => a.subtract(integer(a, 1), a.apply("erf", x)),
  sinh: (a, x) => a.divide(a.subtract(exp(a, x), reciprocalExp(a, x)), two(a)),
  cosh: (a, x) => a.divide(a.add(exp(a, x), reciprocalExp(a, x)), two(a)),
  sech: (a, x) => a.divide(two(a), a.add(exp(a, x), reciprocalExp(a, x))),
  tanh: (a, x) => a.divide(a.subtract(exp(a, x), reciprocalExp(a, x)), a.add(exp(a, x), reciprocalExp(a, x))),
  expm1: (a, x) => a.subtract(exp(a, x), integer(a, 1)),
  log1p: (a, x) => a.apply("log", a.add(integer(a, 1), x)),
  logistic: (a, x) => a.divide(integer(a, 1), a.add(integer(a, 1), reciprocalExp(a, x))),
  softplus: (a, x) => a.apply("log", a.add(integer(a, 1), exp(a, x))),
  xlogx: (a, x) => (isZero(a, x) ? x : a.multiply(x, a.apply("log", x))),
  abs: (a, x) => (a.isGreater(x, integer(a, 0)) ? x : a.subtract(integer(a, 0), x)),
  sign: (a, x) => integer(a, a.isGreater(x, integer(a, 0)) ? 1 : isZero(a, x) ? 0 : -1),
  max: (a, x, other) => branches.max(a.isGreater, x, other),
  min: (a, x, other) => branches.min(a.isGreater, x, other),
};

const isZero = <T>(a: Arithmetic<T>, x: T): boolean => !a.isGreater(x, integer(a, 0)) && !a.isGreater(integer(a, 0), x);
const exp = <T>(a: Arithmetic<T>, x: T): T => a.apply("exp", x);
const two = <T>(a: Arithmetic<T>): T => integer(a, 2);
const reciprocalExp = <T>(a: Arithmetic<T>, x: T): T => a.divide(integerPower(a, x, 0), exp(a, x));

interface Field {
  readonly p: bigint;
  /** An element whose order is the prime of the field below. */
  readonly generator: bigint;
}

/**
 * p₁ is the greatest prime below 2⁶² for which 2p₁+1 is one too, so that the residues of both are single words; each
 * next p is the least prime k·p+1 above it.
 */
function tower(levels: number, random: Random): readonly Field[] {
  const fields: Field[] = [{ p: (1n << 62n) - 2285n, generator: 1n }];
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
