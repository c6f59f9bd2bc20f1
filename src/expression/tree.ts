import type { MathNode } from "mathjs/number";
import { problem } from "../problem.ts";
import { mathjs } from "./mathjs.ts";
import { fromDecimal, isInteger, isNegative, negated, rational, type Rational } from "./rational.ts";

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
  /** Number of neurons of a layer, `size(l)`. */
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
  throw new Error(`a ${node.type} has no meaning in index notation: ${node.toString()}`);
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
      return args.length === 1 ? { kind: "call", name: "sum", layer: null, args } : lookAtSum(args);
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

function lookAtSum([index, range, body, ...surplus]: readonly Expr[]): View {
  const to = endOfRange(range);
  const isSum = index !== undefined && mathjs.isSymbolNode(index) && to !== null && !isAll(range as Expr);
  if (!isSum || body === undefined || surplus.length > 0) throw new Error("a sum is written sum(k, 1:n, body)");
  return { kind: "sum", index: index.name, to, body };
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
    case "sum":
      return callNode("sum", [
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
  const decimal = Number(value.numerator) / Number(value.denominator);
  if (value.denominator >= 100n && sameValue(decimal, value)) return new mathjs.ConstantNode(decimal);
  return operatorNode("divide", [numberNode(rational(value.numerator)), numberNode(rational(value.denominator))]);
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

/** The direct parts of a node, in reading order, without the index that a sum binds. */
export function children(node: Expr): readonly Expr[] {
  const v = view(node);
  switch (v.kind) {
    case "number":
    case "symbol":
    case "all":
      return [];
    case "atom":
      return v.indices;
    case "matrix":
      return v.rows.flat();
    case "size":
      return [v.layer];
    case "add":
      return v.terms;
    case "multiply":
    case "hadamard":
      return v.factors;
    case "subtract":
    case "kronecker":
      return [v.left, v.right];
    case "negate":
      return [v.of];
    case "divide":
      return [v.over, v.under];
    case "power":
      return [v.base, v.exponent];
    case "sum":
      return [v.to, v.body];
    case "partial":
      return [v.of, v.by];
    case "call":
      return v.args;
  }
}

/** The same node with each of its {@link children} replaced; sums and products stay flat. */
export function withChildren(node: Expr, parts: readonly Expr[]): Expr {
  const v = view(node);
  const [first, second] = parts as [Expr, Expr];
  switch (v.kind) {
    case "number":
    case "symbol":
    case "all":
      return node;
    case "atom":
      return build({ ...v, indices: parts });
    case "matrix": {
      const width = v.rows[0]?.length ?? 0;
      return matrix(v.rows.map((_, i) => parts.slice(i * width, (i + 1) * width)));
    }
    case "size":
      return build({ ...v, layer: first });
    case "add":
      return add(...parts);
    case "multiply":
      return multiply(...parts);
    case "hadamard":
      return hadamard(...parts);
    case "subtract":
    case "kronecker":
      return build({ ...v, left: first, right: second });
    case "negate":
      return build({ ...v, of: first });
    case "divide":
      return build({ ...v, over: first, under: second });
    case "power":
      return build({ ...v, base: first, exponent: second });
    case "sum":
      return build({ ...v, to: first, body: second });
    case "partial":
      return build({ ...v, of: first, by: second });
    case "call":
      return build({ ...v, args: parts });
  }
}

export const num = (value: number | bigint | Rational): Expr =>
  build({
    kind: "number",
    value: typeof value === "object" ? value : typeof value === "bigint" ? rational(value) : fromDecimal(String(value)),
  });
/** A number as a decimal literal, 0.5 rather than 1/2: what a worked example shows. */
export const decimal = (literal: string): Expr =>
  literal.startsWith("-")
    ? negate(new mathjs.ConstantNode(Number(literal.slice(1))))
    : new mathjs.ConstantNode(Number(literal));
export const sym = (name: string): Expr => build({ kind: "symbol", name });
export const sizeOf = (layer: Expr): Expr => build({ kind: "size", layer });
export const all = (): Expr => build({ kind: "all" });
export const matrix = (rows: readonly (readonly Expr[])[]): Expr => build({ kind: "matrix", rows });
export const column = (entries: readonly Expr[]): Expr => matrix(entries.map((entry) => [entry]));
/**
 * What is left out of a sum or a matrix, going on as the terms beside it do: w₁ + w₂ + ⋯ + w₉. What that
 * means is said in `fillDots`.
 */
export const dots = (): Expr => sym("dots");
export const isDots = (expr: Expr): boolean => mathjs.isSymbolNode(expr) && expr.name === "dots";
export const negate = (of: Expr): Expr => build({ kind: "negate", of });
export const subtract = (left: Expr, right: Expr): Expr => build({ kind: "subtract", left, right });
export const divide = (over: Expr, under: Expr): Expr => build({ kind: "divide", over, under });
export const power = (base: Expr, exponent: Expr): Expr => build({ kind: "power", base, exponent });
export const sum = (index: string, to: Expr, body: Expr): Expr => build({ kind: "sum", index, to, body });
export const partial = (of: Expr, by: Expr): Expr => build({ kind: "partial", of, by });
export const kronecker = (left: Expr, right: Expr): Expr => build({ kind: "kronecker", left, right });
export const call = (name: string, layer: Expr | null, ...args: Expr[]): Expr =>
  build({ kind: "call", name, layer, args });

/** `variable[indices]`; a variable without indices is its bare symbol, such as J. */
export function atom(variable: Variable, indices: readonly Expr[]): Expr {
  if (indices.length > 0) return build({ kind: "atom", variable, indices });
  if (variable.layer !== null) throw new Error(`${variable.family} has a layer but no index`);
  return sym(variable.family);
}

/** The tensor itself, `W2[:, :]`. */
export const wholeTensor = (variable: Variable, rank: number): Expr =>
  rank === 0 ? atom(variable, []) : build({ kind: "atom", variable, indices: Array.from({ length: rank }, all) });
export const isWholeTensor = (expr: Expr): boolean => {
  const v = view(expr);
  return v.kind === "atom" && v.indices.some((index) => view(index).kind === "all");
};

/** n-ary and flat: no chain of a thousand terms is a thousand levels deep. */
export function add(...terms: readonly Expr[]): Expr {
  const flat = terms.flatMap((t) => {
    const v = view(t);
    return v.kind === "add" ? v.terms : [t];
  });
  return flat.length === 1 ? (flat[0] as Expr) : flat.length === 0 ? num(0) : build({ kind: "add", terms: flat });
}

export function multiply(...factors: readonly Expr[]): Expr {
  const flat = factors.flatMap((t) => {
    const v = view(t);
    return v.kind === "multiply" ? v.factors : [t];
  });
  return flat.length === 1
    ? (flat[0] as Expr)
    : flat.length === 0
      ? num(1)
      : build({ kind: "multiply", factors: flat });
}

export function hadamard(...factors: readonly Expr[]): Expr {
  const flat = factors.flatMap((t) => {
    const v = view(t);
    return v.kind === "hadamard" ? v.factors : [t];
  });
  return flat.length === 1 ? (flat[0] as Expr) : build({ kind: "hadamard", factors: flat });
}
