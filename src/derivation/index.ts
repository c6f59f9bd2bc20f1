export { RefusedStep } from "./certify.ts";
export type {
  CheckedStep,
  Derivation,
  DerivedEquation,
  DerivedFunction,
  Instance,
  LayerCondition,
  LayerInstance,
  MatrixForm,
} from "./derivation.ts";
export { derive } from "./derive.ts";
export { layerAdjoints, type LayerAdjoints } from "./instances.ts";
export { languages, reasons, titles, type EquationId, type Language, type Words } from "./reasons.ts";
