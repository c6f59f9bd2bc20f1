export {
  deriveAdjoint,
  deriveFunction,
  deriveObjective,
  functionModel,
  type Adjoint,
  type AdjointNaming,
  type Known,
} from "./adjoint.ts";
export type { Context, DerivativeForm, KnownDerivative } from "./context.ts";
export { rules, type Rule, type RuleId } from "./rules.ts";
export { rewrite, type Step, type Trace } from "./trace.ts";
