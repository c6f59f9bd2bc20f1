import { variableKey } from "../equations/index.ts";
import type { SizesOf } from "../exact/index.ts";
import { add, call, fold, hadamard, multiply, num, print, subtract, view, type Expr } from "../expression/index.ts";

/** Rows and columns of a matrix. */
export type Shape = readonly [rows: Expr, columns: Expr];

/** A matrix form with its shape, and the form with each tensor's shape in its place. */
export interface Shaped {
  readonly shape: Shape;
  readonly shapes: Expr;
}

const one = num(1);

/**
 * The shapes of a matrix form, by the rules of matrix algebra: (m × n)(n × p) is m × p, a sum and an
 * element-wise product are of equal shapes. Scalar factors have none.
 *
 * @throws Error where two shapes do not fit
 */
export function shapesOf(expr: Expr, sizesOf: SizesOf): Shaped | null {
  const inner = (e: Expr): Shaped | null => shapesOf(e, sizesOf);
  const v = view(expr);
  switch (v.kind) {
    case "atom": {
      const [rows = one, columns = one] = sizesOf(v.variable);
      if (v.indices.length > 2) throw new Error(`${variableKey(v.variable)} is no matrix`);
      return leaf([rows, columns]);
    }
    case "partial":
      return inner(v.by);
    case "negate":
      return inner(v.of);
    case "call": {
      const of = inner(v.args[0] as Expr);
      if (of === null) return null;
      const [rows, columns] = of.shape;
      return v.name === "transpose" ? leaf([columns, rows]) : of;
    }
    case "add":
      return alike(v.terms.map(inner), (parts) => add(...parts));
    case "subtract":
      return alike([v.left, v.right].map(inner), ([left, right]) => subtract(left as Expr, right as Expr));
    case "hadamard":
      return alike(v.factors.map(inner), (parts) => hadamard(...parts));
    case "multiply":
      return v.factors
        .map(inner)
        .reduce((left, right) => (left === null || right === null ? (left ?? right) : product(left, right)));
    default:
      return null;
  }
}

const leaf = (shape: Shape): Shaped => ({ shape, shapes: call("shape", null, ...shape) });
const sameSize = (a: Expr, b: Expr): boolean => print(fold(a)) === print(fold(b));

/** Parts of one shape; a number among them is of any. */
function alike(parts: readonly (Shaped | null)[], rebuild: (shapes: readonly Expr[]) => Expr): Shaped | null {
  const shaped = parts.filter((part) => part !== null);
  const [first] = shaped;
  if (first === undefined) return null;
  const stranger = shaped.find(({ shape }) => !shape.every((size, i) => sameSize(size, first.shape[i] as Expr)));
  if (stranger !== undefined)
    throw new Error(`${print(first.shapes)} and ${print(stranger.shapes)} are not of one shape`);
  return { shape: first.shape, shapes: shaped.length === 1 ? first.shapes : rebuild(shaped.map((s) => s.shapes)) };
}

function product(left: Shaped, right: Shaped): Shaped {
  const [[rows, inside], [across, columns]] = [left.shape, right.shape];
  if (!sameSize(inside, across)) throw new Error(`${print(left.shapes)} times ${print(right.shapes)} is no product`);
  return { shape: [rows, columns], shapes: multiply(left.shapes, right.shapes) };
}
