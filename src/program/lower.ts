import { variableKey, type ScalarFunction } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import {
  constantValue,
  rational,
  substitute,
  toNumber,
  view,
  type Expr,
  type Rational,
  type Variable,
} from "../expression/index.ts";
import type { Value } from "./program.ts";

/** How a lowering answers what the expression alone does not say. */
export interface Lowering {
  readonly functions: readonly ScalarFunction[];
  /** The entry of a variable at the given indices. */
  readonly entry: (variable: Variable, indices: readonly Expr[]) => Value;
  /** A sum over an index: spelled out, or a loop and its accumulator. */
  readonly sum: (index: string, count: number, body: Expr) => Value;
  /** Makes a value that may be used more than once cheap to use again. */
  readonly share: (value: Value) => Value;
}

export const number = (value: Rational | number): Value => ({
  kind: "number",
  value: typeof value === "number" ? rational(value) : value,
});
export const operation = (operator: "+" | "-" | "*" | "/", left: Value, right: Value): Value => ({
  kind: "operation",
  operator,
  left,
  right,
});

/** An expression without derivatives as scalar operations; functions are put in by their formulas. */
export function lower(expr: Expr, lowering: Lowering): Value {
  const inner = (e: Expr): Value => lower(e, lowering);
  const constant = isConstantArithmetic(expr) ? constantValue(expr) : null;
  if (constant !== null) return number(constant);
  const v = view(expr);
  switch (v.kind) {
    case "symbol":
      return lowering.entry({ family: v.name, layer: null }, []);
    case "atom":
      return lowering.entry(v.variable, v.indices);
    case "add":
      return v.terms.map(inner).reduce((a, b) => operation("+", a, b));
    case "subtract":
      return operation("-", inner(v.left), inner(v.right));
    case "negate":
      return { kind: "negate", of: inner(v.of) };
    case "multiply":
      return v.factors.map(inner).reduce((a, b) => operation("*", a, b));
    case "divide":
      return lowerQuotient(v.over, v.under, lowering);
    case "power":
      return lowerPower(inner(v.base), wholeNumber(v.exponent), lowering);
    case "sum":
      return lowering.sum(v.index, wholeNumber(v.to), v.body);
    case "call":
      return lowerCall(v.name, v.layer, v.args[0] as Expr, lowering);
    default:
      throw new Error(`a ${v.kind} cannot be computed: ${expr.toString()}`);
  }
}

function isConstantArithmetic(expr: Expr): boolean {
  const v = view(expr);
  if (v.kind === "number") return true;
  if (v.kind === "divide") return isConstantArithmetic(v.over) && isConstantArithmetic(v.under);
  return v.kind === "negate" && isConstantArithmetic(v.of);
}

/** Dividing by a constant multiplies by its reciprocal, correctly rounded: a division costs five times as much. */
function lowerQuotient(over: Expr, under: Expr, lowering: Lowering): Value {
  const divisor = isConstantArithmetic(under) ? constantValue(under) : null;
  if (divisor === null) return operation("/", lower(over, lowering), lower(under, lowering));
  return operation("*", lower(over, lowering), number(rational(divisor.denominator, divisor.numerator)));
}

function lowerPower(base: Value, exponent: number, lowering: Lowering): Value {
  if (exponent === 0) return number(1);
  const shared = exponent > 1 ? lowering.share(base) : base;
  let result = shared;
  for (let i = 1; i < exponent; i++) result = operation("*", result, shared);
  return result;
}

function lowerCall(name: string, layer: Expr | null, argument: Expr, lowering: Lowering): Value {
  const number = layer === null ? null : toNumber((view(layer) as { value: Rational }).value);
  const definition = lowering.functions.find((f) => f.name === name && f.layer === number);
  if (definition === undefined) return lowering.share({ kind: "call", name, argument: lower(argument, lowering) });
  return lower(substitute(definition.value, new Map([[definition.argument, argument]])), lowering);
}

/** The name of a variable in code: the errors δ are called d. */
export const codeName = (variable: Variable): string => variableKey(variable).replace(/^delta/, "d");
