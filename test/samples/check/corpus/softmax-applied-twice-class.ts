type Vector = number[];

interface Module {
  forward(x: Vector): Vector;
  backward(grad: Vector): Vector;
}

class Linear implements Module {
  weight: number[][] = [];
  bias: Vector = [];
  weightGrad: number[][] = [];
  biasGrad: Vector = [];
  private input: Vector = [];

  forward(x: Vector): Vector {
    this.input = x;
    return this.weight.map((row, j) => row.reduce((s, w, i) => s + w * x[i]!, this.bias[j]!));
  }

  backward(grad: Vector): Vector {
    this.weightGrad = grad.map((g) => this.input.map((v) => g * v));
    this.biasGrad = grad;
    return this.input.map((_, i) => grad.reduce((s, g, j) => s + g * this.weight[j]![i]!, 0));
  }
}

class Tanh implements Module {
  private output: Vector = [];

  forward(x: Vector): Vector {
    return (this.output = x.map(Math.tanh));
  }

  backward(grad: Vector): Vector {
    return grad.map((g, i) => g * (1 - this.output[i]! ** 2));
  }
}

class Softmax implements Module {
  private output: Vector = [];

  forward(x: Vector): Vector {
    const max = Math.max(...x);
    const exps = x.map((v) => Math.exp(v - max));
    const total = exps.reduce((a, b) => a + b);
    return (this.output = exps.map((e) => e / total));
  }

  backward(grad: Vector): Vector {
    const p = this.output;
    const dot = grad.reduce((s, g, i) => s + g * p[i]!, 0);
    return p.map((v, i) => v * (grad[i]! - dot));
  }
}

export class CrossEntropy {
  forward = (p: Vector, y: Vector): number => -y.reduce((s, t, i) => s + t * Math.log(p[i]!), 0);
  // combined with softmax this is simply p - y
  backward = (p: Vector, y: Vector): Vector => p.map((v, i) => v - y[i]!);
}

export class Sequential {
  readonly hidden = new Linear();
  readonly output = new Linear();
  readonly criterion = new CrossEntropy();
  private readonly modules: Module[] = [this.hidden, new Tanh(), this.output, new Softmax()];

  forward(x: Vector): Vector {
    return this.modules.reduce((v, module) => module.forward(v), x);
  }

  backward(x: Vector, y: Vector): void {
    const grad = this.criterion.backward(this.forward(x), y);
    this.modules.reduceRight((g, module) => module.backward(g), grad);
  }
}
