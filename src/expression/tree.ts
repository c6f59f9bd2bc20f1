import type { MathNode } from "mathjs/number";
import { problem } from "../problem.ts";
import { mathjs } from "./mathjs.ts";
import { fromDecimal, isInteger, isNegative, negated, rational, toNumber, type Rational } from "./rational.ts";

/** A mathjs expression tree. Trees are values: nothing in the program changes one in place. */
export type Expr = MathNode;

/**
 * A variable of the forward equations. `W2` stands alone (layer null); in the equations for a generic layer
 * a family is told apart by its layer, `W[l + 1]`, and the layer is itself an expression.
 */
export interface Variable {
  readonly family: string;
  readonly layer: Expr | null;
}

export const relations = [">", ">=", "<", "<="] as const;
export type Relation = (typeof relations)[number];

/** One of two expressions, by a comparison. */
export interface Choice {
  readonly kind: "choose";
  readonly left: Expr;
  readonly relation: Relation;
  readonly right: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}

/**
 * What a node of a tree means. mathjs sees only symbols, accessors and calls; this is the reading of them
 * in index notation, and {@link build} is its inverse.
 */
export type View =
  | { readonly kind: "number"; readonly value: Rational }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "atom"; readonly variable: Variable; readonly indices: readonly Expr[] }
  /** All values of an index: `z[l][:]` is the vector whose entries are `z[l][j]`. */
  | { readonly kind: "all" }
  /** Entries written out, `[[w, v], [u, t]]`; a vector is one column. */
  | { readonly kind: "matrix"; readonly rows: readonly (readonly Expr[])[] }
  /** Number of neurons of a layer, `size(l)`; or a size that has a name of its own, `size(h)`. */
  | { readonly kind: "size"; readonly layer: Expr }
  | { readonly kind: "add"; readonly terms: readonly Expr[] }
  | { readonly kind: "subtract"; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "negate"; readonly of: Expr }
  | { readonly kind: "multiply"; readonly factors: readonly Expr[] }
  /** The product of equal entries of two tensors, `x .* y`. */
  | { readonly kind: "hadamard"; readonly factors: readonly Expr[] }
  | { readonly kind: "divide"; readonly over: Expr; readonly under: Expr }
  | { readonly kind: "power"; readonly base: Expr; readonly exponent: Expr }
  /** Σ of `body` for `index` from 1 to `to`; binds `index` in `body`. Written `sum(k, 1:n, body)`. */
  | { readonly kind: "sum"; readonly index: string; readonly to: Expr; readonly body: Expr }
  /** The greatest value of `body` for `index` from 1 to `to`. Written `maximum(k, 1:n, body)`. */
  | { readonly kind: "maximum"; readonly index: string; readonly to: Expr; readonly body: Expr }
  /** `then` where the comparison holds, else `otherwise`. Written `z > 0 ? z : 0`. */
  | Choice
  /** ∂of/∂by, `by` an atom or a scalar symbol. Written `partial(of, by)`. */
  | { readonly kind: "partial"; readonly of: Expr; readonly by: Expr }
  /** 1 where the two indices are equal, else 0. Written `kronecker(j, k)`. */
  | { readonly kind: "kronecker"; readonly left: Expr; readonly right: Expr }
  /** A function of scalars, `sigma(z)`; where each layer has its own, `sigma[l](z)`. */
  | { readonly kind: "call"; readonly name: string; readonly layer: Expr | null; readonly args: readonly Expr[] };

const operators = {
  add: "+",
  subtract: "-",
  unaryMinus: "-",
  multiply: "*",
  dotMultiply: ".*",
  divide: "/",
  pow: "^",
} as const;

const views = new WeakMap<Expr, View>();

/** Reads a node. Throws on a node that index notation has no meaning for. */
export function view(node: Expr): View {
  const known = views.get(node);
  if (known !== undefined) return known;
  const seen = look(node);
  views.set(node, seen);
  return seen;
}

function look(node: Expr): View {
  if (mathjs.isConstantNode(node)) return { kind: "number", value: fromDecimal(String(node.value)) };
  if (mathjs.isSymbolNode(node)) return { kind: "symbol", name: node.name };
  if (mathjs.isRangeNode(node) && isAll(node)) return { kind: "all" };
  if (mathjs.isOperatorNode(node)) return lookAtOperator(node.fn, node.args);
  if (mathjs.isAccessorNode(node)) return lookAtAccessor(node.object, node.index.dimensions);
  if (mathjs.isFunctionNode(node)) return lookAtCall(node.fn, node.args);
  if (mathjs.isArrayNode(node)) return lookAtMatrix(node.items);
  if (mathjs.isConditionalNode(node)) return lookAtChoice(node.condition, node.trueExpr, node.falseExpr);
  throw new Error(`a ${node.type} has no meaning in index notation: ${node.toString()}`);
}

const relationNames: Readonly<Record<Relation, string>> = {
  ">": "larger",
  ">=": "largerEq",
  "<": "smaller",
  "<=": "smallerEq",
};

function lookAtChoice(condition: Expr, then: Expr, otherwise: Expr): View {
  // Parentheses around a condition are kept by the parser.
  if (mathjs.isParenthesisNode(condition)) return lookAtChoice(condition.content, then, otherwise);
  const relation = mathjs.isOperatorNode(condition)
    ? relations.find((r) => relationNames[r] === condition.fn)
    : undefined;
  if (!mathjs.isOperatorNode(condition) || relation === undefined)
    throw new Error(`a condition is one comparison by ${relations.join(" ")}: ${condition.toString()}`);
  const [left, right] = condition.args as [Expr, Expr];
  return { kind: "choose", left, relation, right, then, otherwise };
}

/** The end of a range from 1 in steps of 1, or null: no other range has a reading. */
function endOfRange(node: Expr | undefined): Expr | null {
  if (node === undefined || !mathjs.isRangeNode(node)) return null;
  const { start, end, step } = node;
  return step === null && mathjs.isConstantNode(start) && start.value === 1 ? end : null;
}

/** A range without bounds is parsed as `1:end`. */
function isAll(node: Expr): boolean {
  const end = endOfRange(node);
  return end !== null && mathjs.isSymbolNode(end) && end.name === "end";
}

function lookAtMatrix(items: readonly Expr[]): View {
  const rows = items.map((row): readonly Expr[] => {
    if (!mathjs.isArrayNode(row)) throw new Error(`a matrix is a list of rows: ${row.toString()}`);
    return row.items;
  });
  if (rows.some((row) => row.length !== rows[0]?.length))
    throw new Error(`the rows of a matrix are of one length: ${items.join(", ")}`);
  return { kind: "matrix", rows };
}

function lookAtOperator(fn: string, args: Expr[]): View {
  const [first, second] = args as [Expr, Expr];
  switch (fn) {
    case "add":
      return { kind: "add", terms: args };
    case "multiply":
      return { kind: "multiply", factors: args };
    case "dotMultiply":
      return { kind: "hadamard", factors: args };
    case "subtract":
      return { kind: "subtract", left: first, right: second };
    case "divide":
      return { kind: "divide", over: first, under: second };
    case "pow":
      return { kind: "power", base: first, exponent: second };
    case "unaryMinus":
      return { kind: "negate", of: first };
    default:
      throw new Error(`the operator ${fn} has no meaning in index notation`);
  }
}

function lookAtAccessor(object: Expr, indices: Expr[]): View {
  // A part of a tensor, x[2:end], would be read as all of it.
  indices.forEach(view);
  if (mathjs.isSymbolNode(object)) return { kind: "atom", variable: { family: object.name, layer: null }, indices };
  if (mathjs.isAccessorNode(object) && mathjs.isSymbolNode(object.object)) {
    const layer = onlyLayer(object.object.name, object.index.dimensions);
    return { kind: "atom", variable: { family: object.object.name, layer }, indices };
  }
  throw new Error(`not an indexed variable: ${object.toString()}`);
}

function onlyLayer(name: string, dimensions: readonly Expr[]): Expr {
  const [layer] = dimensions;
  if (layer === undefined || dimensions.length > 1)
    throw new Error(`${name} belongs to one layer, not to ${dimensions.join(", ")}`);
  return layer;
}

function lookAtCall(fn: Expr, args: Expr[]): View {
  if (mathjs.isAccessorNode(fn) && mathjs.isSymbolNode(fn.object))
    return { kind: "call", name: fn.object.name, layer: onlyLayer(fn.object.name, fn.index.dimensions), args };
  if (!mathjs.isSymbolNode(fn)) throw new Error(`not a function name: ${fn.toString()}`);
  const [first, second] = args as [Expr, Expr];
  const takes = (count: number): void => {
    if (args.length !== count)
      throw new Error(`${fn.name} takes ${count} argument${count === 1 ? "" : "s"}, not ${args.length}`);
  };
  switch (fn.name) {
    case "sum":
      // A user writes a loss as sum(e), over the outputs, and it is rewritten with an index.
      return args.length === 1 ? { kind: "call", name: "sum", layer: null, args } : lookAtReduction("sum", args);
    case "maximum":
      return lookAtReduction("maximum", args);
    case "partial":
      takes(2);
      return { kind: "partial", of: first, by: second };
    case "kronecker":
      takes(2);
      return { kind: "kronecker", left: first, right: second };
    case "size":
      takes(1);
      return { kind: "size", layer: first };
    default:
      return { kind: "call", name: fn.name, layer: null, args };
  }
}

function lookAtReduction(
  kind: "sum" | "maximum",
  [index, range, body, ...surplus]: readonly Expr[],
): Extract<View, { kind: "sum" | "maximum" }> {
  const to = endOfRange(range);
  const isSum = index !== undefined && mathjs.isSymbolNode(index) && to !== null && !isAll(range as Expr);
  if (!isSum || body === undefined || surplus.length > 0) throw new Error(`a ${kind} is written ${kind}(k, 1:n, body)`);
  return { kind, index: index.name, to, body };
}

/** The node that a view describes; `view(build(v))` is v again. */
export function build(v: View): Expr {
  switch (v.kind) {
    case "number":
      return numberNode(v.value);
    case "symbol":
      return new mathjs.SymbolNode(v.name);
    case "atom":
      return new mathjs.AccessorNode(variableNode(v.variable), new mathjs.IndexNode([...v.indices]));
    case "all":
      return new mathjs.RangeNode(new mathjs.ConstantNode(1), new mathjs.SymbolNode("end"));
    case "matrix":
      return new mathjs.ArrayNode(v.rows.map((row) => new mathjs.ArrayNode([...row])));
    case "size":
      return callNode("size", [v.layer]);
    case "add":
      return operatorNode("add", v.terms);
    case "subtract":
      return operatorNode("subtract", [v.left, v.right]);
    case "negate":
      return operatorNode("unaryMinus", [v.of]);
    case "multiply":
      return operatorNode("multiply", v.factors);
    case "hadamard":
      return operatorNode("dotMultiply", v.factors);
    case "divide":
      return operatorNode("divide", [v.over, v.under]);
    case "power":
      return operatorNode("pow", [v.base, v.exponent]);
    case "choose":
      return new mathjs.ConditionalNode(
        new mathjs.OperatorNode(v.relation as never, relationNames[v.relation] as never, [v.left, v.right]),
        v.then,
        v.otherwise,
      );
    case "sum":
    case "maximum":
      return callNode(v.kind, [
        new mathjs.SymbolNode(v.index),
        new mathjs.RangeNode(new mathjs.ConstantNode(1), v.to),
        v.body,
      ]);
    case "partial":
      return callNode("partial", [v.of, v.by]);
    case "kronecker":
      return callNode("kronecker", [v.left, v.right]);
    case "call":
      return v.layer === null
        ? callNode(v.name, v.args)
        : new mathjs.FunctionNode(variableNode({ family: v.name, layer: v.layer }) as never, [...v.args]);
  }
}

function variableNode({ family, layer }: Variable): Expr {
  const name = new mathjs.SymbolNode(family);
  return layer === null ? name : new mathjs.AccessorNode(name, new mathjs.IndexNode([layer]));
}

function callNode(name: string, args: readonly Expr[]): Expr {
  return new mathjs.FunctionNode(new mathjs.SymbolNode(name) as never, [...args]);
}

function operatorNode(fn: keyof typeof operators, args: readonly Expr[]): Expr {
  return new mathjs.OperatorNode(operators[fn] as never, fn as never, [...args]);
}

/** `0.044715` stays a decimal, `1/2` a division, a negative is a unary minus: each reads back as it was written. */
function numberNode(value: Rational): Expr {
  if (isNegative(value)) return operatorNode("unaryMinus", [numberNode(negated(value))]);
  if (isInteger(value)) return new mathjs.ConstantNode(exactDouble(value.numerator));
  if (value.denominator >= 100n && isDecimal(value)) return new mathjs.ConstantNode(toNumber(value));
  const { decimal, divisor } = decimalPart(value);
  const isLong = BigInt(Number(value.numerator)) !== value.numerator;
  // 1.0507009873554805 / 3 is exact as it stands, and its numerator alone would not be.
  if (isLong && isDecimal(decimal))
    return operatorNode("divide", [new mathjs.ConstantNode(toNumber(decimal)), numberNode(divisor)]);
  return operatorNode("divide", [numberNode(rational(value.numerator)), numberNode(rational(value.denominator))]);
}

const isDecimal = (value: Rational): boolean => sameValue(toNumber(value), value);

/** The value as a decimal over a whole number that has no factor 2 or 5. */
function decimalPart({ numerator, denominator }: Rational): { decimal: Rational; divisor: Rational } {
  let divisor = denominator;
  for (const prime of [2n, 5n]) while (divisor % prime === 0n) divisor /= prime;
  return { decimal: rational(numerator, denominator / divisor), divisor: rational(divisor) };
}

function sameValue(decimal: number, value: Rational): boolean {
  const read = fromDecimal(String(decimal));
  return read.numerator === value.numerator && read.denominator === value.denominator;
}

function exactDouble(n: bigint): number {
  if (BigInt(Number(n)) !== n)
    throw problem(
      "constant-digits",
      `a constant of the formula comes out as ${n}, which has more digits than are exact`,
      "write products and sums of long constants as one constant of at most 15 digits",
    );
  return Number(n);
}
