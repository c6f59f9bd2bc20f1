export { causeIds, type CauseId, type Finding } from "./finding.ts";
export type { Trial, TrialCall } from "./trial.ts";
