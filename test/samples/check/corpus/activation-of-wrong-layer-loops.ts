interface Parameters {
  W2: number[][];
  b2: number[];
  W3: number[][];
  b3: number[];
}

export function backward({ W2, b2, W3, b3 }: Parameters, x: number[], y: number[]): Record<string, unknown> {
  const hidden: number[] = [];
  const output: number[] = [];
  for (let j = 0; j < b2.length; j++) {
    let z = b2[j]!;
    for (let i = 0; i < x.length; i++) z += W2[j]![i]! * x[i]!;
    hidden.push(Math.tanh(z));
  }
  for (let k = 0; k < b3.length; k++) {
    let z = b3[k]!;
    for (let j = 0; j < hidden.length; j++) z += W3[k]![j]! * hidden[j]!;
    output.push(Math.tanh(z));
  }

  const dW3: number[][] = [];
  const db3: number[] = [];
  for (let k = 0; k < output.length; k++) {
    const delta = (output[k]! - y[k]!) * (1 - output[k]! ** 2);
    db3.push(delta);
    dW3.push([]);
    for (let j = 0; j < hidden.length; j++) dW3[k]!.push(delta * output[k]!);
  }
  const dW2: number[][] = [];
  const db2: number[] = [];
  for (let j = 0; j < hidden.length; j++) {
    let delta = 0;
    for (let k = 0; k < output.length; k++) delta += db3[k]! * W3[k]![j]!;
    delta *= 1 - hidden[j]! ** 2;
    db2.push(delta);
    dW2.push(x.map((v) => delta * v));
  }
  return { dW2, db2, dW3, db3 };
}
