import { mathjs } from "./mathjs.ts";
import { fromDecimal, rational, type Rational } from "./rational.ts";
import { build, view, type Expr, type Relation, type Variable } from "./tree.ts";

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
    case "choose":
      return [v.left, v.right, v.then, v.otherwise];
    case "sum":
    case "maximum":
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
    case "choose": {
      const [left, right, then, otherwise] = parts as [Expr, Expr, Expr, Expr];
      return build({ ...v, left, right, then, otherwise });
    }
    case "sum":
    case "maximum":
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
export const maximum = (index: string, to: Expr, body: Expr): Expr => build({ kind: "maximum", index, to, body });
export const choose = (left: Expr, relation: Relation, right: Expr, then: Expr, otherwise: Expr): Expr =>
  build({ kind: "choose", left, relation, right, then, otherwise });
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
