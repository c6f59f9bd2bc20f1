/** Leaky ReLU in the hidden layers, so that no unit dies. */
abstract class Activation {
  abstract value(z: number): number;
  abstract slope(z: number): number;
}

class ReLU extends Activation {
  protected leak = 0;
  value(z: number): number {
    return z > 0 ? z : this.leak * z;
  }
  slope(z: number): number {
    return z > 0 ? 1 : 0;
  }
}

class LeakyReLU extends ReLU {
  protected override leak = 0.01;
}

class Linear extends Activation {
  value(z: number): number {
    return z;
  }
  slope(): number {
    return 1;
  }
}

class Dense {
  W: number[][] = [];
  b: number[] = [];
  dW: number[][] = [];
  db: number[] = [];
  private x: number[] = [];
  private z: number[] = [];
  private readonly activation: Activation;

  constructor(activation: Activation) {
    this.activation = activation;
  }

  forward(x: number[]): number[] {
    this.x = x;
    this.z = this.W.map((row, j) => row.reduce((s, w, i) => s + w * x[i]!, this.b[j]!));
    return this.z.map((z) => this.activation.value(z));
  }

  backward(upstream: number[]): number[] {
    const delta = upstream.map((g, j) => g * this.activation.slope(this.z[j]!));
    this.dW = delta.map((d) => this.x.map((v) => d * v));
    this.db = delta;
    return this.x.map((_, i) => delta.reduce((s, d, j) => s + d * this.W[j]![i]!, 0));
  }
}

export class Regressor {
  readonly layers = [new Dense(new LeakyReLU()), new Dense(new LeakyReLU()), new Dense(new Linear())];

  predict(x: number[]): number[] {
    return this.layers.reduce((v, layer) => layer.forward(v), x);
  }

  computeGradients(x: number[], y: number[]): void {
    let g = this.predict(x).map((o, k) => o - y[k]!);
    for (let l = this.layers.length - 1; l >= 0; l--) g = this.layers[l]!.backward(g);
  }
}
