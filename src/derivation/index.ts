export {
  derive,
  layerAdjoints,
  RefusedStep,
  type CheckedStep,
  type Derivation,
  type DerivedEquation,
  type DerivedFunction,
  type Instance,
  type LayerAdjoints,
  type LayerCondition,
  type LayerInstance,
  type MatrixForm,
} from "./derive.ts";
export { languages, reasons, titles, type EquationId, type Language, type Words } from "./reasons.ts";
