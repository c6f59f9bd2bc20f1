export {
  checkGradient,
  report,
  type CheckOptions,
  type CheckVerdict,
  type Limits,
  type Reporter,
  type TensorVerdict,
  type VerdictKind,
} from "./check/index.ts";
export { derive, RefusedStep, type Derivation, type DerivedEquation, type Language } from "./derivation/index.ts";
export { arrange, documentFormats, render, toJson, type Document, type DocumentFormat } from "./document/index.ts";
export { emitModule, VerificationFailure, type EmitOptions, type EmittedModule } from "./emit/index.ts";
export { parseNetwork, type Network, type NetworkOptions } from "./network/index.ts";
export { Problem } from "./problem.ts";
export {
  buildProgram,
  certifyProgram,
  countOperations,
  execute,
  type Program,
  type Strategy,
} from "./program/index.ts";
