class Unit {
  weights: number[] = [];
  bias = 0;
  inputs: number[] = [];
  sum = 0;
  output = 0;
  signal = 0;

  fire(inputs: number[]): number {
    this.inputs = inputs;
    this.sum = this.bias;
    for (const [i, input] of inputs.entries()) this.sum += this.weights[i]! * input;
    this.output = 1 / (1 + Math.exp(-this.sum));
    return this.output;
  }

  adjust(rate: number): void {
    for (const [i, input] of this.inputs.entries()) this.weights[i]! -= rate * this.signal * input;
    this.bias -= rate * this.sum;
  }
}

export class UnitNetwork {
  readonly hidden: Unit[];
  readonly outputs: Unit[];

  constructor(hidden: number, outputs: number) {
    this.hidden = Array.from({ length: hidden }, () => new Unit());
    this.outputs = Array.from({ length: outputs }, () => new Unit());
  }

  run(x: number[]): number[] {
    const signals = this.hidden.map((unit) => unit.fire(x));
    return this.outputs.map((unit) => unit.fire(signals));
  }

  teach(x: number[], target: number[], rate: number): void {
    this.run(x);
    this.outputs.forEach((unit, k) => {
      unit.signal = (unit.output - target[k]!) * unit.output * (1 - unit.output);
    });
    this.hidden.forEach((unit, j) => {
      const back = this.outputs.reduce((sum, next) => sum + next.signal * next.weights[j]!, 0);
      unit.signal = back * unit.output * (1 - unit.output);
    });
    for (const unit of [...this.hidden, ...this.outputs]) unit.adjust(rate);
  }
}
