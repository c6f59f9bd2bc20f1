import { atom, fillMatrix, num, partial, print, view, type Expr } from "../expression/index.ts";
import { applyFunction, argumentsOf, evaluate } from "./evaluate.ts";
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
    case "hadamard":
      return v.factors.map(inner).reduce((a, b) => entrywise(a, b, multiply));
    case "multiply":
      return v.factors
        .map(inner)
        .reduce((a, b) => (isScalar(a) || isScalar(b) ? entrywise(a, b, multiply) : matrixProduct(a, b, valuation)));
    case "call": {
      const [first, ...surplus] = v.args;
      if (v.name === "transpose" && first !== undefined && surplus.length === 0) return transpose(inner(first));
      const [argument, ...others] = argumentsOf(v).map(inner);
      if (argument === undefined || others.length > 0) throw new Error(`no matrix form of ${v.name}`);
      return { ...argument, entries: argument.entries.map((x) => applyFunction(v.name, v.layer, [x], valuation)) };
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
  const entries = tuples([rows, columns]).map((tuple) =>
    evaluate(entryOf(atom(v.variable, tuple.slice(0, v.indices.length).map(num))), valuation, nothing),
  );
  return { rows, columns, entries };
}

function entrywise<T>(a: Matrix<T>, b: Matrix<T>, operate: (a: T, b: T) => T): Matrix<T> {
  const shape = isScalar(a) ? b : a;
  if (!isScalar(a) && !isScalar(b) && (a.rows !== b.rows || a.columns !== b.columns))
    throw new Error(`shapes differ: ${a.rows} × ${a.columns} and ${b.rows} × ${b.columns}`);
  const at = (m: Matrix<T>, i: number): T => m.entries[isScalar(m) ? 0 : i] as T;
  return {
    rows: shape.rows,
    columns: shape.columns,
    entries: shape.entries.map((_, i) => operate(at(a, i), at(b, i))),
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
