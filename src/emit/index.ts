export { emitModule, mostParameters, programToEmit, type EmitOptions, type EmittedModule } from "./emit.ts";
export { expText } from "./exp-text.ts";
export { loadSource, type GradientModule } from "./load.ts";
export { VerificationFailure } from "./failure.ts";
export { verifyModule } from "./verify.ts";
export { locateEquations, type CodePlace } from "./locate.ts";
export { emitWasmModule, type EmittedWasmModule, type WasmOptions } from "./wasm.ts";
export type { Precision } from "./wasm-numbers.ts";
