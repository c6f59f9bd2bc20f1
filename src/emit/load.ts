/** What an emitted module exports, as far as its checks use it. */
export interface GradientModule {
  /** forward(theta, …inputs that the output depends on, output) */
  readonly forward: (theta: Float64Array, ...arrays: Float64Array[]) => void;
  /** backward(theta, …inputs, gradient) returns J. */
  readonly backward: (theta: Float64Array, ...arrays: Float64Array[]) => number;
  readonly buffers: Readonly<Record<string, Float64Array>>;
  readonly forwardOwned: () => void;
  readonly backwardOwned: () => number;
}

/** Strips the types off an emitted module and imports it, without a file. */
export async function loadSource(source: string): Promise<GradientModule> {
  const { transformSync } = await import("esbuild");
  const { code } = transformSync(source, { loader: "ts", format: "esm", target: "es2022" });
  return (await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`)) as GradientModule;
}
