import type { Equation } from "../equations/index.ts";
import { bounded, digits64, evaluate, wholeNumber, type Bounded, type Digits, type Valuation } from "../exact/index.ts";
import {
  decimal,
  fromDecimal,
  num,
  print,
  shown,
  some,
  spellOut,
  substitute,
  toNumber,
  transform,
  view,
  type Expr,
  type Rational,
} from "../expression/index.ts";
import { countParameters, type Network } from "../network/index.ts";
import { RefusedStep } from "./certify.ts";
import type { ExampleData, Rounding } from "./example-data.ts";
import { numberedValue } from "./run-example.ts";

/** symbol = formula = formula with numbers ≈ value */
export interface ExampleLine {
  readonly goal: Expr;
  readonly formula: Expr;
  readonly substituted: Expr;
  readonly value: Expr;
  /** Are the substituted numbers, is the value, printed to the last digit? */
  readonly isExact: { readonly substituted: boolean; readonly value: boolean };
}

/** How many entries of one equation are gone through one by one: every one where the network is small. */
export const linesShown = (network: Network, most: number): number =>
  countParameters(network) <= 40 ? Infinity : most;

/** Which entries of an equation are shown: all of a few, else the first two and the last. */
export function shownTuples({ ranges }: Equation, most: number): readonly (readonly number[] | null)[] {
  const sizes = ranges.map(({ size }) => wholeNumber(size));
  const count = sizes.reduce((a, b) => a * b, 1);
  const columns = sizes[1] ?? 1;
  const tupleOf = (n: number): readonly number[] =>
    sizes.length < 2 ? [n].slice(0, sizes.length) : [Math.ceil(n / columns), ((n - 1) % columns) + 1];
  return shown(count, most).map((n) => (n === null ? null : tupleOf(n)));
}

export function exampleLine(
  goal: Expr,
  equation: Equation,
  tuple: readonly number[],
  valuation: Valuation<Digits>,
  { rounding }: ExampleData,
  most: number,
): ExampleLine {
  const at = new Map(equation.ranges.map(({ index }, i) => [index, num(tuple[i] as number)]));
  const numbered = numberedValue(equation, tuple);
  const exact = evaluate(numbered, valuation, new Map());
  const inexact = new Set<string>();
  const literalOf = (entry: Expr): Expr => {
    const value = evaluate(entry, valuation, new Map());
    const literal = rounded(value, rounding);
    if (!digits64.from(literal).eq(value)) inexact.add(literal);
    return decimal(literal);
  };
  // What dots leave out takes part in the value: all terms are put in before some are left out.
  const whole = withFunctions(spellOut(numbered, Infinity), valuation, literalOf);
  const literal = rounded(exact, rounding);
  const isExact = inexact.size === 0;
  // 64 digits may round a function's value to a short number; only arithmetic gives one exactly.
  const isRational = !some(whole, (node) => view(node).kind === "call");
  const formula = spellOut(numbered, most);
  confirm(substitute(goal, at), whole, decimal(literal), rounding, inexact);
  return {
    goal: substitute(goal, at),
    formula,
    substituted: withFunctions(formula, valuation, literalOf),
    value: decimal(literal),
    isExact: { substituted: isExact, value: isExact && isRational && digits64.from(literal).eq(exact) },
  };
}

/** The formula with activation functions put in and each entry replaced by its number. */
function withFunctions(formula: Expr, { functions, values }: Valuation<Digits>, numberOf: (entry: Expr) => Expr): Expr {
  return transform(formula, (node) => {
    const v = view(node);
    if (v.kind === "atom" || (v.kind === "symbol" && values.has(v.name))) return numberOf(node);
    const layer = v.kind === "call" && v.layer !== null ? Number(print(v.layer)) : null;
    const definition = v.kind === "call" ? functions.find((f) => f.name === v.name && f.layer === layer) : undefined;
    return definition === undefined || v.kind !== "call"
      ? node
      : substitute(definition.value, new Map([[definition.argument, v.args[0] as Expr]]));
  });
}

export function rounded(value: Digits, rounding: Rounding): string {
  const short =
    "decimals" in rounding ? value.toDecimalPlaces(rounding.decimals) : value.toSignificantDigits(rounding.significant);
  return String(short.toNumber());
}

/** Half a unit in the last place that a printed number keeps. */
const printedError = (value: number, rounding: Rounding): number =>
  "decimals" in rounding
    ? 0.5 * 10 ** -rounding.decimals
    : 0.5 * 10 ** (1 - rounding.significant + Math.floor(Math.log10(Math.abs(value) || 1)));

/** Evaluates what is printed, numbers in `inexact` being rounded ones, and holds it against the value printed. */
export function confirm(
  goal: Expr,
  substituted: Expr,
  value: Expr,
  rounding: Rounding,
  inexact: ReadonlySet<string>,
): void {
  const keyOf = ({ numerator, denominator }: Rational): string => `${numerator}/${denominator}`;
  const roundedNumbers = new Set([...inexact].map((literal) => keyOf(fromDecimal(literal.replace(/^-/, "")))));
  const printed = {
    ...bounded,
    constant: (c: Rational): Bounded => {
      const known = bounded.constant(c);
      const error = roundedNumbers.has(keyOf(c)) ? printedError(known.value, rounding) : 0;
      return { ...known, error: known.error + error };
    },
  };
  const again = evaluate(
    substituted,
    {
      arithmetic: printed,
      model: { tensors: [], equations: [], objective: { family: "J", layer: null } },
      functions: [],
      layers: { l: 0, L: 0 },
      adjoints: new Map(),
      values: new Map(),
    },
    new Map(),
  );
  const shownValue = numberOf(value);
  const allowed = 2 * again.error + 2 * printedError(shownValue, rounding);
  if (!(Math.abs(again.value - shownValue) <= allowed))
    throw new RefusedStep(
      "example",
      `the example is refused: ${print(goal)} = ${print(substituted)} is ${again.value}, not ${shownValue}`,
    );
}

function numberOf(expr: Expr): number {
  const v = view(expr);
  if (v.kind === "negate") return -numberOf(v.of);
  if (v.kind !== "number") throw new Error(`not a number: ${print(expr)}`);
  return toNumber(v.value);
}
