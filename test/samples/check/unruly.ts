// Functions that a check has to survive, each with a message of its own.
type Parameters = { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] };
type Gradient = { dW2: number[][]; db2: number[]; dW3: number[][]; db3: number[] };

const like = ({ W2, b2, W3, b3 }: Parameters, value: number): Gradient => ({
  dW2: W2.map((row) => row.map(() => value)),
  db2: b2.map(() => value),
  dW3: W3.map((row) => row.map(() => value)),
  db3: b3.map(() => value),
});

export function endless(): never {
  for (;;);
}

export function throwing(): never {
  throw new RangeError("no luck");
}

export const notANumber = (p: Parameters, _x: number[], _y: number[]): Gradient => like(p, NaN);

export const wrongShape = (p: Parameters, _x: number[], _y: number[]): Gradient => ({
  ...like(p, 0),
  dW2: [
    [0, 0, 0],
    [0, 0, 0],
  ],
});

export const missingTensor = ({ W2 }: Parameters, _x: number[], _y: number[]): object => ({ dW2: W2 });

export function mutating(p: Parameters, x: number[], _y: number[]): Gradient {
  x[0] = 42;
  return like(p, 0);
}

export const nothing = (_p: Parameters, _x: number[], _y: number[]): void => undefined;

export function exiting(): never {
  process.exit(0);
}

export function devouring(): number {
  const hoard: Float64Array[] = [];
  for (;;) hoard.push(new Float64Array(1e7).fill(1));
}

export function recursing(n: number): number {
  return recursing(n + 1) + 1;
}

export const shy = 42;

let calls = 0;
export function accumulating(theta: Float64Array, x: Float64Array, y: Float64Array, gradient: Float64Array): number {
  calls += 1;
  for (let i = 0; i < gradient.length; i++)
    gradient[i] = (gradient[i] ?? 0) + calls * ((theta[0] ?? 0) + (x[0] ?? 0) + (y[0] ?? 0));
  return 0;
}
