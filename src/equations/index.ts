export * from "./model.ts";
export {
  activationFormula,
  activations,
  isOfLayer,
  losses,
  lossFormula,
  overLayer,
  type Constants,
  type NamedFunction,
} from "./functions.ts";
export {
  concreteVariable,
  errorPairs,
  genericEquations,
  genericSizes,
  hasOneActivation,
  isLayerActivation,
  inputActivation,
  inputVariable,
  layerNumber,
  networkFunctions,
  networkModel,
  objectiveVariable,
  opaqueActivation,
  penaltyVariable,
  shift,
  targetVariable,
  type AdjointPair,
  type GenericActivation,
  type GenericEquations,
  type HiddenWindow,
  type LayerSpan,
} from "./network-equations.ts";
export { numbered, readEquations, type EquationFile } from "./equation-file.ts";
export { printEquations } from "./print-equations.ts";
