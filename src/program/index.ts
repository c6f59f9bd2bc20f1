export { batchOf, isOfSample, partOfBlock, type Batch } from "./batch.ts";
export { buildLoops, buildProgram, chooseStrategy, slowdownOf, workOf } from "./build.ts";
export { certifyBatch } from "./certify-batch.ts";
export { certifyProgram, programCertificate, slices } from "./certify.ts";
export { costOf, type Cost } from "./cost.ts";
export { countOperations, type OperationCount } from "./count.ts";
export { execute } from "./execute.ts";
export {
  allowsFastExp,
  arithmeticOf,
  effectOfFastExp,
  mostUlps,
  usesExp,
  withExp,
  type ExpEffect,
} from "./exponential.ts";
export { boundedGradientAt, drawPoint, gradientAt, type DrawOptions, type GradientPoint } from "./point.ts";
export { bytecodeLimit } from "./split.ts";
export {
  isLarge,
  mapParts,
  positionsOf,
  procedureOf,
  type ArrayName,
  type Exponential,
  type Operator,
  type Position,
  type Procedure,
  type Program,
  type Statement,
  type Strategy,
  type Value,
  valueKey,
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
export {
  lane,
  scaleOf,
  spellOut,
  upTo,
  vectorsIn,
  type Simple,
  type VectorProcedure,
  type VectorProgram,
  type VectorStatement,
} from "./vector.ts";
export { vectorise } from "./vectorise.ts";
export { withAccumulate } from "./vector-batch.ts";
