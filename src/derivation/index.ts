export { compareWithDifferences, confirmedAgreement, type Agreement, type TensorAgreement } from "./agreement.ts";
export { adjointVariable, asPartials } from "./adjoint-variable.ts";
export { RefusedStep } from "./certify.ts";
export type {
  CheckedStep,
  Derivation,
  DerivedEquation,
  DerivedFunction,
  DerivedJacobian,
  ForwardEquation,
  Instance,
  LayerCondition,
  LayerInstance,
  LossDerivative,
  MatrixForm,
} from "./derivation.ts";
export { derive } from "./derive.ts";
export { workedExample, type ExampleStage, type WorkedExample } from "./example.ts";
export { mazurExample, mazurNetwork, seededExample, type ExampleData } from "./example-data.ts";
export type { ExampleLine } from "./example-line.ts";
export { matrixForm, writeOut, type Entry, type WrittenOut } from "./forms.ts";
export { kinksOf, type Kink } from "./kinks.ts";
export { refuseJumps, refuseModelJumps } from "./jumps.ts";
export { layerAdjoints, type LayerAdjoints } from "./instances.ts";
export { deriveModel, modelAdjoints, type DerivedAdjoint, type ModelDerivation } from "./model.ts";
export { compareModelWithDifferences, type ModelAgreement } from "./model-agreement.ts";
export { equationKinks, type EquationKink } from "./model-kinks.ts";
export { modelMatrixForms, type ModelMatrixForms } from "./model-matrix.ts";
export { languages, reasons, titles, type EquationId, type Language, type Words } from "./reasons.ts";
