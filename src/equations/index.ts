export * from "./model.ts";
export { activationFormula, activations, lossFormula, losses } from "./functions.ts";
export {
  concreteVariable,
  errorPairs,
  genericEquations,
  genericSizes,
  hasOneActivation,
  inputActivation,
  inputVariable,
  layerNumber,
  networkFunctions,
  networkModel,
  objectiveVariable,
  shift,
  targetVariable,
  type AdjointPair,
  type GenericEquations,
} from "./network-equations.ts";
