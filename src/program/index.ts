export { buildLoops, buildProgram, chooseStrategy, workOf } from "./build.ts";
export { certifyProgram, programCertificate, slices } from "./certify.ts";
export { costOf, type Cost } from "./cost.ts";
export { countOperations, type OperationCount } from "./count.ts";
export { execute } from "./execute.ts";
export { boundedGradientAt, drawPoint, gradientAt, type DrawOptions, type GradientPoint } from "./point.ts";
export { bytecodeLimit } from "./split.ts";
export {
  mapParts,
  procedureOf,
  type Exponential,
  type Position,
  type Procedure,
  type Program,
  type Statement,
  type Strategy,
  type Value,
  valuesOf,
  visitStatements,
  visitValue,
} from "./program.ts";
export {
  adjointEquations,
  equationsTask,
  modelTask,
  networkTask,
  parametersOf,
  taskOf,
  type AdjointEquation,
  type Assignment,
  type GradientTask,
  type InputPlace,
  type Placement,
  type Subject,
} from "./task.ts";
