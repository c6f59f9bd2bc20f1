import type { ScalarFunction } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import {
  constantValue,
  isConstant,
  rational,
  substitute,
  toNumber,
  view,
  type Expr,
  type Rational,
  type Variable,
} from "../expression/index.ts";
import type { Position, Value } from "./program.ts";

/** How a lowering answers what the expression alone does not say. */
export interface Lowering {
  readonly functions: readonly ScalarFunction[];
  /** Is the name one of a variable? */
  readonly isVariable: (name: string) => boolean;
  /** The entry of a variable at the given indices. */
  readonly entry: (variable: Variable, indices: readonly Expr[]) => Value;
  /** A sum or a maximum over an index: spelled out, or a loop and its accumulator. */
  readonly reduce: (kind: "sum" | "maximum", index: string, count: number, body: Expr) => Value;
  /** Makes a value that may be used more than once cheap to use again. */
  readonly share: (value: Value) => Value;
  /** Lowers what is evaluated under a condition only. */
  readonly branch: (lower: () => Value) => Value;
  /** Where a Kronecker bracket is 1: everywhere, nowhere, or where two loop indices are equal. */
  readonly match: (left: Expr, right: Expr) => boolean | { readonly left: Position; readonly right: Position };
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

/** The greater of two values; the first where neither is. */
export const greater = (a: Value, b: Value): Value => ({
  kind: "choose",
  left: b,
  relation: ">",
  right: a,
  then: b,
  otherwise: a,
});

/** a + b, without a term that is zero. */
export function plus(a: Value, b: Value): Value {
  if (isZero(a)) return b;
  return isZero(b) ? a : operation("+", a, b);
}

export const isZero = (value: Value): boolean => value.kind === "number" && value.value.numerator === 0n;

/** An expression without derivatives as scalar operations; functions are put in by their formulas. */
export function lower(expr: Expr, lowering: Lowering): Value {
  const inner = (e: Expr): Value => lower(e, lowering);
  const constant = isConstantArithmetic(expr) ? constantValue(expr) : null;
  if (constant !== null) return number(constant);
  const v = view(expr);
  switch (v.kind) {
    case "symbol":
      return lowerSymbol(v.name, lowering);
    case "atom":
      return lowering.entry(v.variable, v.indices);
    case "add":
      return v.terms.map(inner).reduce(plus);
    case "subtract": {
      const [left, right] = [inner(v.left), inner(v.right)];
      if (isZero(right)) return left;
      return isZero(left) ? negated(right) : operation("-", left, right);
    }
    case "negate":
      return negated(inner(v.of));
    case "multiply":
      return lowerProduct(v.factors, lowering);
    case "kronecker":
      return lowerProduct([expr], lowering);
    case "divide":
      return lowerQuotient(v.over, v.under, lowering);
    case "power":
      return lowerPower(inner(v.base), wholeNumber(v.exponent), lowering);
    case "sum":
    case "maximum":
      return lowering.reduce(v.kind, v.index, wholeNumber(v.to), v.body);
    case "choose": {
      const branch = (e: Expr): Value => lowering.branch(() => inner(e));
      return {
        kind: "choose",
        left: inner(v.left),
        relation: v.relation,
        right: inner(v.right),
        then: branch(v.then),
        otherwise: branch(v.otherwise),
      };
    }
    case "call":
      return lowerCall(v.name, v.layer, v.args, lowering);
    default:
      throw new Error(`a ${v.kind} cannot be computed: ${expr.toString()}`);
  }
}

const negated = (of: Value): Value => (isZero(of) ? of : { kind: "negate", of });

/** A scalar variable, or a constant that no variable is called like. */
function lowerSymbol(name: string, { entry, isVariable }: Lowering): Value {
  return isConstant(name) && !isVariable(name)
    ? { kind: "call", name, args: [] }
    : entry({ family: name, layer: null }, []);
}

/** A product with Kronecker brackets is its other factors where all of them are 1, else 0. */
function lowerProduct(factors: readonly Expr[], lowering: Lowering): Value {
  const others: Expr[] = [];
  const matches: { left: Position; right: Position }[] = [];
  for (const factor of factors) {
    const v = view(factor);
    const match = v.kind === "kronecker" ? lowering.match(v.left, v.right) : null;
    if (match === false) return number(0);
    if (match === null) others.push(factor);
    else if (match !== true) matches.push(match);
  }
  const product = (): Value => {
    const values = others.map((factor) => lower(factor, lowering));
    if (values.some(isZero)) return number(0);
    return values.length === 0 ? number(1) : values.reduce((a, b) => operation("*", a, b));
  };
  if (matches.length === 0) return product();
  return matches.reduceRight<Value>(
    (then, { left, right }) => ({ kind: "match", left, right, then }),
    lowering.branch(product),
  );
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
  const dividend = lower(over, lowering);
  if (isZero(dividend)) return dividend;
  if (divisor === null) return operation("/", dividend, lower(under, lowering));
  return operation("*", dividend, number(rational(divisor.denominator, divisor.numerator)));
}

function lowerPower(base: Value, exponent: number, lowering: Lowering): Value {
  if (exponent === 0) return number(1);
  const shared = exponent > 1 ? lowering.share(base) : base;
  let result = shared;
  for (let i = 1; i < exponent; i++) result = operation("*", result, shared);
  return result;
}

function lowerCall(name: string, layer: Expr | null, args: readonly Expr[], lowering: Lowering): Value {
  const definition = definitionOf(lowering.functions, name, layer);
  if (definition === undefined)
    return lowering.share({ kind: "call", name, args: args.map((argument) => lower(argument, lowering)) });
  return lower(substitute(definition.value, new Map([[definition.argument, args[0] as Expr]])), lowering);
}

/** The formula of a function of the model, such as σ or that of one layer; undefined for an elementary function. */
export function definitionOf(
  functions: readonly ScalarFunction[],
  name: string,
  layer: Expr | null,
): ScalarFunction | undefined {
  const number = layer === null ? null : toNumber((view(layer) as { value: Rational }).value);
  return functions.find((f) => f.name === name && f.layer === number);
}
