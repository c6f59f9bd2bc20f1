import { Matrix } from "./matrix.ts";

export class DeepTanhNet {
  readonly W: Matrix[];
  readonly b: Matrix[];
  readonly dW: Matrix[] = [];
  readonly db: Matrix[] = [];

  constructor(sizes: readonly number[]) {
    this.W = sizes.slice(1).map((n, l) => Matrix.random(n, sizes[l]!).scale(1 / Math.sqrt(sizes[l]!)));
    this.b = sizes.slice(1).map((n) => new Matrix(n, 1));
  }

  forward(x: number[]): Matrix[] {
    const a = [Matrix.column(x)];
    this.W.forEach((W, l) => a.push(W.dot(a[l]!).add(this.b[l]!).map(Math.tanh)));
    return a;
  }

  backward(x: number[], y: number[]): void {
    const a = this.forward(x);
    const output = a.at(-1)!;
    let delta = output.sub(Matrix.column(y)).mul(output.map((v) => 1 - v * v));
    for (let l = this.W.length - 1; l >= 0; l--) {
      this.dW[l] = delta.dot(a[l]!.transpose());
      this.db[l] = delta;
      delta = this.W[l]!.transpose().dot(delta);
    }
  }
}
