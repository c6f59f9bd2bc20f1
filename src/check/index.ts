export { checkGradient, type CheckOptions, type CheckVerdict, type VerdictKind } from "./check.ts";
export type { TensorVerdict } from "./compare.ts";
export { report, reporters, type Reporter } from "./report.ts";
export type { Limits } from "./run.ts";
