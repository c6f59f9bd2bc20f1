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
  const code = Buffer.from(await withoutTypes(source));
  return (await import(`data:text/javascript;base64,${code.toString("base64")}`)) as GradientModule;
}

/** What has checked the types is at hand, but takes seconds for what esbuild, once it is started, has done at once. */
const longest = 200_000;

async function withoutTypes(source: string): Promise<string> {
  if (source.length > longest) {
    const { transform } = await import("esbuild");
    return (await transform(source, { loader: "ts", target: "es2022" })).code;
  }
  const { ts } = await import("ts-morph");
  return ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  }).outputText;
}
