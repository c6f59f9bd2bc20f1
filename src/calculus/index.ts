export { deriveAdjoint, type Adjoint, type AdjointNaming } from "./adjoint.ts";
export type { Context, DerivativeForm } from "./context.ts";
export { rules, type Rule, type RuleId } from "./rules.ts";
export { derivativeOfFormula } from "./scalar-derivative.ts";
export { rewrite, type Step, type Trace } from "./trace.ts";
