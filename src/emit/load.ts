/** What an emitted module exports, as far as its checks use it. */
export interface GradientModule {
  readonly forward: (theta: Float64Array, x: Float64Array, output: Float64Array) => void;
  readonly backward: (theta: Float64Array, x: Float64Array, y: Float64Array, gradient: Float64Array) => number;
  readonly buffers: Readonly<Record<"theta" | "input" | "target" | "output" | "gradient", Float64Array>>;
  readonly forwardOwned: () => void;
  readonly backwardOwned: () => number;
}

/** Strips the types off an emitted module and imports it, without a file. */
export async function loadSource(source: string): Promise<GradientModule> {
  const { ts } = await import("ts-morph");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return (await import(`data:text/javascript;base64,${Buffer.from(outputText).toString("base64")}`)) as GradientModule;
}
