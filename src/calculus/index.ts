export {
  deriveAdjoint,
  deriveFunction,
  deriveJacobian,
  deriveLocalAdjoint,
  deriveObjective,
  deriveUnderAssumption,
  functionModel,
  type Adjoint,
  type AdjointNaming,
  type Known,
} from "./adjoint.ts";
export type { Context, DerivativeForm, Jacobian, KnownDerivative } from "./context.ts";
export type { Rule } from "./rule.ts";
export { rules, type RuleId } from "./rules.ts";
export { rewrite, type Step, type Trace } from "./trace.ts";
