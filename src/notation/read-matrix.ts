import { dots, isDots, matrix, type Expr } from "../expression/index.ts";
import type { Reading } from "./read-names.ts";

/** Entries in rows; dots among them say what is left out. */
export function matrixOf(reading: Reading): Expr {
  const { cursor, expression } = reading;
  const marks: string[][] = [];
  const rows: Expr[][] = [];
  const begin = cursor.peek();
  cursor.expect("\\begin{pmatrix}");
  do {
    const [row, rowMarks]: [Expr[], string[]] = [[], []];
    do {
      const mark = cursor.peek().text;
      rowMarks.push(mark);
      row.push(matrixDots.includes(mark) ? (cursor.take(), dots()) : expression());
    } while (cursor.skip("&"));
    rows.push(row);
    marks.push(rowMarks);
  } while (cursor.skip("\\cr"));
  cursor.expect("\\end{pmatrix}");
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) throw cursor.unexpected("rows of one length", begin);
  rows.forEach((row, i) =>
    row.forEach((e, j) => {
      if (isDots(e) && marks[i]?.[j] !== dotsAt(rows, i, j))
        throw cursor.unexpected("dots that fit their place", begin);
    }),
  );
  return matrix(rows);
}

const matrixDots = ["\\cdots", "\\vdots", "\\ddots"];

/** Rows that are left out have ⋮ down them, columns ⋯ across, and where both meet ⋱ stands. */
function dotsAt(rows: readonly (readonly Expr[])[], i: number, j: number): string | undefined {
  const isRow = (rows[i] as readonly Expr[]).every(isDots);
  const isColumn = rows.every((row) => isDots(row[j] as Expr));
  if (isRow) return isColumn && (rows[0] as readonly Expr[]).length > 1 ? "\\ddots" : "\\vdots";
  return isColumn ? "\\cdots" : undefined;
}
