export { causeRules, type CauseRule } from "./cause-rules.ts";
export { checkGradient, type CheckOptions } from "./check.ts";
export type { NetworkClaims } from "./expected.ts";
export { report, reporters, type Reporter, type ReportOptions } from "./report.ts";
export { summaryReport } from "./report-summary.ts";
export {
  failedVerdict,
  type Cause,
  type CheckVerdict,
  type SourceSpan,
  type TensorVerdict,
  type VerdictKind,
  type VerdictProblem,
} from "./verdict.ts";
export type { Limits } from "../implementation/index.ts";
