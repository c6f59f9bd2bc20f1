import { derivativeName, variableKey, type Model } from "../equations/index.ts";
import {
  add,
  build,
  call,
  clone,
  divide,
  fold,
  mathjs,
  multiply,
  num,
  partial,
  print,
  read,
  sym,
  transform,
  view,
  withChildren,
  children,
  isElementary,
  type Expr,
  type Variable,
  type View,
} from "../expression/index.ts";
import { dependsOn, variableOf } from "./context.ts";
import { functionDerivatives } from "./function-derivatives.ts";

/** Functions that mathjs differentiates itself; any other has a rule of ours, or a derivative of its own name. */
const isOfMathjs = (name: string): boolean => isElementary(name) && functionDerivatives[name] === "mathjs";

/** ∂f(u, …)/∂u for each argument, for a function without a rule of mathjs's. */
function partialsOf({ name, layer, args }: Extract<View, { kind: "call" }>): readonly Expr[] {
  const rule = isElementary(name) ? functionDerivatives[name] : null;
  if (rule === null || rule === "mathjs") return args.map((u) => call(derivativeName(name), layer, u));
  return (rule as (...args: Expr[]) => readonly Expr[])(...args);
}

/**
 * ∂expr/∂by of a summand: a sum over the entries of `by`'s variable (and over the inner sums) that `expr`
 * mentions, each with its factor ∂(entry)/∂by left standing. mathjs sees one scalar symbol for each atom, so
 * that it differentiates a plain function of numbers; an opaque call f(u) becomes a symbol too, and the chain
 * rule f′(u)·∂u/∂by is finished here.
 */
export function derivativeOfSummand(expr: Expr, by: Expr, model: Model): Expr {
  const variable = variableOf(by);
  if (variable === null) throw new Error(`cannot differentiate by ${print(by)}`);
  const { scalar, parts } = scalarise(expr);
  const terms: Expr[] = [];
  for (const [name, part] of parts) {
    if (!dependsOn(part, variable, model)) continue;
    const factor = restore(mathjs.derivative(clone(scalar), name, { simplify: false }), parts);
    terms.push(multiply(factor, innerDerivative(part, by, variable, model)));
  }
  return fold(add(...terms));
}

function innerDerivative(part: Expr, by: Expr, variable: Variable, model: Model): Expr {
  const v = view(part);
  if (v.kind !== "call") return partial(part, by);
  const outer = partialsOf(v);
  const terms = v.args.flatMap((argument, i) => {
    if (!dependsOn(argument, variable, model)) return [];
    const own = variableOf(argument);
    const isEntry = own !== null && variableKey(own) === variableKey(variable);
    return [multiply(outer[i] as Expr, isEntry ? partial(argument, by) : derivativeOfSummand(argument, by, model))];
  });
  return add(...terms);
}

/** Replaces every maximal part that is not arithmetic on scalars by a symbol of its own; equal parts share one. */
function scalarise(expr: Expr): { readonly scalar: Expr; readonly parts: ReadonlyMap<string, Expr> } {
  const names = new Map<string, string>();
  const parts = new Map<string, Expr>();
  const visit = (node: Expr): Expr => {
    const v = view(node);
    const isArithmetic =
      ["add", "subtract", "negate", "multiply", "divide", "power", "number"].includes(v.kind) ||
      (v.kind === "call" && isOfMathjs(v.name));
    if (isArithmetic) {
      const inner = children(node);
      return inner.length === 0 ? node : withChildren(node, inner.map(visit));
    }
    const key = print(node);
    const name = names.get(key) ?? `scalar${names.size + 1}`;
    names.set(key, name);
    parts.set(name, node);
    return sym(name);
  };
  return { scalar: visit(expr), parts };
}

function restore(derivative: Expr, parts: ReadonlyMap<string, Expr>): Expr {
  // mathjs's tree has parentheses and binary chains; its text reads back as a tree of ours.
  return transform(read(derivative.toString({ parenthesis: "all" })), (node) => {
    const v = view(node);
    // mathjs has sech for the derivative of tanh; a reader has cosh.
    if (v.kind === "call" && v.name === "sech") return divide(num(1), build({ ...v, name: "cosh" }));
    return v.kind === "symbol" ? (parts.get(v.name) ?? node) : node;
  });
}

/**
 * ∂node/∂by by one application of the rule for its outermost operation: mathjs differentiates the operation
 * with a symbol for each operand, and the derivatives of the operands that depend on `by` are left standing.
 */
export function derivativeOfOperation(node: Expr, by: Expr, model: Model): Expr {
  const variable = variableOf(by);
  if (variable === null) throw new Error(`cannot differentiate by ${print(by)}`);
  const operands = children(node);
  // An exponent stays a number: to mathjs a power with a symbol above is another function.
  const isOperand = (i: number): boolean => view(node).kind !== "power" || i === 0;
  const names = operands.map((operand, i) => (isOperand(i) ? sym(`operand${i + 1}`) : operand));
  const operation = withChildren(node, names);
  const parts = new Map(operands.map((operand, i) => [`operand${i + 1}`, operand]));
  const v = view(node);
  const outer = v.kind === "call" && !isOfMathjs(v.name) ? partialsOf(v) : null;
  const terms = operands.flatMap((operand, i) => {
    if (!isOperand(i) || !dependsOn(operand, variable, model)) return [];
    const slope =
      outer?.[i] ?? restore(mathjs.derivative(clone(operation), `operand${i + 1}`, { simplify: false }), parts);
    return [multiply(slope, partial(operand, by))];
  });
  return fold(add(...terms));
}
