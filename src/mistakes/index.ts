export { diagnose, explainPart, type DiagnosisContext, type PartialExplanation } from "./diagnose.ts";
export { diagnoseModel } from "./diagnose-model.ts";
export { causeIds, type CauseId, type Finding, type LocatedFinding } from "./finding.ts";
export { identifyForward, identifyLoss, type IdentifiedForward } from "./identify.ts";
export type { Trial, TrialCall } from "./trial.ts";
