/** Weights and biases of each layer, W[l][j][k]. */
export interface NestedParameters {
  readonly W: readonly (readonly (readonly number[])[])[];
  readonly b: readonly (readonly number[])[];
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const dot = (u: readonly number[], v: readonly number[]): number => u.reduce((sum, value, i) => sum + value * v[i]!, 0);

/** Activations of all layers, the input first. */
export const activationsOf = ({ W, b }: NestedParameters, x: readonly number[]): readonly (readonly number[])[] =>
  W.reduce<readonly (readonly number[])[]>(
    (layers, rows, l) => [...layers, rows.map((row, j) => sigmoid(dot(row, layers.at(-1)!) + b[l]![j]!))],
    [x],
  );

/** Backpropagation as tutorials write it: nested arrays, map and reduce, new arrays at every call. */
export function gradientOf(parameters: NestedParameters, x: readonly number[], y: readonly number[]): NestedParameters {
  const a = activationsOf(parameters, x);
  const output = a.at(-1)!;
  let delta = output.map((value, j) => ((value - y[j]!) / y.length) * value * (1 - value));
  const [dW, db]: [number[][][], number[][]] = [[], []];
  for (let l = parameters.W.length - 1; l >= 0; l--) {
    const from = a[l]!;
    dW.unshift(delta.map((d) => from.map((value) => d * value)));
    db.unshift(delta);
    const above = delta;
    delta = from.map(
      (value, k) => parameters.W[l]!.reduce((sum, row, j) => sum + row[k]! * above[j]!, 0) * value * (1 - value),
    );
  }
  return { W: dW, b: db };
}
