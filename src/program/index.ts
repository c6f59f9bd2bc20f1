export { buildProgram, chooseStrategy } from "./build.ts";
export { certifyProgram, programCertificate, slices } from "./certify.ts";
export { costOf, type Cost } from "./cost.ts";
export { countOperations, type OperationCount } from "./count.ts";
export { gradientEquations, type Assignment } from "./gradient-equations.ts";
export { execute } from "./execute.ts";
export { boundedGradientAt, drawPoint, gradientAt, type GradientPoint } from "./point.ts";
export { bytecodeLimit } from "./split.ts";
export {
  backwardArrays,
  forwardArrays,
  mapParts,
  procedureOf,
  type Placement,
  type Position,
  type Procedure,
  type Program,
  type Statement,
  type Strategy,
  type Value,
} from "./program.ts";
