import { print, same } from "./text.ts";
import { freshIndex, allSymbols, substitute } from "./substitution.ts";
import { add, atom, children, dots, isDots, matrix, negate, num, subtract, sum, sym, withChildren } from "./nodes.ts";
import { view, type Expr, type Variable } from "./tree.ts";

/** Which of 1 … count are shown: all up to `most`, else the first `leading`, dots (null) and the last. */
export function shown(count: number, most: number, leading = 2): readonly (number | null)[] {
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  return count <= Math.max(most, leading + 1) ? upTo(count) : [...upTo(leading), null, count];
}

/** Writes out every sum over a whole number of terms; a sum of more than `most` by its first two terms, dots and its last. */
export function spellOut(expr: Expr, most: number): Expr {
  const v = view(expr);
  if (v.kind === "sum") {
    const to = view(v.to);
    // Σ(u + v) is written as Σu + Σv: only then do the terms beside the dots say how they go on.
    const body = view(v.body);
    const over = (part: Expr): Expr => spellOut(sum(v.index, v.to, part), most);
    if (body.kind === "add") return add(...body.terms.map(over));
    if (body.kind === "subtract") return subtract(over(body.left), over(body.right));
    if (body.kind === "negate") return negate(over(body.of));
    if (to.kind !== "number" || to.value.denominator !== 1n) throw new Error(`no number of terms: ${print(expr)}`);
    const term = (n: number): Expr => spellOut(substitute(v.body, new Map([[v.index, num(n)]])), most);
    return add(...shown(Number(to.value.numerator), most).map((n) => (n === null ? dots() : term(n))));
  }
  const parts = children(expr);
  return parts.length === 0
    ? expr
    : withChildren(
        expr,
        parts.map((part) => spellOut(part, most)),
      );
}

/** The entries of a tensor as a matrix, a vector as a column; one with more than `most` rows or columns by its corners. */
export function tensorEntries(variable: Variable, sizes: readonly number[], most: number): Expr {
  const [rows = 1, columns] = sizes;
  return entriesMatrix(rows, columns ?? 1, most, (i, j) =>
    atom(variable, columns === undefined ? [num(i)] : [num(i), num(j)]),
  );
}

/** However much is asked for, a page holds no matrix larger than this. */
const [mostRows, mostColumns] = [20, 10] as const;

/** The matrix with the given entries; of too many rows or columns, the first `leading` and the last. */
export function entriesMatrix(
  rows: number,
  columns: number,
  most: number,
  entry: (row: number, column: number) => Expr,
  leading = 1,
): Expr {
  const down = shown(rows, Math.min(most, mostRows), columns > 1 ? leading : 2);
  const across = shown(columns, Math.min(most, mostColumns), rows > 1 ? leading : 2);
  return matrix(down.map((i) => across.map((j) => (i === null || j === null ? dots() : entry(i, j)))));
}

/**
 * A sum with dots as the sum that it stands for. The terms around the dots say it: the numbers in which the
 * first two differ count 1, 2, … up to what stands in their place in the last.
 *
 * @throws Error where the terms follow no such pattern
 */
export function fillDots(terms: readonly Expr[]): readonly Expr[] {
  const at = terms.findIndex(isDots);
  if (at < 0) return terms;
  const [first, second, last] = [terms[at - 2], terms[at - 1], terms[at + 1]];
  if (first === undefined || second === undefined || last === undefined) throw noPattern(add(...terms));
  const counting = differing(first, second);
  const count = numbersOf(last)[counting[0] ?? -1] ?? 0;
  const value = (n: Expr): Expr => mapNumbers(first, (number, i) => (counting.includes(i) ? n : number));
  if (count < 3 || [first, second, last].some((term, i) => !same(value(num([1, 2, count][i] as number)), term)))
    throw noPattern(add(...terms));
  const index = freshIndex(allSymbols(first));
  return fillDots([...terms.slice(0, at - 2), sum(index, num(count), value(sym(index))), ...terms.slice(at + 2)]);
}

/**
 * A matrix, where it has dots continued as its corners say: the numbers that differ down the first column
 * count the rows, those that differ along the first row the columns.
 *
 * @throws Error where the entries follow no such pattern
 */
export function fillMatrix(rows: readonly (readonly Expr[])[]): {
  readonly rows: number;
  readonly columns: number;
  readonly entry: (row: number, column: number) => Expr;
} {
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  const at = (i: number, j: number): Expr => (rows[i] as readonly Expr[])[j] as Expr;
  if (!rows.flat().some(isDots)) return { rows: height, columns: width, entry: (i, j) => at(i - 1, j - 1) };
  const [corner, bottom, right] = [at(0, 0), at(height - 1, 0), at(0, width - 1)];
  const [down, across] = [differing(corner, bottom), differing(corner, right)];
  const totalRows = height === 1 ? 1 : (numbersOf(bottom)[down[0] ?? -1] ?? 0);
  const totalColumns = width === 1 ? 1 : (numbersOf(right)[across[0] ?? -1] ?? 0);
  if (totalRows < height || totalColumns < width) throw noPattern(matrix(rows));
  const entry = (i: number, j: number): Expr =>
    mapNumbers(corner, (number, n) => (down.includes(n) ? num(i) : across.includes(n) ? num(j) : number));
  const label = (nth: number, line: readonly Expr[], total: number): number =>
    nth < line.findIndex(isDots) || !line.some(isDots) ? nth + 1 : total - line.length + nth + 1;
  const [firstColumn, firstRow] = [rows.map((row) => row[0] as Expr), rows[0] as readonly Expr[]];
  rows.forEach((row, i) =>
    row.forEach((e, j) => {
      const expected = entry(label(i, firstColumn, totalRows), label(j, firstRow, totalColumns));
      if (!isDots(e) && !same(e, expected)) throw noPattern(matrix(rows));
    }),
  );
  return { rows: totalRows, columns: totalColumns, entry };
}

const noPattern = (expr: Expr): Error => new Error(`what the dots stand for cannot be told: ${print(expr)}`);

/** The whole numbers in a tree, in reading order. */
function numbersOf(expr: Expr): readonly number[] {
  const found: number[] = [];
  mapNumbers(expr, (number) => {
    found.push(Number(print(number)));
    return number;
  });
  return found;
}

function differing(a: Expr, b: Expr): readonly number[] {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  return left.flatMap((n, i) => (n === right[i] ? [] : [i]));
}

function mapNumbers(expr: Expr, change: (number: Expr, nth: number) => Expr): Expr {
  let nth = 0;
  const visit = (node: Expr): Expr => {
    const v = view(node);
    if (v.kind === "number" && v.value.denominator === 1n) return change(node, nth++);
    const parts = children(node);
    return parts.length === 0 ? node : withChildren(node, parts.map(visit));
  };
  return visit(expr);
}
