import { buildProgram } from "./build.ts";
import { countLoss, countOperations } from "./count.ts";
import type { Subject } from "./task.ts";

/** Multiplications of one sample. */
export interface Cost {
  readonly parameters: number;
  /** The forward pass and the loss. */
  readonly loss: number;
  /** Forward pass, loss and gradient. */
  readonly gradient: number;
  /** Central differences: the loss twice for each parameter. */
  readonly differences: number;
}

/** Counted in the program that is emitted. */
export function costOf(subject: Subject): Cost {
  const program = buildProgram(subject);
  const parameters = program.parameterCount;
  const [loss, gradient] = [countLoss(program), countOperations(program, "backward")];
  return {
    parameters,
    loss: loss.multiplications,
    gradient: gradient.multiplications,
    differences: 2 * parameters * loss.multiplications,
  };
}
