import { atom, fillMatrix, num, partial, print, view, type Expr } from "../expression/index.ts";
import { applyFunction, argumentsOf, comparison, evaluate } from "./evaluate.ts";
import { integer } from "./arithmetic.ts";
import { sizesOf, tuples, type Valuation } from "./valuation.ts";

/** A matrix, row-major; a vector is one column, a scalar 1 × 1. */
export interface Matrix<T> {
  readonly rows: number;
  readonly columns: number;
  readonly entries: readonly T[];
}

const nothing = new Map<string, number>();

/** The value of an expression in matrix form, by the rules of matrix algebra. */
export function evaluateMatrix<T>(expr: Expr, valuation: Valuation<T>): Matrix<T> {
  const { add, subtract, multiply } = valuation.arithmetic;
  const inner = (e: Expr): Matrix<T> => evaluateMatrix(e, valuation);
  const v = view(expr);
  switch (v.kind) {
    case "atom":
      return wholeTensor(expr, valuation, (entry) => entry);
    case "matrix": {
      const { rows, columns, entry } = fillMatrix(v.rows);
      return {
        rows,
        columns,
        entries: tuples([rows, columns]).map(([i = 1, j = 1]) => evaluate(entry(i, j), valuation, nothing)),
      };
    }
    case "partial":
      return wholeTensor(v.by, valuation, (entry) => partial(v.of, entry));
    case "add":
      return v.terms.map(inner).reduce((a, b) => entrywise(a, b, add));
    case "subtract":
      return entrywise(inner(v.left), inner(v.right), subtract);
    case "negate": {
      const of = inner(v.of);
      const zero = integer(valuation.arithmetic, 0);
      return { ...of, entries: of.entries.map((entry) => subtract(zero, entry)) };
    }
    case "hadamard":
      return v.factors.map(inner).reduce((a, b) => entrywise(a, b, multiply));
    case "multiply":
      return v.factors
        .map(inner)
        .reduce((a, b) => (isScalar(a) || isScalar(b) ? entrywise(a, b, multiply) : matrixProduct(a, b, valuation)));
    case "call": {
      const [first, ...surplus] = v.args;
      if (v.name === "transpose" && first !== undefined && surplus.length === 0) return transpose(inner(first));
      return each(argumentsOf(v).map(inner), (args) => applyFunction(v.name, v.layer, args, valuation));
    }
    case "choose": {
      const holds = comparison(v.relation, valuation.arithmetic);
      return each([v.left, v.right, v.then, v.otherwise].map(inner), ([left, right, then, otherwise]) =>
        holds(left as T, right as T) ? (then as T) : (otherwise as T),
      );
    }
    default:
      return { rows: 1, columns: 1, entries: [evaluate(expr, valuation, nothing)] };
  }
}

const isScalar = ({ rows, columns }: Matrix<unknown>): boolean => rows === 1 && columns === 1;

function wholeTensor<T>(expr: Expr, valuation: Valuation<T>, entryOf: (entry: Expr) => Expr): Matrix<T> {
  const v = view(expr);
  if (v.kind !== "atom" || v.indices.some((index) => view(index).kind !== "all"))
    throw new Error(`not a whole tensor: ${print(expr)}`);
  const [rows = 1, columns = 1] = sizesOf(v.variable, valuation);
  const entry = (tuple: readonly number[]): Expr =>
    v.indices.length === 0 ? expr : atom(v.variable, tuple.slice(0, v.indices.length).map(num));
  const entries = tuples([rows, columns]).map((tuple) => evaluate(entryOf(entry(tuple)), valuation, nothing));
  return { rows, columns, entries };
}

const entrywise = <T>(a: Matrix<T>, b: Matrix<T>, operate: (a: T, b: T) => T): Matrix<T> =>
  each([a, b], ([x, y]) => operate(x as T, y as T));

/** The matrix whose entries come from equal entries of others; a scalar goes with every entry. */
function each<T>(matrices: readonly Matrix<T>[], operate: (entries: readonly T[]) => T): Matrix<T> {
  const [first] = matrices;
  const shape = matrices.find((m) => !isScalar(m)) ?? first;
  if (shape === undefined) throw new Error("no entries without a matrix");
  const other = matrices.find((m) => !isScalar(m) && (m.rows !== shape.rows || m.columns !== shape.columns));
  if (other !== undefined)
    throw new Error(`shapes differ: ${shape.rows} × ${shape.columns} and ${other.rows} × ${other.columns}`);
  return {
    rows: shape.rows,
    columns: shape.columns,
    entries: shape.entries.map((_, i) => operate(matrices.map((m) => m.entries[isScalar(m) ? 0 : i] as T))),
  };
}

function matrixProduct<T>(a: Matrix<T>, b: Matrix<T>, { arithmetic }: Valuation<T>): Matrix<T> {
  if (a.columns !== b.rows) throw new Error(`no product of ${a.rows} × ${a.columns} and ${b.rows} × ${b.columns}`);
  const entries = tuples([a.rows, b.columns]).map(([i = 1, j = 1]) =>
    Array.from({ length: a.columns }, (_, k) =>
      arithmetic.multiply(a.entries[(i - 1) * a.columns + k] as T, b.entries[k * b.columns + j - 1] as T),
    ).reduce(arithmetic.add),
  );
  return { rows: a.rows, columns: b.columns, entries };
}

const transpose = <T>({ rows, columns, entries }: Matrix<T>): Matrix<T> => ({
  rows: columns,
  columns: rows,
  entries: tuples([columns, rows]).map(([i = 1, j = 1]) => entries[(j - 1) * columns + i - 1] as T),
});
