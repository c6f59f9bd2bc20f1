export { defineCheck, type Expectation, type GradientCheck, type Tensors } from "./adapter.ts";
export type { Description } from "./describe.ts";
export { openHere } from "./in-process.ts";
export type { BatchPoint, Call, CallResult, CheckProblem, Entries, Manner, RunSuccess } from "./messages.ts";
export {
  operations,
  type CodeLine,
  type Escape,
  type Operation,
  type RecordedComparison,
  type Recording,
  type Site,
} from "./recording.ts";
export { openImplementation, type Limits, type OpenOptions, type Session } from "./session.ts";
export { adapterPath, skeletonFor } from "./skeleton.ts";
