import {
  all,
  build,
  call,
  freeSymbols,
  hadamard,
  multiply,
  partial,
  subtract,
  add,
  negate,
  view,
  atom,
  type Expr,
} from "../expression/index.ts";

/**
 * The matrix form of an expression in index notation, lifted by the pattern of its indices: an index summed
 * over two factors is a matrix product, with a transpose where the order of indices asks for one; a free index
 * that factors share is an element-wise product; free indices that they do not share are an outer product.
 *
 * @param axes the free indices, one for a vector, two for a matrix
 * @returns null where no pattern fits; the index form then stands alone
 */
export function lift(expr: Expr, axes: readonly string[]): Expr | null {
  const free = axes.filter((axis) => freeSymbols(expr).has(axis));
  if (free.length === 0) return isScalar(expr) ? expr : null;
  const v = view(expr);
  switch (v.kind) {
    case "atom":
      return liftAtom(expr, axes);
    case "partial": {
      const by = lift(v.by, axes);
      return by === null ? null : partial(v.of, by);
    }
    case "call": {
      const argument = v.args.length === 1 ? lift(v.args[0] as Expr, axes) : null;
      return argument === null ? null : call(v.name, v.layer, argument);
    }
    case "negate":
      return withLifted([v.of], axes, ([of]) => negate(of as Expr));
    case "add":
      return withLifted(v.terms, axes, (terms) => add(...terms));
    case "subtract":
      return withLifted([v.left, v.right], axes, ([left, right]) => subtract(left as Expr, right as Expr));
    case "multiply":
      return axes.length === 1 ? liftProduct(v.factors, axes) : liftOuter(v.factors, axes);
    case "sum":
      return axes.length === 1 ? liftContraction(v.index, v.body, axes) : null;
    default:
      return null;
  }
}

/** A number that is the same for every index: free of sums and of entries. */
const isScalar = (expr: Expr): boolean => {
  const v = view(expr);
  if (v.kind === "number" || v.kind === "size") return true;
  return (
    (v.kind === "divide" && isScalar(v.over) && isScalar(v.under)) ||
    (v.kind === "multiply" && v.factors.every(isScalar))
  );
};

const indexName = (expr: Expr): string | null => {
  const v = view(expr);
  return v.kind === "symbol" ? v.name : null;
};

/** z[l][j] along j is z[l][:]; w[l][k, j] along k, j is w[l][:, :]. */
function liftAtom(expr: Expr, axes: readonly string[]): Expr | null {
  const v = view(expr);
  if (v.kind !== "atom" || v.indices.length !== axes.length || !v.indices.every((e, i) => indexName(e) === axes[i]))
    return null;
  return atom(v.variable, v.indices.map(all));
}

function withLifted(
  parts: readonly Expr[],
  axes: readonly string[],
  rebuild: (parts: readonly Expr[]) => Expr,
): Expr | null {
  const lifted = parts.map((part) => lift(part, axes));
  return lifted.some((part) => part === null) ? null : rebuild(lifted as Expr[]);
}

/** c · u_j · v_j is c (u ⊙ v). */
function liftProduct(factors: readonly Expr[], axes: readonly string[]): Expr | null {
  const scalars = factors.filter((f) => !freeSymbols(f).has(axes[0] as string));
  const vectors = factors.filter((f) => freeSymbols(f).has(axes[0] as string));
  if (!scalars.every(isScalar)) return null;
  return withLifted(vectors, axes, (lifted) =>
    scalars.length === 0 ? hadamard(...lifted) : multiply(...scalars, hadamard(...lifted)),
  );
}

/** u_j · v_k is u vᵀ. */
function liftOuter(factors: readonly Expr[], [row, column]: readonly string[]): Expr | null {
  const of = (axis: string | undefined, other: string | undefined): Expr[] =>
    factors.filter((f) => freeSymbols(f).has(axis as string) && !freeSymbols(f).has(other as string));
  const [left, right] = [of(row, column), of(column, row)];
  if (left.length === 0 || right.length === 0 || left.length + right.length !== factors.length) return null;
  const [u, v] = [lift(multiply(...left), [row as string]), lift(multiply(...right), [column as string])];
  return u === null || v === null ? null : multiply(u, transpose(v));
}

/** Σ_k m_{jk} v_k is M v, Σ_k m_{kj} v_k is Mᵀ v. */
function liftContraction(index: string, body: Expr, [axis]: readonly string[]): Expr | null {
  const v = view(body);
  const factors = v.kind === "multiply" ? v.factors : [body];
  const matrices = factors.filter((f) => freeSymbols(f).has(axis as string));
  const vector = lift(multiply(...factors.filter((f) => !matrices.includes(f))), [index]);
  const [matrix] = matrices;
  if (matrices.length !== 1 || matrix === undefined || vector === null || factors.length < 2) return null;
  const straight = liftAtom(matrix, [axis as string, index]);
  if (straight !== null) return multiply(straight, vector);
  const across = liftAtom(matrix, [index, axis as string]);
  return across === null ? null : multiply(transpose(across), vector);
}

const transpose = (of: Expr): Expr => build({ kind: "call", name: "transpose", layer: null, args: [of] });
