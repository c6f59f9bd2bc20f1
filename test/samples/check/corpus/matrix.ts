// A little matrix library, as everybody writes one: rows × cols, numbers row by row.
export class Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: number[];

  constructor(rows: number, cols: number, data?: number[]) {
    this.rows = rows;
    this.cols = cols;
    this.data = data ?? new Array<number>(rows * cols).fill(0);
  }

  static random(rows: number, cols: number): Matrix {
    return new Matrix(rows, cols).map(() => Math.random() * 2 - 1);
  }

  static column(values: number[]): Matrix {
    return new Matrix(values.length, 1, values.slice());
  }

  /** One sample in each column. */
  static columns(samples: number[][]): Matrix {
    return Matrix.rows(samples).transpose();
  }

  static rows(values: number[][]): Matrix {
    return new Matrix(values.length, values[0]!.length, values.flat());
  }

  get(i: number, j: number): number {
    return this.data[i * this.cols + j]!;
  }

  map(fn: (value: number, i: number, j: number) => number): Matrix {
    return new Matrix(
      this.rows,
      this.cols,
      this.data.map((v, n) => fn(v, Math.floor(n / this.cols), n % this.cols)),
    );
  }

  transpose(): Matrix {
    const result = new Matrix(this.cols, this.rows);
    for (let i = 0; i < this.rows; i++)
      for (let j = 0; j < this.cols; j++) result.data[j * this.rows + i] = this.get(i, j);
    return result;
  }

  dot(other: Matrix): Matrix {
    if (this.cols !== other.rows) throw new Error(`cannot multiply ${this.cols} columns by ${other.rows} rows`);
    const result = new Matrix(this.rows, other.cols);
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j < other.cols; j++) {
        let sum = 0;
        for (let k = 0; k < this.cols; k++) sum += this.get(i, k) * other.get(k, j);
        result.data[i * other.cols + j] = sum;
      }
    }
    return result;
  }

  private zip(other: Matrix, fn: (a: number, b: number) => number): Matrix {
    if (this.rows !== other.rows || this.cols !== other.cols) throw new Error("sizes differ");
    return new Matrix(
      this.rows,
      this.cols,
      this.data.map((v, n) => fn(v, other.data[n]!)),
    );
  }

  add(other: Matrix): Matrix {
    return this.zip(other, (a, b) => a + b);
  }

  sub(other: Matrix): Matrix {
    return this.zip(other, (a, b) => a - b);
  }

  mul(other: Matrix): Matrix {
    return this.zip(other, (a, b) => a * b);
  }

  scale(factor: number): Matrix {
    return this.map((v) => v * factor);
  }

  /** Adds a column to each of the columns. */
  addColumn(column: Matrix): Matrix {
    return this.map((v, i) => v + column.data[i]!);
  }

  sumColumns(): Matrix {
    const result = new Matrix(this.rows, 1);
    for (let i = 0; i < this.rows; i++) for (let j = 0; j < this.cols; j++) result.data[i]! += this.get(i, j);
    return result;
  }

  sum(): number {
    return this.data.reduce((a, b) => a + b, 0);
  }

  toRows(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => this.data.slice(i * this.cols, (i + 1) * this.cols));
  }
}
