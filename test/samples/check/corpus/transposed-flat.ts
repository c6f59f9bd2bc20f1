interface Flat {
  W2: Float64Array;
  b2: Float64Array;
  W3: Float64Array;
  b3: Float64Array;
}

const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

/** y = f(W x + b), W with one row for each output. */
function layer(W: Float64Array, b: Float64Array, x: Float64Array, f: (z: number) => number): Float64Array {
  return b.map((bias, j) => {
    let z = bias;
    for (let i = 0; i < x.length; i++) z += W[j * x.length + i]! * x[i]!;
    return f(z);
  });
}

function outerProduct(a: Float64Array, delta: Float64Array): Float64Array {
  const result = new Float64Array(a.length * delta.length);
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < delta.length; j++) result[i * delta.length + j] = a[i]! * delta[j]!;
  return result;
}

export function backward({ W2, b2, W3, b3 }: Flat, x: Float64Array, y: Float64Array) {
  const a2 = layer(W2, b2, x, logistic);
  const a3 = layer(W3, b3, a2, logistic);
  const delta3 = a3.map((a, k) => (a - y[k]!) * a * (1 - a));
  const delta2 = a2.map((a, j) => {
    let sum = 0;
    for (let k = 0; k < delta3.length; k++) sum += W3[k * a2.length + j]! * delta3[k]!;
    return sum * a * (1 - a);
  });
  return { dW2: outerProduct(x, delta2), db2: delta2, dW3: outerProduct(a2, delta3), db3: delta3 };
}
