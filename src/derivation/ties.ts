import type { ScalarFunction } from "../equations/index.ts";
import { digits64, double, dual, forward, type Arithmetic, type Digits, type Dual } from "../exact/index.ts";
import {
  allSymbols,
  atom,
  children,
  freshIndex,
  num,
  some,
  substitute,
  subtract,
  sym,
  toNumber,
  view,
  type Expr,
} from "../expression/index.ts";

/** A line through the space of what a formula depends on: the symbol `name` has the value `at` + t·`along`. */
export interface Line {
  readonly coordinates: readonly { readonly name: string; readonly at: number; readonly along: number }[];
  /** What formulas call by name. */
  readonly functions: readonly ScalarFunction[];
}

/** The line of a function of one number: the number itself. */
export const lineOf = (argument: string): Line => ({
  coordinates: [{ name: argument, at: 0, along: 1 }],
  functions: [],
});

export type TieKind = "choose" | "abs" | "sign" | "max" | "min";

/** What is compared with 0 in a formula, with the node that compares it. */
export function tiesOf(
  formula: Expr,
  kinds: readonly TieKind[] = ["choose", "abs", "sign", "max", "min"],
): readonly Expr[] {
  const found: Expr[] = [];
  some(formula, (node) => {
    const v = view(node);
    const kind = v.kind === "call" ? v.name : v.kind;
    if (!(kinds as readonly string[]).includes(kind)) return false;
    if (v.kind === "choose") found.push(subtract(v.left, v.right));
    else if (v.kind === "call")
      found.push(v.args.length === 1 ? (v.args[0] as Expr) : subtract(v.args[0] as Expr, v.args[1] as Expr));
    return false;
  });
  return found;
}

/**
 * Where a tie changes its sign along a line, ascending: among neighbours in `scan`, by bisection, and between two
 * neighbours where it comes close to 0 and goes away again, by a search for the least distance. Not found are ties
 * between neighbours that are met three or more times where the sign is the same at the ends and the least distance
 * shows one pair only, and those beyond the ends of `scan`.
 */
export function rootsOf(tie: Expr, line: Line, scan: readonly number[]): readonly number[] {
  const value = (at: readonly number[]): readonly number[] => doubles(tie, line, at);
  if (degree(tie, line) < 2) return onlyRoot(value, scan);
  const values = value(scan);
  const brackets = scan.flatMap((low, i) => bracket(low, scan[i + 1], values[i], values[i + 1]));
  const dips = dipsOf(scan, values, value);
  return bisect([...brackets, ...dips], value).sort((a, b) => a - b);
}

/** The degree of a polynomial along a line, with 2 for all that is not linear: most comparisons are linear. */
function degree(formula: Expr, line: Line): number {
  const v = view(formula);
  if (v.kind === "symbol")
    return line.coordinates.some(({ name, along: slope }) => name === v.name && slope !== 0) ? 1 : 0;
  const parts = children(formula).map((child) => degree(child, line));
  const highest = Math.max(0, ...parts);
  if (v.kind === "multiply") return parts.reduce((total, part) => total + part, 0);
  if (v.kind === "divide") return parts[1] === 0 ? highest : 2;
  return ["add", "subtract", "negate"].includes(v.kind) ? highest : 2 * highest;
}

/** The root of a linear tie, which spares the scan: none where it is out of reach. */
function onlyRoot(value: Values, scan: readonly number[]): readonly number[] {
  const [start, end] = value([0, 1]) as [number, number];
  let root = start / (start - end);
  // A slope between 0 and 1 is rounded where the root is far from both.
  for (let i = 0; i < 2; i++) root -= (value([root])[0] as number) / (end - start);
  return root >= (scan[0] as number) && root <= (scan.at(-1) as number) ? short([root], value) : [];
}

/** Grid points up to 64, powers of ten beyond, and what the constants of a formula and their ratios are close to. */
export function scanPoints(formula: Expr): readonly number[] {
  const constants = new Set<number>();
  some(formula, (node) => {
    const v = view(node);
    if (v.kind === "number" && constants.size < 16) constants.add(Math.abs(toNumber(v.value)));
    return false;
  });
  const list = [...constants];
  const ratios = list.flatMap((a) => list.flatMap((b) => (b === 0 ? [] : [a / b])));
  const special = [...new Set([...list, ...ratios])].flatMap((c) => [c * (1 - 1e-3), c, c * (1 + 1e-3)]);
  const grid = Array.from({ length: 2_048 }, (_, i) => (i + 1) / 32);
  const powers = Array.from({ length: 19 }, (_, i) => 10 ** (i - 9));
  const positive = [...grid, ...powers, ...special].filter((x) => x > 0 && Number.isFinite(x));
  return [...new Set([0, ...positive, ...positive.map((x) => -x)])].sort((a, b) => a - b);
}

/** Values along a line, in doubles. */
export const doubles = (formula: Expr, line: Line, ts: readonly number[]): readonly number[] =>
  along(formula, line, double, ts, (at, slope, t) => at + slope * t);

/** Values and slopes along a line, with 64 digits. */
export const slopes = (formula: Expr, line: Line, ts: readonly Digits[]): readonly Dual<Digits>[] =>
  along(formula, line, dual(digits64), ts, (at, slope, t) => ({
    value: t.mul(digits64.from(slope)).add(digits64.from(at)),
    derivative: digits64.from(slope),
  }));

/** The formula is made ready once for all places: it is one equation over an index that counts them. */
function along<T, P>(
  formula: Expr,
  { coordinates, functions }: Line,
  arithmetic: Arithmetic<T>,
  ts: readonly P[],
  coordinate: (at: number, along: number, t: P) => T,
): readonly T[] {
  const index = freshIndex(allSymbols(formula));
  const names = coordinates.map((_, i) => ({ family: `coordinate${i}`, layer: null }));
  const size = num(ts.length);
  const replaced = new Map(coordinates.map(({ name }, i) => [name, atom(names[i] as (typeof names)[0], [sym(index)])]));
  const result = { family: "result", layer: null };
  const model = {
    tensors: names.map((variable) => ({ variable, role: "input" as const, sizes: [size] })),
    equations: [{ variable: result, ranges: [{ index, size }], value: substitute(formula, replaced) }],
    objective: result,
  };
  const given = new Map(
    coordinates.map(({ at, along: slope }, i) => [`coordinate${i}`, ts.map((t) => coordinate(at, slope, t))]),
  );
  const valuation = { arithmetic, model, functions, layers: { l: 0, L: 0 }, adjoints: new Map<string, never>() };
  return forward(valuation, given).get("result") as readonly T[];
}

interface Bracket {
  readonly low: number;
  readonly high: number;
  /** The sign at `low`: at `high` there is another. */
  readonly sign: number;
}

function bracket(low: number, high = low, here = 0, next = here): readonly Bracket[] {
  const sign = Math.sign(here);
  // Without a value there is no sign to change.
  return sign === Math.sign(next) || Number.isNaN(here * 0 + next * 0) ? [] : [{ low, high, sign }];
}

type Values = (at: readonly number[]) => readonly number[];

/** Halves all brackets at once. */
function bisect(brackets: readonly Bracket[], value: Values): number[] {
  let open = brackets;
  for (let i = 0; i < 80 && open.length > 0; i++) {
    const middles = open.map(({ low, high }) => (low + high) / 2);
    const values = value(middles);
    open = open.map(({ low, high, sign }, at) => {
      const middle = middles[at] as number;
      return Math.sign(values[at] as number) === sign ? { low: middle, high, sign } : { low, high: middle, sign };
    });
  }
  const ends = open.map(({ low, high, sign }) => (sign === 0 ? low : high));
  return short(ends, value);
}

/** The root with fewer digits where that is a root as well: 0.3 rather than 0.30000000000000004. */
function short(roots: readonly number[], value: Values): number[] {
  const rounded = roots.map((root) => Number(root.toPrecision(12)));
  const [there, here] = [value(rounded), value(roots)];
  return roots.map((root, i) =>
    Math.abs(there[i] as number) <= Math.abs(here[i] as number) + Number.EPSILON ? (rounded[i] as number) : root,
  );
}

const golden = (Math.sqrt(5) - 1) / 2;

/** Where the distance from 0 has a minimum on the scan, it is followed down to where it is met, if it is. */
function dipsOf(scan: readonly number[], values: readonly number[], value: Values): readonly Bracket[] {
  const at = (i: number): number => values[i] as number;
  let open = scan.flatMap((_, i) => {
    const sign = Math.sign(at(i));
    const isInside = i > 0 && i < scan.length - 1 && sign !== 0;
    const isDip = isInside && sign * at(i) < sign * at(i - 1) && sign * at(i) <= sign * at(i + 1);
    if (!isDip || Math.sign(at(i - 1)) !== sign || Math.sign(at(i + 1)) !== sign) return [];
    const [from, to] = [scan[i - 1] as number, scan[i + 1] as number];
    return [{ from, to, low: from, high: to, sign }];
  });
  const found: Bracket[] = [];
  for (let round = 0; round < 60 && open.length > 0; round++) {
    const inner = open.flatMap(({ low, high }) => [high - golden * (high - low), low + golden * (high - low)]);
    const reached = value(inner);
    open = open.flatMap((dip, i) => {
      const [left, right] = [inner[2 * i] as number, inner[2 * i + 1] as number];
      const [a, b] = [dip.sign * (reached[2 * i] as number), dip.sign * (reached[2 * i + 1] as number)];
      const met = a <= 0 ? left : b <= 0 ? right : null;
      if (met === null) return [a < b ? { ...dip, high: right } : { ...dip, low: left }];
      const there = Math.sign(reached[a <= 0 ? 2 * i : 2 * i + 1] as number);
      found.push({ low: dip.from, high: met, sign: dip.sign }, { low: met, high: dip.to, sign: there });
      return [];
    });
  }
  return found;
}
