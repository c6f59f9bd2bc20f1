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
export {
  compareWithDifferences,
  derive,
  mazurExample,
  mazurNetwork,
  RefusedStep,
  seededExample,
  workedExample,
  type Agreement,
  type Derivation,
  type DerivedEquation,
  type ExampleData,
  type Language,
  type WorkedExample,
} from "./derivation/index.ts";
export {
  arrange,
  brief,
  documentFormats,
  full,
  render,
  sections,
  targets,
  toJson,
  type ArrangeOptions,
  type Document,
  type DocumentFormat,
  type EmittedCode,
  type RenderOptions,
  type Section,
  type Target,
} from "./document/index.ts";
export {
  emitModule,
  locateEquations,
  VerificationFailure,
  type CodePlace,
  type EmitOptions,
  type EmittedModule,
} from "./emit/index.ts";
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
