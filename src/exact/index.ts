export { dual, integer, type Arithmetic, type Dual } from "./arithmetic.ts";
export {
  centralDifference,
  centralDifferences,
  differencesIn,
  directionalDerivative,
  evaluateAlong,
  evaluateModel,
  type Computable,
} from "./objective.ts";
export { doubleDouble, type DoubleDouble } from "./double-double.ts";
export { digits64, type Digits } from "./decimal.ts";
export { derivativeForm } from "./derivative-form.ts";
export { bounded, double, NearKink, type Bounded } from "./double.ts";
export { doubleFunctions, erfCoefficients } from "./elementary.ts";
export { doubleWithFastExp, fastExp, fastExpError, fastExpParts } from "./fast-exp.ts";
export { applyDefinition, evaluate, forward } from "./evaluate.ts";
export {
  checkIdentity,
  checkMatrixForm,
  drawPoints,
  drawTensors,
  freePoint,
  randomPoint,
  type Certificate,
  type Point,
  type Points,
  type SizesOf,
  type Verdict,
} from "./identity.ts";
export { DivisionByZero, leaning, primeTower, type Residues } from "./prime-tower.ts";
export { seeded, type Random } from "./random.ts";
export { shadowed, type Shadowed } from "./shadowed.ts";
export { dimensionsOf, tuples, wholeNumber, type Valuation, type Values } from "./valuation.ts";
