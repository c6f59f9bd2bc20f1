/** What an emitted module exports, as far as its checks use it. */
export interface GradientModule {
  /** forward(theta, …inputs that the output depends on, output) */
  readonly forward: (theta: Float64Array, ...arrays: Float64Array[]) => void;
  /** backward(theta, …inputs, gradient) returns J. */
  readonly backward: (theta: Float64Array, ...arrays: Float64Array[]) => number;
  /** backwardBatch(theta, …inputs of all samples, gradient, count) returns the mean of J. */
  readonly backwardBatch: (theta: Float64Array, ...rest: readonly (Float64Array | number)[]) => number;
  readonly buffers: Readonly<Record<string, Float64Array>>;
  readonly forwardOwned: () => void;
  readonly backwardOwned: () => number;
}

/** Strips the types off an emitted module and imports it, without a file. */
export async function loadSource(source: string): Promise<GradientModule> {
  // It does at once what takes the compiler, though that is loaded already, a third of a second for a network of three layers.
  const { transform } = await import("esbuild");
  const { code } = await transform(source, { loader: "ts", target: "es2022" });
  return (await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`)) as GradientModule;
}
