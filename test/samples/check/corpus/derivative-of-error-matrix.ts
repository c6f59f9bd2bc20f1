import { Matrix } from "./matrix.ts";

const nonlin = (x: number): number => 1 / (1 + Math.exp(-x));
const slopeOf = (out: Matrix): Matrix => out.map((v) => v * (1 - v));

export class ElevenLines {
  syn0: Matrix;
  syn1: Matrix;
  bias0: Matrix;
  bias1: Matrix;

  constructor(n: number, h: number, k: number) {
    this.syn0 = Matrix.random(h, n);
    this.syn1 = Matrix.random(k, h);
    this.bias0 = Matrix.random(h, 1);
    this.bias1 = Matrix.random(k, 1);
  }

  train(x: number[], y: number[], alpha: number): void {
    const l0 = Matrix.column(x);
    const l1 = this.syn0.dot(l0).add(this.bias0).map(nonlin);
    const l2 = this.syn1.dot(l1).add(this.bias1).map(nonlin);

    const l2Delta = l2.sub(Matrix.column(y)).mul(slopeOf(l2));
    const l1Error = this.syn1.transpose().dot(l2Delta);
    const l1Delta = l1Error.mul(slopeOf(l1Error));

    this.syn1 = this.syn1.sub(l2Delta.dot(l1.transpose()).scale(alpha));
    this.bias1 = this.bias1.sub(l2Delta.scale(alpha));
    this.syn0 = this.syn0.sub(l1Delta.dot(l0.transpose()).scale(alpha));
    this.bias0 = this.bias0.sub(l1Delta.scale(alpha));
  }
}
