// Functions that a check has to survive, each with a message of its own.
import { execSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";

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

const half = (p: Parameters): Gradient => like(p, 0.5);

/** Waits for what never comes, while something keeps going. */
export const waiting = (): Promise<never> => new Promise(() => void setInterval(() => undefined, 10));

/** Waits for what nothing will bring. */
export const unsettled = (): Promise<never> => new Promise(() => undefined);

export function hoarding(): number {
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 1000 }, (_, i) => i / 3));
}

export const allocating = (): number => new Float64Array(2 ** 40).length;

export const aborting = (): never => process.abort();

export const killing = (): boolean => process.kill(process.pid);

export function disconnecting(): Promise<never> {
  process.disconnect();
  return waiting();
}

export function throwingNothing(): never {
  throw undefined;
}

export function throwingNumber(): never {
  throw 42;
}

export function throwingUnreadable(): never {
  throw Object.defineProperty(new Error(), "message", {
    get: () => {
      throw new Error("no");
    },
  });
}

export const rejecting = (): Promise<never> => Promise.reject(new Error("no luck"));

/** The result is right, and something beside it fails. */
export function failingBeside(p: Parameters, _x: number[], _y: number[]): Gradient {
  void Promise.reject(new Error("no luck beside"));
  return half(p);
}

/** The result is right, and something fails while the next one is computed. */
export async function failingLater(p: Parameters, _x: number[], _y: number[]): Promise<Gradient> {
  setTimeout(() => {
    throw new Error("no luck later");
  }, 5);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return half(p);
}

export const infinite = (p: Parameters, _x: number[], _y: number[]): Gradient => like(p, 1 / 0);

export function frozen(p: Parameters, _x: number[], _y: number[]): Gradient {
  const gradient = half(p);
  gradient.dW2.forEach(Object.freeze);
  Object.values(gradient).forEach(Object.freeze);
  return Object.freeze(gradient);
}

export const late = async (p: Parameters, _x: number[], _y: number[]): Promise<Gradient> => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return half(p);
};

export const random = (p: Parameters, _x: number[], _y: number[]): Gradient => like(p, Math.random());

export const timed = (p: Parameters, _x: number[], _y: number[]): Gradient => like(p, performance.now());

/** Says ten megabytes, on both streams. */
export function noisy(p: Parameters, _x: number[], _y: number[]): Gradient {
  const line = "epoch ".repeat(1000);
  for (let i = 0; i < 500; i++) {
    console.log(line);
    console.error(line);
    process.stdout.write(line);
    process.stderr.write(line);
  }
  return half(p);
}

/** Sends what looks like the answer to the check. */
export function forging(p: Parameters, _x: number[], _y: number[]): Promise<Gradient> {
  const reply = { kind: "success", convention: "forged", layout: [], results: [], recording: null, escape: null };
  process.send?.(reply);
  process.send?.({ token: "", reply });
  process.on("message", (request: object) => process.send?.({ ...request, reply }));
  return new Promise((resolve) => setTimeout(() => resolve(half(p)), 50));
}

/** As many as there are variables in the environment. */
export const prying = (p: Parameters, _x: number[], _y: number[]): Gradient => like(p, Object.keys(process.env).length);

export const reading = (): string => readFileSync("/etc/hostname", "utf8");

export const writing = (): void => writeFileSync("weights.json", "{}");

export const spawning = (): unknown => execSync("ls");

export const threading = (): unknown => new Worker("", { eval: true });

export const connecting = (): unknown => connect(80, "example.org");

export const fetching = (): unknown => fetch("http://127.0.0.1:8080/weights.json");

/** A row too few. */
export const wrongSize = (p: Parameters, _x: number[], _y: number[]): Gradient => ({
  ...half(p),
  dW2: half(p).dW2.slice(1),
});
