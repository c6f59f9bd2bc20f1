import { mathjs } from "./mathjs.ts";
import { add, children, hadamard, multiply, withChildren } from "./nodes.ts";
import { build, view, type Expr } from "./tree.ts";

/**
 * The tree as mathjs syntax, with exactly the parentheses it needs: `read(print(e))` is e again. mathjs's
 * own `toString` drops parentheses by associativity (`a + (b - c)`) and misprints negative constants under
 * a power, so that what it prints may read back as another tree.
 */
export function print(expr: Expr): string {
  const known = printed.get(expr);
  if (known !== undefined) return known;
  const text = write(expr);
  printed.set(expr, text);
  return text;
}

const printed = new WeakMap<Expr, string>();

/** Binding strength of a printed node: an operand weaker than its place asks for is parenthesised. */
const binding = { choice: 0, sum: 1, product: 2, unary: 3, power: 4, whole: 5 } as const;

function strength(expr: Expr): number {
  switch (view(expr).kind) {
    case "add":
    case "subtract":
      return binding.sum;
    case "multiply":
    case "hadamard":
    case "divide":
      return binding.product;
    case "negate":
      return binding.unary;
    case "power":
      return binding.power;
    case "choose":
      return binding.choice;
    default:
      return binding.whole;
  }
}

const within = (expr: Expr, least: number): string => (strength(expr) < least ? `(${print(expr)})` : print(expr));

function write(expr: Expr): string {
  const v = view(expr);
  const list = (parts: readonly Expr[]): string => parts.map(print).join(", ");
  switch (v.kind) {
    case "number":
    case "symbol":
      return expr.toString();
    case "atom":
      return `${v.variable.family}${v.variable.layer === null ? "" : `[${print(v.variable.layer)}]`}[${list(v.indices)}]`;
    case "matrix":
      return `[${v.rows.map((row) => `[${list(row)}]`).join(", ")}]`;
    case "size":
      return `size(${print(v.layer)})`;
    case "add":
      return v.terms.map((t, i) => within(t, i === 0 ? binding.sum : binding.product)).join(" + ");
    case "subtract":
      return `${within(v.left, binding.sum)} - ${within(v.right, binding.product)}`;
    case "multiply":
      return v.factors.map((f, i) => within(f, i === 0 ? binding.product : binding.unary)).join(" * ");
    case "hadamard":
      return v.factors.map((f) => within(f, binding.unary)).join(" .* ");
    case "all":
      return ":";
    case "divide":
      return `${within(v.over, binding.product)} / ${within(v.under, binding.unary)}`;
    case "negate":
      return `-${within(v.of, binding.power)}`;
    case "power":
      return `${within(v.base, binding.whole)} ^ ${within(v.exponent, binding.whole)}`;
    case "choose":
      return `${within(v.left, binding.sum)} ${v.relation} ${within(v.right, binding.sum)} ? ${within(v.then, binding.sum)} : ${print(v.otherwise)}`;
    case "sum":
    case "maximum":
      return `${v.kind}(${v.index}, 1:${print(v.to)}, ${print(v.body)})`;
    case "partial":
      return `partial(${print(v.of)}, ${print(v.by)})`;
    case "kronecker":
      return `kronecker(${print(v.left)}, ${print(v.right)})`;
    case "call":
      return `${v.name}${v.layer === null ? "" : `[${print(v.layer)}]`}(${list(v.args)})`;
  }
}

/** Two trees are the same expression when they print the same; bound names count. */
export const same = (a: Expr, b: Expr): boolean => a === b || print(a) === print(b);

/** Reads what {@link print} wrote. For our own text only: what a user typed goes through `readFormula`. */
export function read(text: string): Expr {
  return normalise(mathjs.parse(text));
}

/** `left == right`, as mathjs writes an equality. */
export const printEquality = (left: Expr, right: Expr): string =>
  `${within(left, binding.sum)} == ${within(right, binding.sum)}`;

/** Reads what {@link printEquality} wrote. */
export function readEquality(text: string): { readonly left: Expr; readonly right: Expr } {
  const node = mathjs.parse(text);
  if (!mathjs.isOperatorNode(node) || node.fn !== "equal") throw new Error(`not an equality: ${text}`);
  const [left, right] = node.args as [Expr, Expr];
  return { left: normalise(left), right: normalise(right) };
}

/** Parsed trees have parentheses and binary chains; ours have neither. */
function normalise(node: Expr): Expr {
  if (mathjs.isParenthesisNode(node)) return normalise(node.content);
  const v = view(node);
  if (v.kind === "atom" || v.kind === "symbol" || v.kind === "number") return node;
  const parts = children(node).map(normalise);
  if (v.kind === "add") return add(...parts);
  if (v.kind === "multiply") return multiply(...parts);
  if (v.kind === "hadamard") return hadamard(...parts);
  return withChildren(node, parts);
}

/** A tree with the same meaning and no node shared with another: what mathjs's `derivative` needs. */
export function clone(expr: Expr): Expr {
  const parts = children(expr).map(clone);
  return parts.length === 0 ? build(view(expr)) : withChildren(expr, parts);
}
